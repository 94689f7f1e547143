//! Dependencies of a step that renders, joins or checks video.

use std::sync::Arc;

use composer::EngineComposer;
use jobs::{Composer, StepDeps};
use runtime::{Env, StartError};

/// Dependencies of a step that renders, joins or checks video.
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
            step: wiring::step_deps(env).await?,
            composer: Arc::new(composer),
        })
    }
}
