//! State `RenderVideo`: composes the video and its thumbnail from script, images and voice; of a long one it answers
//! with the numbers of the chunks to render first.
//!
//! # Shape
//! `events/render-video/`.

use domain::{ErrorCode, Failure};
use jobs::Task;
use jobs::steps::{self, Chunks};

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
pub async fn handle(deps: &Deps, task: Task) -> Result<Chunks, Failure> {
    steps::render_video(&deps.step, deps.composer.as_ref(), &task).await
}
