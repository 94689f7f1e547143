//! The ways a provider can fail, sorted into what a caller can do about it.

use std::error::Error;

use domain::job::JobModel;
use domain::{ErrorCode, Failure};
use serde_json::json;

/// The cause behind a failure, for the log only.
pub type Cause = Box<dyn Error + Send + Sync>;

/// A provider's failure.
///
/// # Promises
/// `Display` says what was being done and never prints the cause, which may hold a customer's text.
///
/// # Errors
/// `Throttled` and `Unavailable` may be tried again, `Refused`, `NoSuchModel` and `UnknownVoice` are for the customer, `Rejected`
/// and `EngineFailed` are for us. `OutcomeUnknown` must not be repeated blindly: the provider may have billed.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The provider asks to slow down: HTTP 429, Anthropic 529, kie.ai 455.
    #[error("{doing}: the provider asks us to slow down")]
    Throttled {
        /// What was being done.
        doing: &'static str,
        /// Seconds the provider asks for, when it does.
        retry_after_s: Option<u32>,
    },
    /// The provider did not take the call, surely: connection refused, 5xx before any work.
    #[error("{doing}: the provider does not answer or has a fault")]
    Unavailable {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: Option<Cause>,
    },
    /// A paid call without idempotency whose answer was lost; it may have been carried out and billed.
    #[error("{doing}: nobody knows whether the provider took the call")]
    OutcomeUnknown {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: Option<Cause>,
    },
    /// The provider refuses the content: Anthropic `stop_reason: refusal`, content policies.
    #[error("{doing}: the provider refuses this content")]
    Refused {
        /// What was being done.
        doing: &'static str,
        /// What the provider said, for the log only.
        #[source]
        source: Option<Cause>,
    },
    /// The provider does not accept our call, key or balance: 400, 401, 402, 403, ElevenLabs 401 `quota_exceeded`.
    #[error("{doing}: the provider does not accept our call or our account")]
    Rejected {
        /// What was being done.
        doing: &'static str,
        /// What the provider said, for the log only.
        #[source]
        source: Option<Cause>,
    },
    /// The model is switched off, or this build cannot call it.
    #[error("{provider} {model} cannot be called")]
    NoSuchModel {
        /// Its provider.
        provider: String,
        /// Its name.
        model: String,
    },
    /// There is no such voice for the language.
    #[error("there is no voice {voice_id:?} for this language")]
    UnknownVoice {
        /// The voice that was asked for.
        voice_id: String,
    },
    /// One of our own engines did not run.
    #[error("{doing}: the engine failed")]
    EngineFailed {
        /// What was being done.
        doing: &'static str,
        /// Which engine, as the code that the job fails with.
        code: ErrorCode,
        /// The cause.
        #[source]
        source: Option<Cause>,
    },
}

impl ProviderError {
    /// This model cannot be called.
    pub fn no_such_model(model: &JobModel) -> Self {
        Self::NoSuchModel {
            provider: model.provider.clone(),
            model: model.model.clone(),
        }
    }

    /// The registry's code.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Throttled { .. } => ErrorCode::ProviderThrottled,
            Self::Unavailable { .. } => ErrorCode::ProviderUnavailable,
            // A repeat could be billed twice, so it must not carry a code that the state machine retries.
            Self::OutcomeUnknown { .. } | Self::Rejected { .. } => ErrorCode::ProviderRejected,
            Self::Refused { .. } => ErrorCode::ProviderRefused,
            Self::NoSuchModel { .. } => ErrorCode::ModelUnavailable,
            Self::UnknownVoice { .. } => ErrorCode::VoiceUnknown,
            Self::EngineFailed { code, .. } => *code,
        }
    }
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        let failure = Self::new(error.code());
        match &error {
            ProviderError::Throttled {
                retry_after_s: Some(seconds),
                ..
            } => {
                let details = json!({ "retry_after_s": seconds });
                failure.with_details(details).because(error)
            }
            ProviderError::UnknownVoice { voice_id } => {
                let details = json!({ "field": "voice_id", "voice_id": voice_id });
                failure.with_details(details).because(error)
            }
            ProviderError::Throttled { .. }
            | ProviderError::Unavailable { .. }
            | ProviderError::OutcomeUnknown { .. }
            | ProviderError::Refused { .. }
            | ProviderError::Rejected { .. }
            | ProviderError::NoSuchModel { .. }
            | ProviderError::EngineFailed { .. } => failure.because(error),
        }
    }
}

#[cfg(test)]
mod tests;
