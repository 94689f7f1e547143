//! State `CheckVideo`: probes the stored video against its plan.
//!
//! # Shape
//! `events/check-video/`.

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
    ErrorCode::InputMissing,
    ErrorCode::MediaUnusable,
    ErrorCode::StepTimedOut,
    ErrorCode::RenderEngineFailed,
    ErrorCode::QualityCheckFailed,
];

/// Runs the step.
///
/// # Errors
/// [`Failure`] with one of [`ERRORS`].
pub async fn handle(deps: &Deps, task: Task) -> Result<(), Failure> {
    steps::check_video(&deps.step, deps.composer.as_ref(), &task).await
}
