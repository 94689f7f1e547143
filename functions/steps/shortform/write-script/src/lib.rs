//! State `WriteScript`: keyword to script; answers with the numbers of its scenes.
//!
//! # Shape
//! `events/write-script/`.

use std::sync::Arc;

use domain::{ErrorCode, Failure};
use jobs::{StepDeps, Task, steps};
use providers::ScriptWriter;
use runtime::{Env, StartError};

/// Every code that this step can fail with; `statemachines/shortform.asl.json` is checked against it.
pub const ERRORS: &[ErrorCode] = &[
    ErrorCode::JobEnded,
    ErrorCode::NotFound,
    ErrorCode::Conflict,
    ErrorCode::Internal,
    ErrorCode::Unavailable,
    ErrorCode::ProviderThrottled,
    ErrorCode::ProviderUnavailable,
    ErrorCode::ProviderPending,
    ErrorCode::ProviderRefused,
    ErrorCode::ProviderRejected,
];

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Job, cached outputs, calls and media.
    pub step: StepDeps,
    /// Writes scripts.
    pub writer: Arc<dyn ScriptWriter>,
}

impl Deps {
    /// Connects to the store and the bucket and chooses the provider.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable or an unknown provider.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let step = wiring::step_deps(env).await?;
        let writer = media_wiring::script_writer(&env.required("SCRIPT_PROVIDER")?)
            .map_err(|unknown| StartError::failed("choosing the provider", unknown))?;
        Ok(Self {
            step,
            writer: Arc::from(writer),
        })
    }
}

/// Runs the step.
///
/// # Errors
/// [`Failure`] with one of [`ERRORS`].
pub async fn handle(deps: &Deps, task: Task) -> Result<steps::Scenes, Failure> {
    steps::write_script(&deps.step, deps.writer.as_ref(), &task).await
}
