//! Errors that the state machines match, against those that the functions can return.

use std::collections::BTreeSet;
use std::fs;

use domain::{Class, ErrorCode};
use serde_json::Value;
use testkit::workspace::root;

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

/// Every task of a machine with its name, those inside Map and Parallel too.
fn tasks(machine: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (name, state) in machine["States"].as_object().into_iter().flatten() {
        if state["Type"] == "Task" {
            found.push((name.clone(), state.clone()));
        }
        for inner in state["Branches"].as_array().into_iter().flatten() {
            found.extend(tasks(inner));
        }
        found.extend(tasks(&state["ItemProcessor"]));
    }
    found
}

/// Every machine with the name of its file.
fn machines() -> Vec<(String, Value)> {
    let folder = fs::read_dir(root().join("statemachines")).expect("the machines' folder");
    let machines: Vec<(String, Value)> = folder
        .flatten()
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).expect("a machine");
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, serde_json::from_str(&text).expect("JSON"))
        })
        .collect();
    assert!(!machines.is_empty(), "no state machine");
    machines
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
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
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
