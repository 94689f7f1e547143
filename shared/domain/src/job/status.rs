//! Where a job stands, as its owner is told.

use serde::Serialize;
use utoipa::ToSchema;

use super::JobState;
use crate::Invalid;

/// Where a job stands, as its owner is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// Its credits are held; no step has begun.
    Pending,
    /// A step has begun.
    Processing,
    /// It was delivered and charged.
    Completed,
    /// It ended without delivery, or was cancelled; nothing was charged.
    Failed,
}

impl JobStatus {
    /// Reads the word used on the wire.
    ///
    /// # Errors
    /// [`Invalid`] with rule `unknown_value` that lists the known words.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        let all = [Self::Pending, Self::Processing, Self::Completed, Self::Failed];
        let known = all.into_iter().find(|status| status.as_str() == word);
        known.ok_or_else(|| {
            let message = "must be one of: pending processing completed failed";
            Invalid::new("status", "unknown_value", message)
        })
    }

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => JobState::Pending.as_status(),
            Self::Processing => JobState::Processing.as_status(),
            Self::Completed => JobState::Completed.as_status(),
            Self::Failed => JobState::Failed.as_status(),
        }
    }
}

impl From<JobState> for JobStatus {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Pending => Self::Pending,
            JobState::Processing => Self::Processing,
            JobState::Completed => Self::Completed,
            JobState::Failed | JobState::Cancelled => Self::Failed,
        }
    }
}
