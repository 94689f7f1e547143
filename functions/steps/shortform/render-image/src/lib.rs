//! State `RenderImage`: the image of one scene.
//!
//! # Shape
//! `events/render-image/`.

use std::sync::Arc;

use domain::{ErrorCode, Failure};
use jobs::{SceneTask, StepDeps, steps};
use local_providers::LocalTools;
use providers::ImageMaker;
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
    ErrorCode::ImageEngineFailed,
];

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Job, cached outputs, calls and media.
    pub step: StepDeps,
    /// Makes images.
    pub maker: Arc<dyn ImageMaker>,
}

impl Deps {
    /// Connects to the store and the bucket and chooses the provider.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable or an unknown provider.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let tools = LocalTools {
            fonts_dir: env.path("FONTS_DIR")?,
            ..LocalTools::default()
        };
        let step = wiring::step_deps(env).await?;
        let maker = media_wiring::image_maker(&env.required("IMAGE_PROVIDER")?, &tools)
            .map_err(|unknown| StartError::failed("choosing the provider", unknown))?;
        Ok(Self {
            step,
            maker: Arc::from(maker),
        })
    }
}

/// Runs the step.
///
/// # Errors
/// [`Failure`] with one of [`ERRORS`].
pub async fn handle(deps: &Deps, scene: SceneTask) -> Result<(), Failure> {
    steps::render_image(&deps.step, deps.maker.as_ref(), &scene).await
}
