//! From errors of states to reasons.

use domain::job::{JobKind, StepProgress};

use super::*;
use crate::samples;

fn error(name: &str, cause: &str) -> StateError {
    StateError {
        error: name.to_owned(),
        cause: cause.to_owned(),
    }
}

fn at(step: Step) -> Job {
    let mut job = samples::job(JobKind::GenerateAll);
    let running = StepProgress {
        state: StepState::Running,
        ..StepProgress::default()
    };
    job.steps.insert(step, running);
    job
}

#[test]
fn a_functions_own_code_and_sentence_reach_the_customer() {
    let cause = r#"{"errorType":"voice_unknown","errorMessage":"There is no voice x.","trace":[]}"#;
    let why = verdict(&error("voice_unknown", cause), &at(Step::Images));
    assert_eq!(why.code, ErrorCode::VoiceUnknown);
    assert_eq!(
        why.step,
        Some(Step::Voice),
        "the code can only come from the voice"
    );
    assert_eq!(why.message, "There is no voice x.");
}

#[test]
fn a_branch_before_the_name_of_the_function_does_not_hide_it() {
    let cause = r#"{"errorType":"provider_refused","errorMessage":"No."}"#;
    let why = verdict(&error("States.TaskFailed", cause), &at(Step::Images));
    assert_eq!(
        (why.code, why.step),
        (ErrorCode::ProviderRefused, Some(Step::Images))
    );
}

#[test]
fn every_way_to_run_out_of_time_is_one_code() {
    for name in [
        "States.Timeout",
        "States.HeartbeatTimeout",
        "Sandbox.Timedout",
        "provider_pending",
    ] {
        let why = verdict(&error(name, "Task timed out after 90 seconds"), &at(Step::Script));
        assert_eq!(
            (why.code, why.step),
            (ErrorCode::StepTimedOut, Some(Step::Script)),
            "{name}"
        );
        assert_eq!(why.message, ErrorCode::StepTimedOut.meaning(), "{name}");
    }
}

#[test]
fn a_name_that_nobody_knows_says_that_the_job_was_stopped_and_hides_the_cause() {
    let why = verdict(
        &error("Lambda.Unknown", "exit status 137 in /var/task"),
        &at(Step::Composition),
    );
    assert_eq!(
        (why.code, why.step),
        (ErrorCode::JobStopped, Some(Step::Composition))
    );
    assert!(!why.message.contains("/var/task"), "{}", why.message);
}

#[test]
fn without_a_running_step_the_first_that_is_not_done_is_named() {
    let why = failure(ErrorCode::JobStopped, &samples::job(JobKind::GenerateVoice));
    assert_eq!(why.step, Some(Step::Voice));
    let why = failure(
        ErrorCode::ImageEngineFailed,
        &samples::job(JobKind::GenerateVoice),
    );
    assert_eq!(
        why.step,
        Some(Step::Voice),
        "a job never fails at a step it does not run"
    );
}
