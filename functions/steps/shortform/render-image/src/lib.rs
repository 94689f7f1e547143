//! State `RenderImage`: the image of one scene.
//!
//! # Shape
//! `events/render-image/`.

use std::sync::Arc;

use domain::{ErrorCode, Failure};
use jobs::{SceneTask, StepDeps, steps};
use local_providers::LocalTools;
use media_wiring::image_makers;
use providers::{Clients, ImageMaker};
use runtime::{Env, StartError};

/// Every code that this step can fail with; `statemachines/shortform.asl.json` is checked against it.
pub const ERRORS: &[ErrorCode] = &[
    ErrorCode::JobEnded,
    ErrorCode::NotFound,
    ErrorCode::Conflict,
    ErrorCode::Internal,
    ErrorCode::Unavailable,
    ErrorCode::QuotaExceeded,
    ErrorCode::ProviderThrottled,
    ErrorCode::ProviderUnavailable,
    ErrorCode::ProviderPending,
    ErrorCode::ProviderRefused,
    ErrorCode::ProviderRejected,
    ErrorCode::ModelUnavailable,
    ErrorCode::ImageEngineFailed,
];

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Job, cached outputs, calls and media.
    pub step: StepDeps,
    /// Clients of the models that jobs choose.
    pub makers: Arc<dyn Clients<dyn ImageMaker>>,
}

impl Deps {
    /// Connects to the store and the bucket; a provider is connected when the first job calls it.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let tools = LocalTools {
            fonts_dir: env.path("FONTS_DIR")?,
            ..LocalTools::default()
        };
        let secrets = runtime::provider_secrets(env).await?;
        Ok(Self {
            step: wiring::step_deps(env).await?,
            makers: Arc::new(image_makers(&tools, secrets)),
        })
    }
}

/// Runs the step.
///
/// # Errors
/// [`Failure`] with one of [`ERRORS`].
pub async fn handle(deps: &Deps, scene: SceneTask) -> Result<(), Failure> {
    steps::render_image(&deps.step, deps.makers.as_ref(), &scene).await
}
