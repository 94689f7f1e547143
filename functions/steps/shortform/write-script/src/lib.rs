//! State `WriteScript`: keyword to script; answers with the numbers of its scenes.
//!
//! # Shape
//! `events/write-script/`.

use std::sync::Arc;

use domain::{ErrorCode, Failure};
use jobs::{StepDeps, Task, steps};
use media_wiring::script_writers;
use providers::{Clients, ScriptWriter};
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
    ErrorCode::ModelUnavailable,
];

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Job, cached outputs, calls and media.
    pub step: StepDeps,
    /// Clients of the models that jobs choose.
    pub writers: Arc<dyn Clients<dyn ScriptWriter>>,
}

impl Deps {
    /// Connects to the store and the bucket; a provider is connected when the first job calls it.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let secrets = runtime::provider_secrets(env).await?;
        Ok(Self {
            step: wiring::step_deps(env).await?,
            writers: Arc::new(script_writers(secrets)),
        })
    }
}

/// Runs the step.
///
/// # Errors
/// [`Failure`] with one of [`ERRORS`].
pub async fn handle(deps: &Deps, task: Task) -> Result<steps::Scenes, Failure> {
    steps::write_script(&deps.step, deps.writers.as_ref(), &task).await
}
