//! What a step works with that renders, joins or checks video.

use std::sync::Arc;

use pipeline::{Bench, Composer, EngineComposer};
use runtime::{Env, StartError};

/// What such a step works with.
#[derive(Debug)]
pub struct RenderDeps {
    /// Job, stored outputs and media.
    pub bench: Bench,
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
            bench: crate::bench(env).await?,
            composer: Arc::new(composer),
        })
    }
}
