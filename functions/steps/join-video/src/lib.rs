//! State `JoinVideo`: joins the parts of a long video and mixes its sound.
//!
//! # Shape
//! `events/join-video/`.

use domain::{ErrorCode, Failure};
use pipeline::{Task, steps};

pub use media_wiring::RenderDeps as Deps;

/// Every code that this step can fail with; `statemachines/shortform.asl.json` is checked against it.
pub const ERRORS: &[ErrorCode] = &[
    ErrorCode::JobEnded,
    ErrorCode::NotFound,
    ErrorCode::Conflict,
    ErrorCode::Internal,
    ErrorCode::Unavailable,
    ErrorCode::QuotaExceeded,
    ErrorCode::InputMissing,
    ErrorCode::MediaUnusable,
    ErrorCode::StepTimedOut,
    ErrorCode::RenderEngineFailed,
];

/// Runs the step.
///
/// # Errors
/// [`Failure`] with one of [`ERRORS`].
pub async fn handle(deps: &Deps, task: Task) -> Result<(), Failure> {
    steps::join_video(&deps.step, deps.composer.as_ref(), &task).await
}
