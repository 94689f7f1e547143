//! Walks a state machine's own file in process: Task, Choice, Parallel, Map, Pass, Succeed and Fail, with Retry
//! and Catch, without waiting.
//!
//! It knows the part of Amazon States Language that our machines use; anything else stops the test with its name.
//! Start with [`Machine::run`]; [`Tasks`] is what a task does.

use std::collections::BTreeMap;
use std::path::Path;

use domain::ports::Work;
use serde_json::{Value, json};

mod paths;
mod together;

use paths::{fill, insert, look, read};
use together::all;

/// An error as a state sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskError {
    /// Name that `ErrorEquals` matches.
    pub error: String,
    /// Text; for a function the JSON of its error.
    pub cause: String,
}

impl TaskError {
    /// The time-out of a state.
    pub fn timeout() -> Self {
        Self {
            error: "States.Timeout".to_owned(),
            cause: "the walker let it time out".to_owned(),
        }
    }

    /// As Step Functions shows a function's failure.
    pub fn of(failure: &domain::Failure) -> Self {
        let cause = json!({"errorType": failure.code.as_str(), "errorMessage": failure.public});
        Self {
            error: failure.code.to_string(),
            cause: cause.to_string(),
        }
    }
}

/// What the tasks of a machine do.
pub trait Tasks: Sync {
    /// Runs the function of a task state; `state` is the state's name.
    fn call<'a>(&'a self, state: &'a str, payload: Value) -> Work<'a, Result<Value, TaskError>>;
    /// Whether somebody stopped the execution; read before each state.
    fn stopped(&self) -> bool {
        false
    }
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// With its output.
    Succeeded(Value),
    /// With an error that nobody caught.
    Failed(TaskError),
    /// Stopped from outside.
    Stopped,
}

/// A state machine's definition.
#[derive(Debug, Clone)]
pub struct Machine {
    definition: Value,
}

/// Why a state ended early.
#[derive(Debug, Clone)]
enum Break {
    Error(TaskError),
    Stopped,
}

/// What every state of one walk shares.
#[derive(Clone, Copy)]
struct Walk<'a> {
    tasks: &'a dyn Tasks,
    context: &'a Value,
}

impl Machine {
    /// Reads `statemachines/<name>.asl.json`.
    pub fn load(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../statemachines")
            .join(format!("{name}.asl.json"));
        let text = std::fs::read_to_string(&path).expect("the machine's file is there");
        Self {
            definition: serde_json::from_str(&text).expect("the machine's file is JSON"),
        }
    }

    /// A machine from its definition.
    pub const fn new(definition: Value) -> Self {
        Self { definition }
    }

    /// Names of its task states, those inside Map and Parallel too.
    pub fn tasks(&self) -> Vec<String> {
        let mut names = Vec::new();
        collect_tasks(&self.definition, &mut names);
        names.sort();
        names
    }

    /// Walks from the start to the end.
    pub async fn run(&self, input: Value, tasks: &dyn Tasks) -> Ending {
        let walk = Walk {
            tasks,
            context: &json!({}),
        };
        match walk.states(&self.definition, input).await {
            Ok(output) => Ending::Succeeded(output),
            Err(Break::Error(error)) => Ending::Failed(error),
            Err(Break::Stopped) => Ending::Stopped,
        }
    }
}

fn collect_tasks(part: &Value, names: &mut Vec<String>) {
    for (name, state) in part["States"].as_object().into_iter().flatten() {
        if state["Type"] == "Task" {
            names.push(name.clone());
        }
        for branch in state["Branches"].as_array().into_iter().flatten() {
            collect_tasks(branch, names);
        }
        collect_tasks(&state["ItemProcessor"], names);
    }
}

