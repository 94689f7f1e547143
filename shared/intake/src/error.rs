//! The two ways in which looking at an upload fails: the file is not taken, or the work could not be done.

use domain::asset::Refused;
use engine::EngineError;
use thiserror::Error;

/// Why an upload was not inspected or prepared.
///
/// # Errors
/// `Refused`: whoever uploaded the file; a retry never helps.
/// `Engine`: the machine, see [`EngineError::is_retryable`].
#[derive(Debug, Error)]
pub enum IntakeError {
    /// The upload is not taken.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl IntakeError {
    /// A stable name for logs and for the caller's own error codes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refused) => refused.refusal.as_str(),
            Self::Engine(error) => error.code(),
        }
    }
}
