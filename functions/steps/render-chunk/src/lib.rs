//! State `RenderChunk`: one part of a long video.
//!
//! # Shape
//! `events/render-chunk/`.

use domain::{ErrorCode, Failure};
use pipeline::{ChunkTask, steps};

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
];

/// Runs the step.
///
/// # Errors
/// [`Failure`] with one of [`ERRORS`].
pub async fn handle(deps: &Deps, chunk: ChunkTask) -> Result<(), Failure> {
    steps::render_chunk(&deps.step, deps.composer.as_ref(), &chunk).await
}