impl<'a> Walk<'a> {
    fn states(self, part: &'a Value, input: Value) -> Work<'a, Result<Value, Break>> {
        Box::pin(async move {
            let mut name = text(&part["StartAt"]);
            let mut data = input;
            loop {
                self.going()?;
                let state = &part["States"][name];
                let (output, next) = self.state(name, state, data).await?;
                data = output;
                match next {
                    Some(next) => name = next,
                    None => return Ok(data),
                }
            }
        })
    }

    fn going(self) -> Result<(), Break> {
        if self.tasks.stopped() {
            Err(Break::Stopped)
        } else {
            Ok(())
        }
    }

    async fn state(
        self,
        name: &'a str,
        state: &'a Value,
        input: Value,
    ) -> Result<(Value, Option<&'a str>), Break> {
        match text(&state["Type"]) {
            "Succeed" => Ok((input, None)),
            "Fail" => Err(Break::Error(fail(state, &input))),
            "Pass" => {
                let path = state["InputPath"].as_str().unwrap_or("$");
                let given = state.get("Result").cloned();
                let result = given.unwrap_or_else(|| read(path, &input, self.context));
                Ok((put(state, &input, result), next(state)))
            }
            "Choice" => Ok((input.clone(), Some(choose(state, &input)))),
            "Task" | "Parallel" | "Map" => self.guarded(name, state, input).await,
            other => panic!("{name}: the walker does not know {other}"),
        }
    }

    /// A state with Retry and Catch.
    async fn guarded(
        self,
        name: &'a str,
        state: &'a Value,
        input: Value,
    ) -> Result<(Value, Option<&'a str>), Break> {
        let mut tries: BTreeMap<usize, u64> = BTreeMap::new();
        loop {
            let error = match self.attempt(name, state, &input).await {
                Ok(result) => return Ok((put(state, &input, result), next(state))),
                Err(Break::Stopped) => return Err(Break::Stopped),
                Err(Break::Error(error)) => error,
            };
            if may_retry(state, &error, &mut tries) {
                continue;
            }
            let Some(catcher) = rules(state, "Catch").find(|rule| matches(rule, &error)) else {
                return Err(Break::Error(error));
            };
            let told = json!({"Error": error.error, "Cause": error.cause});
            return Ok((put(catcher, &input, told), next(catcher)));
        }
    }

    async fn attempt(self, name: &'a str, state: &'a Value, input: &Value) -> Result<Value, Break> {
        let result = match text(&state["Type"]) {
            "Task" => {
                assert_eq!(
                    state["Parameters"]["FunctionName"],
                    format!("${{{name}FunctionArn}}"),
                    "a task runs the function of its own name"
                );
                let payload = fill(&state["Parameters"]["Payload"], input, self.context);
                let answer = self.tasks.call(name, payload).await.map_err(Break::Error)?;
                json!({"StatusCode": 200, "Payload": answer})
            }
            "Parallel" => {
                let branches = state["Branches"].as_array().expect("branches");
                let walks = branches
                    .iter()
                    .map(|branch| self.states(branch, input.clone()))
                    .collect();
                first_error(all(walks, usize::MAX).await)?
            }
            _ => self.map(state, input).await?,
        };
        match &state["ResultSelector"] {
            Value::Null => Ok(result),
            selector => Ok(fill(selector, &result, self.context)),
        }
    }

    async fn map(self, state: &'a Value, input: &Value) -> Result<Value, Break> {
        let items = read(text(&state["ItemsPath"]), input, self.context);
        let contexts: Vec<Value> = items
            .as_array()
            .expect("ItemsPath leads to an array")
            .iter()
            .enumerate()
            .map(|(index, item)| json!({"Map": {"Item": {"Index": index, "Value": item}}}))
            .collect();
        let walks = contexts
            .iter()
            .map(|context| {
                let item = fill(&state["ItemSelector"], input, context);
                let inner: Work<'_, Result<Value, Break>> = Box::pin(async move {
                    let walk = Walk {
                        tasks: self.tasks,
                        context,
                    };
                    walk.states(&state["ItemProcessor"], item).await
                });
                inner
            })
            .collect();
        let most = state["MaxConcurrency"]
            .as_u64()
            .and_then(|max| usize::try_from(max).ok());
        first_error(all(walks, most.unwrap_or(usize::MAX)).await)
    }
}

fn first_error(results: Vec<Result<Value, Break>>) -> Result<Value, Break> {
    results
        .into_iter()
        .collect::<Result<Vec<_>, _>>()
        .map(Value::Array)
}

fn may_retry(state: &Value, error: &TaskError, tries: &mut BTreeMap<usize, u64>) -> bool {
    let Some((index, rule)) = rules(state, "Retry")
        .enumerate()
        .find(|(_, rule)| matches(rule, error))
    else {
        return false;
    };
    let count = tries.entry(index).or_default();
    *count = count.saturating_add(1);
    *count <= rule["MaxAttempts"].as_u64().unwrap_or(3)
}

fn rules<'a>(state: &'a Value, part: &str) -> impl Iterator<Item = &'a Value> {
    state[part].as_array().into_iter().flatten()
}

/// Whether a retrier or catcher names the error; `States.ALL` names every one.
fn matches(rule: &Value, error: &TaskError) -> bool {
    rule["ErrorEquals"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .any(|name| name == "States.ALL" || name == error.error)
}

fn choose<'a>(state: &'a Value, input: &Value) -> &'a str {
    let holds = |rule: &&Value| {
        let variable = text(&rule["Variable"]);
        match &rule["IsPresent"] {
            Value::Bool(present) => look(variable, input).is_some() == *present,
            _ => read(variable, input, &Value::Null) == rule["BooleanEquals"],
        }
    };
    rules(state, "Choices")
        .find(holds)
        .map_or_else(|| text(&state["Default"]), |rule| text(&rule["Next"]))
}

fn fail(state: &Value, input: &Value) -> TaskError {
    let field = |name: &str| match &state[format!("{name}Path")] {
        Value::String(path) => text(&read(path, input, &Value::Null)).to_owned(),
        _ => text(&state[name]).to_owned(),
    };
    TaskError {
        error: field("Error"),
        cause: field("Cause"),
    }
}

/// The input with a state's result where `ResultPath` says; `null` drops the result.
fn put(state: &Value, input: &Value, result: Value) -> Value {
    match state.get("ResultPath") {
        None => result,
        Some(Value::String(path)) => insert(path, input, result),
        Some(_null) => input.clone(),
    }
}

fn next(state: &Value) -> Option<&str> {
    state["Next"].as_str()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

#[cfg(test)]
mod tests;
