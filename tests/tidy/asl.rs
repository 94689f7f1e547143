//! The state machines: names, comments and time-outs. Their errors against the code: `tests/workflow/errors.rs`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{files_below, functions, pascal, read, report};

/// Every state of a machine with its name, those inside Map and Parallel too.
fn states(machine: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (name, state) in machine["States"].as_object().into_iter().flatten() {
        found.push((name.clone(), state.clone()));
        for inner in state["Branches"].as_array().into_iter().flatten() {
            found.extend(states(inner));
        }
        if state["ItemProcessor"].is_object() {
            found.extend(states(&state["ItemProcessor"]));
        }
    }
    found
}

fn tasks(machine: &Value) -> Vec<(String, Value)> {
    states(machine)
        .into_iter()
        .filter(|(_, state)| state["Type"] == "Task")
        .collect()
}

fn machines() -> Vec<(String, Value)> {
    let paths = files_below("statemachines", &[".asl.json"]);
    assert!(!paths.is_empty(), "no state machine");
    paths
        .into_iter()
        .map(|path| (path.clone(), serde_json::from_str(&read(&path)).expect("JSON")))
        .collect()
}

#[test]
fn every_state_has_a_comment_and_every_wait_an_end() {
    let mut problems = Vec::new();
    for (path, machine) in machines() {
        if machine["TimeoutSeconds"].as_u64().is_none() {
            problems.push(format!("{path}: the machine has no TimeoutSeconds"));
        }
        for (name, state) in states(&machine) {
            if state["Comment"].as_str().is_none_or(str::is_empty) {
                problems.push(format!("{path} {name}: no Comment"));
            }
            let task = state["Type"] == "Task";
            if task && state["TimeoutSeconds"].as_u64().is_none() {
                problems.push(format!("{path} {name}: no TimeoutSeconds"));
            }
            let waits = state["Resource"]
                .as_str()
                .is_some_and(|r| r.ends_with(".waitForTaskToken"));
            if waits && state["HeartbeatSeconds"].as_u64().is_none() {
                problems.push(format!("{path} {name}: no HeartbeatSeconds"));
            }
        }
    }
    report(&problems);
}

#[test]
fn every_task_runs_the_function_of_its_name() {
    let known: BTreeSet<String> = functions().into_iter().map(|(name, _)| pascal(&name)).collect();
    let mut problems = Vec::new();
    for (path, machine) in machines() {
        for (name, state) in tasks(&machine) {
            let text = state.to_string();
            if !known.contains(&name) || !text.contains(&format!("${{{name}FunctionArn}}")) {
                problems.push(format!("{path} {name}: must run {name}Function"));
            }
        }
    }
    report(&problems);
}

#[test]
fn every_task_retries_as_one_of_the_lists_says() {
    let retry: Value = serde_json::from_str(&read("statemachines/retry.json")).expect("JSON");
    let list = |names: &Value| -> Vec<Value> {
        let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
        names.map(|name| retry["rules"][name].clone()).collect()
    };
    let lists: Vec<Value> = retry["lists"]
        .as_object()
        .expect("lists")
        .values()
        .map(|names| Value::from(list(names)))
        .collect();
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for (path, machine) in machines() {
        for (name, state) in tasks(&machine) {
            match lists.iter().position(|list| *list == state["Retry"]) {
                Some(place) => drop(used.insert(place)),
                None => problems.push(format!(
                    "{path} {name}: its Retry is in no list of statemachines/retry.json"
                )),
            }
        }
    }
    if used.len() < lists.len() {
        problems.push("statemachines/retry.json has a list that no state uses".to_owned());
    }
    report(&problems);
}
