//! From the error that ended an execution to the reason a customer reads.

use domain::job::{JobFailure, Step, StepState};
use domain::{ErrorCode, Job};
use serde::Deserialize;

use crate::task::StateError;

/// Names of AWS for work that ran out of time.
///
/// # Source
/// Step Functions developer guide, "Handling errors"; Lambda reports its own limit as `Sandbox.Timedout`
/// (read 2026-11-20).
const TIMEOUTS: [&str; 3] = ["States.Timeout", "States.HeartbeatTimeout", "Sandbox.Timedout"];

/// The JSON that Step Functions puts into `Cause` when a function failed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionError {
    error_type: String,
    #[serde(default)]
    error_message: String,
}

/// Why the job failed.
///
/// # Promises
/// An unknown name becomes `job_stopped`; a name of AWS never reaches a customer.
pub fn verdict(error: &StateError, job: &Job) -> JobFailure {
    let told: Option<FunctionError> = serde_json::from_str(&error.cause).ok();
    let function = told.as_ref().map_or("", |told| told.error_type.as_str());
    // A branch or a map may report its own error name; the function's is then in the cause.
    let code = read_code(&error.error)
        .or_else(|| read_code(function))
        .unwrap_or(ErrorCode::JobStopped);
    let message = told
        .filter(|told| told.error_type == code.as_str() && !told.error_message.is_empty())
        .map_or_else(|| code.meaning().to_owned(), |told| told.error_message);
    JobFailure {
        message,
        ..failure(code, job)
    }
}

/// A failure with the error registry's message, at the step where the job is.
pub fn failure(code: ErrorCode, job: &Job) -> JobFailure {
    JobFailure {
        code,
        step: failed_step(code, job),
        message: code.meaning().to_owned(),
    }
}

fn read_code(name: &str) -> Option<ErrorCode> {
    if TIMEOUTS.contains(&name) {
        return Some(ErrorCode::StepTimedOut);
    }
    let code = ErrorCode::ALL
        .iter()
        .copied()
        .find(|code| code.as_str() == name)?;
    // All polls are used up: for the customer that is a step that took too long.
    Some(if code == ErrorCode::ProviderPending {
        ErrorCode::StepTimedOut
    } else {
        code
    })
}

/// The only step that can fail with this code; else the running step, else the first that is not done.
fn failed_step(code: ErrorCode, job: &Job) -> Option<Step> {
    let named = match code {
        ErrorCode::VoiceUnknown | ErrorCode::VoiceEngineFailed => Some(Step::Voice),
        ErrorCode::ImageEngineFailed => Some(Step::Images),
        ErrorCode::RenderEngineFailed | ErrorCode::QualityCheckFailed | ErrorCode::MediaUnusable => {
            Some(Step::Composition)
        }
        _ => None,
    };
    let running = || {
        let mut steps = job.steps.iter();
        steps
            .find(|(_, progress)| progress.state == StepState::Running)
            .map(|(step, _)| *step)
    };
    named
        .filter(|step| job.kind.runs(*step))
        .or_else(running)
        .or_else(|| job.current_step())
}

#[cfg(test)]
mod tests;
