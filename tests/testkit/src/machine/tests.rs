//! The walker on small machines.

use std::sync::Mutex;

use super::*;

/// Answers by a script of results per state and remembers what it was asked.
#[derive(Default)]
struct Script {
    answers: Mutex<BTreeMap<String, Vec<Result<Value, TaskError>>>>,
    asked: Mutex<Vec<(String, Value)>>,
}

impl Script {
    fn with(self, state: &str, answers: Vec<Result<Value, TaskError>>) -> Self {
        self.answers.lock().unwrap().insert(state.to_owned(), answers);
        self
    }

    fn count(&self, state: &str) -> usize {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .filter(|(name, _)| name == state)
            .count()
    }
}

impl Tasks for Script {
    fn call<'a>(&'a self, state: &'a str, payload: Value) -> Work<'a, Result<Value, TaskError>> {
        Box::pin(async move {
            self.asked.lock().unwrap().push((state.to_owned(), payload));
            let mut answers = self.answers.lock().unwrap();
            match answers.get_mut(state) {
                Some(list) if !list.is_empty() => list.remove(0),
                _ => Ok(json!({"done": state})),
            }
        })
    }
}

fn error(name: &str) -> TaskError {
    TaskError {
        error: name.to_owned(),
        cause: "because".to_owned(),
    }
}

fn task(name: &str, rest: &Value) -> Value {
    let mut state = json!({"Type": "Task", "Parameters": {
        "FunctionName": format!("${{{name}FunctionArn}}"), "Payload": {"id.$": "$.id"}}});
    let fields = state.as_object_mut().unwrap();
    fields.extend(rest.as_object().unwrap().clone());
    state
}

#[tokio::test]
async fn a_retryable_error_is_tried_again_as_often_as_the_retrier_says() {
    let retry = json!([{"ErrorEquals": ["busy"], "MaxAttempts": 2}]);
    let machine = Machine::new(json!({"StartAt": "A", "States": {
        "A": task("A", &json!({"Retry": retry, "ResultPath": "$.a", "End": true}))}}));
    let twice = Script::default().with("A", vec![Err(error("busy")), Err(error("busy"))]);
    let ending = machine.run(json!({"id": 1}), &twice).await;
    assert_eq!(twice.count("A"), 3);
    assert_eq!(
        ending,
        Ending::Succeeded(json!({"id": 1, "a": {"StatusCode": 200, "Payload": {"done": "A"}}}))
    );
    let thrice = Script::default().with("A", vec![Err(error("busy")); 3]);
    assert_eq!(
        machine.run(json!({"id": 1}), &thrice).await,
        Ending::Failed(error("busy"))
    );
    let other = Script::default().with("A", vec![Err(error("other"))]);
    assert_eq!(
        machine.run(json!({"id": 1}), &other).await,
        Ending::Failed(error("other"))
    );
    assert_eq!(other.count("A"), 1);
}

#[tokio::test]
async fn an_error_in_a_branch_reaches_the_catch_of_the_parallel_by_its_own_name() {
    let catch = json!([{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Save"}]);
    let machine = Machine::new(json!({"StartAt": "Both", "States": {
        "Both": {"Type": "Parallel", "ResultPath": null, "Catch": catch, "Next": "Never", "Branches": [
            {"StartAt": "A", "States": {"A": task("A", &json!({"End": true}))}},
            {"StartAt": "B", "States": {"B": task("B", &json!({"End": true}))}}]},
        "Never": {"Type": "Succeed"},
        "Save": {"Type": "Pass", "End": true}}}));
    let script = Script::default().with("A", vec![Err(error("broken"))]);
    let ending = machine.run(json!({"id": 1}), &script).await;
    assert_eq!(
        ending,
        Ending::Succeeded(json!({"id": 1, "error": {"Error": "broken", "Cause": "because"}}))
    );
    assert_eq!(script.count("B"), 1, "the other branch ran on");
}

#[tokio::test]
async fn a_map_gives_each_item_its_own_input() {
    let machine = Machine::new(json!({"StartAt": "Each", "States": {"Each": {
        "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "ResultPath": null, "End": true,
        "ItemSelector": {"id.$": "$$.Map.Item.Value"},
        "ItemProcessor": {"StartAt": "A", "States": {"A": task("A", &json!({"End": true}))}}}}}));
    let script = Script::default();
    let input = json!({"items": [7, 8, 9]});
    assert_eq!(
        machine.run(input.clone(), &script).await,
        Ending::Succeeded(input)
    );
    let asked: Vec<Value> = script
        .asked
        .lock()
        .unwrap()
        .iter()
        .map(|(_, payload)| payload["id"].clone())
        .collect();
    assert_eq!(asked, [json!(7), json!(8), json!(9)]);
}

#[tokio::test]
async fn the_pipelines_own_file_can_be_walked() {
    let machine = Machine::load("shortform");
    assert_eq!(
        machine.tasks(),
        [
            "CheckVideo",
            "FailJob",
            "FinishJob",
            "JoinVideo",
            "RenderChunk",
            "RenderImage",
            "RenderVideo",
            "SpeakScript",
            "WriteScript"
        ]
    );
    let input = json!({"account_id": "a", "project_id": "p", "job_id": "j", "run": 1, "script": true,
        "images": true, "voice": true, "composition": true, "scenes": []});
    let script = Script::default()
        .with("WriteScript", vec![Ok(json!({"scenes": [0, 1, 2]}))])
        .with("RenderVideo", vec![Ok(json!({"chunks": [0, 1]}))]);
    assert!(matches!(machine.run(input, &script).await, Ending::Succeeded(_)));
    assert_eq!(script.count("RenderImage"), 3);
    assert_eq!((script.count("RenderChunk"), script.count("JoinVideo")), (2, 1));
    assert_eq!(script.count("FailJob"), 0);
}

#[tokio::test]
async fn a_choice_sees_whether_a_list_has_a_first_item() {
    let machine = Machine::new(json!({"StartAt": "Any", "States": {
        "Any": {"Type": "Choice", "Default": "None",
                "Choices": [{"Variable": "$.cut.chunks[0]", "IsPresent": true, "Next": "Some"}]},
        "Some": {"Type": "Pass", "Result": "some", "ResultPath": "$.was", "Next": "End"},
        "None": {"Type": "Pass", "Result": "none", "ResultPath": "$.was", "Next": "End"},
        "End": {"Type": "Succeed"},
    }}));
    for (cut, was) in [
        (json!({"chunks": [0]}), "some"),
        (json!({"chunks": []}), "none"),
        (json!({}), "none"),
    ] {
        let ending = machine.run(json!({"cut": cut}), &Script::default()).await;
        assert!(
            matches!(ending, Ending::Succeeded(output) if output["was"] == was),
            "{cut}"
        );
    }
}
