//! The ways the engine fails; a caller matches on the variant, a log prints the whole chain.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use image::ImageError;
use thiserror::Error;

/// Everything that can go wrong in the engine.
///
/// # Errors
/// `ToolMissing`: the operator, the package is incomplete.
/// `ToolFailed`, `TimedOut`: a retry may help; the text names the cause.
/// `BadInput`, `Image`, `Media`: whoever made the input; a retry never helps.
/// `Io`: the machine (disk full, permissions).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A program or a font folder that should be installed is not there.
    #[error("{tool} was not found at {path}: run `make tools`")]
    ToolMissing {
        /// What was looked for.
        tool: &'static str,
        /// Where it was looked for.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A program ran and said no.
    #[error("{tool} failed with exit code {code:?}: {stderr}")]
    ToolFailed {
        /// The program.
        tool: &'static str,
        /// Its exit code; `None` when a signal ended it.
        code: Option<i32>,
        /// The signal that ended it.
        signal: Option<i32>,
        /// The first and the last lines it wrote.
        stderr: String,
    },
    /// A program was stopped because its time was over.
    #[error("{tool} did not end within {} ms", limit.as_millis())]
    TimedOut {
        /// The program.
        tool: &'static str,
        /// The time it had.
        limit: Duration,
    },
    /// A specification breaks a rule.
    #[error("{field}: {reason}")]
    BadInput {
        /// JSON path of the field, such as `scenes[2].duration_ms`.
        field: String,
        /// The rule, in words.
        reason: String,
    },
    /// A file is not the image it should be.
    #[error("{path} is not an image that can be decoded")]
    Image {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        #[source]
        source: ImageError,
    },
    /// A file is not the sound or video it should be.
    #[error("{path} is not usable media: {reason}")]
    Media {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file system refused.
    #[error("could not {action} {path}")]
    Io {
        /// What was being done, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// An invariant of the engine itself was broken; a bug here, never the caller's.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl EngineError {
    /// A stable name for logs and for the caller's own error codes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ToolMissing { .. } => "ToolMissing",
            Self::ToolFailed { .. } => "ToolFailed",
            Self::TimedOut { .. } => "TimedOut",
            Self::BadInput { .. } => "BadInput",
            Self::Image { .. } => "ImageUnreadable",
            Self::Media { .. } => "MediaUnreadable",
            Self::Io { .. } => "Io",
            Self::Internal(_) => "Internal",
        }
    }

    /// Whether the same call may succeed later without a changed input.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::ToolFailed { .. } | Self::TimedOut { .. } | Self::Io { .. }
        )
    }

    pub(crate) fn bad(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::BadInput {
            field: field.into(),
            reason: reason.into(),
        }
    }

    pub(crate) fn media(path: &Path, reason: impl Into<String>) -> Self {
        Self::Media {
            path: path.to_path_buf(),
            reason: reason.into(),
        }
    }

    /// Returns a closure for `map_err` that keeps the cause.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { action, path, source }
    }
}
