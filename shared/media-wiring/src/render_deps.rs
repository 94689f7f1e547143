//! What a step works with that renders, joins or checks video.

use std::sync::Arc;

use composer::EngineComposer;
use pipeline::{Composer, StepDeps};
use runtime::{Env, StartError};

/// What such a step works with.
#[derive(Debug)]
pub struct RenderDeps {
    /// Job, cached outputs, calls and media.
    pub step: StepDeps,
    /// The video engine.
    pub composer: Arc<dyn Composer>,
}

impl RenderDeps {
    /// Connects to the store and the bucket.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let composer = EngineComposer::new(env.path("FFMPEG_PATH")?, env.path("FONTS_DIR")?);
        Ok(Self {
            step: generation::step_deps(env).await?,
            composer: Arc::new(composer),
        })
    }
}
