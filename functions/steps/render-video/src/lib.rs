//! State `RenderVideo`: composes the video and its thumbnail from script, pictures and voice; of a long one it answers
//! with the numbers of the chunks to render first.
//!
//! # Shape
//! `events/render-video/`.

use std::sync::Arc;

use domain::{ErrorCode, Failure};
use pipeline::steps::{self, Chunks};
use pipeline::{Bench, Composer, EngineComposer, Task};
use runtime::{Env, StartError};

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
pub async fn handle(deps: &Deps, task: Task) -> Result<Chunks, Failure> {
    steps::render_video(&deps.bench, deps.composer.as_ref(), &task).await
}
