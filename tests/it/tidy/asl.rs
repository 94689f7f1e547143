//! The state machine against the code: names, time-outs, catches, and errors that can really happen.

use std::collections::BTreeSet;

use domain::{Class, ErrorCode};
use serde_json::Value;

use super::{files_below, functions, pascal, read, report};

/// Names of AWS that a state may match besides our codes.
const AWS_ERRORS: &[&str] = &[
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.ServiceException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",
    "States.ALL",
    "States.TaskFailed",
    "States.Timeout",
];

/// What each step says it can return.
fn step_errors() -> Vec<(&'static str, &'static [ErrorCode])> {
    vec![
        ("WriteScript", write_script::ERRORS),
        ("RenderImage", render_image::ERRORS),
        ("SpeakScript", speak_script::ERRORS),
        ("RenderVideo", render_video::ERRORS),
        ("RenderChunk", render_chunk::ERRORS),
        ("JoinVideo", join_video::ERRORS),
        ("CheckVideo", check_video::ERRORS),
        ("FinishJob", finish_job::ERRORS),
        ("FailJob", fail_job::ERRORS),
    ]
}

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

fn errors_named(state: &Value, part: &str) -> BTreeSet<String> {
    state[part]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|rule| rule["ErrorEquals"].as_array().into_iter().flatten())
        .filter_map(|error| error.as_str().map(str::to_owned))
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
fn every_error_a_state_matches_can_happen_and_every_retryable_one_is_retried() {
    let mut problems = Vec::new();
    for (path, machine) in machines() {
        for (name, state) in tasks(&machine) {
            problems.extend(
                wrong_errors(&name, &state)
                    .into_iter()
                    .map(|problem| format!("{path} {name}: {problem}")),
            );
        }
    }
    report(&problems);
}

/// Errors that the state matches in vain, and those that it should match.
fn wrong_errors(name: &str, state: &Value) -> Vec<String> {
    let returned = step_errors()
        .into_iter()
        .find(|(step, _)| *step == name)
        .unwrap_or_else(|| panic!("{name} exports no ERRORS"))
        .1;
    let codes: BTreeSet<&str> = returned.iter().map(|code| code.as_str()).collect();
    let retried = errors_named(state, "Retry");
    let vain = retried
        .union(&errors_named(state, "Catch"))
        .filter(|error| !AWS_ERRORS.contains(&error.as_str()) && !codes.contains(error.as_str()))
        .map(|error| format!("`{error}` is never returned"))
        .collect::<Vec<_>>();
    let missing = returned
        .iter()
        .filter(|code| code.class() == Class::Retry && !retried.contains(code.as_str()))
        .map(|code| format!("`{code}` is retryable and has no retrier"));
    vain.into_iter().chain(missing).collect()
}
