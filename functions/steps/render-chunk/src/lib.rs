//! State `RenderChunk`: one part of a long video.
//!
//! # Shape
//! `events/render-chunk/`.

use std::sync::Arc;

use domain::{ErrorCode, Failure};
use pipeline::{Bench, ChunkTask, Composer, EngineComposer, steps};
use runtime::{Env, StartError};

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

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Job, stored outputs and media.
    pub bench: Bench,
    /// The video engine.
    pub composer: Arc<dyn Composer>,
}

impl Deps {
    /// Connects to the store and the bucket.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let composer = EngineComposer::new(env.path("FFMPEG_PATH")?, env.path("FONTS_DIR")?);
        let bench = generation::bench(env).await?;
        Ok(Self {
            bench,
            composer: Arc::new(composer),
        })
    }
}

/// Runs the step.
///
/// # Errors
/// [`Failure`] with one of [`ERRORS`].
pub async fn handle(deps: &Deps, chunk: ChunkTask) -> Result<(), Failure> {
    steps::render_chunk(&deps.bench, deps.composer.as_ref(), &chunk).await
}
