//! State `SpeakScript`: the voice of the whole script, with the time of every word.
//!
//! # Shape
//! `events/speak-script/`.

use std::sync::Arc;

use domain::{ErrorCode, Failure};
use jobs::{StepDeps, Task, steps};
use local_providers::LocalTools;
use media_wiring::voice_makers;
use providers::{Clients, VoiceMaker};
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
    ErrorCode::VoiceUnknown,
    ErrorCode::VoiceEngineFailed,
];

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Job, cached outputs, calls and media.
    pub step: StepDeps,
    /// Clients of the models that jobs choose.
    pub makers: Arc<dyn Clients<dyn VoiceMaker>>,
}

impl Deps {
    /// Connects to the store and the bucket; a provider is connected when the first job calls it.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let tools = LocalTools {
            ffmpeg: env.path("FFMPEG_PATH")?,
            speak_words: env.path("SPEAK_WORDS_PATH")?,
            espeak_lib: env.path("ESPEAK_LIB_PATH")?,
            espeak_data: env.path("ESPEAK_DATA_DIR")?,
            ..LocalTools::default()
        };
        let secrets = runtime::provider_secrets(env).await?;
        Ok(Self {
            step: wiring::step_deps(env).await?,
            makers: Arc::new(voice_makers(&tools, secrets)),
        })
    }
}

/// Runs the step.
///
/// # Errors
/// [`Failure`] with one of [`ERRORS`].
pub async fn handle(deps: &Deps, task: Task) -> Result<(), Failure> {
    steps::speak_script(&deps.step, deps.makers.as_ref(), &task).await
}
