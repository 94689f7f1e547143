//! Configuration from the environment, read once at start; the table of variables is `docs/generated/CONFIG.md`.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;

use aws_config::SdkConfig;
use tokio::sync::OnceCell;

/// Why a function could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A variable that this function needs is not set or is empty.
    #[error("the variable {name} is not set")]
    MissingVariable {
        /// Name of the variable.
        name: &'static str,
    },
    /// A variable has a value that cannot be.
    #[error("the variable {name} must be {expected}")]
    InvalidVariable {
        /// Name of the variable.
        name: &'static str,
        /// What it must be; the value is not repeated, it may be a secret.
        expected: &'static str,
    },
    /// Something of the start itself failed.
    #[error("{doing}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StartError {
    /// A failure of the start with its cause.
    pub fn failed(doing: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failed {
            doing,
            source: source.into(),
        }
    }
}

/// The environment of a function.
#[derive(Debug)]
pub struct Env {
    variables: Option<BTreeMap<String, String>>,
    pub(crate) sdk: OnceCell<SdkConfig>,
}

impl Env {
    /// The process's own.
    pub const fn process() -> Self {
        Self {
            variables: None,
            sdk: OnceCell::const_new(),
        }
    }

    /// Given variables, for tests.
    pub fn of<const N: usize>(variables: [(&str, &str); N]) -> Self {
        let owned = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            variables: Some(owned.into()),
            sdk: OnceCell::const_new(),
        }
    }

    /// A variable that must be there.
    ///
    /// # Errors
    /// [`StartError::MissingVariable`] when it is not set or empty.
    pub fn required(&self, name: &'static str) -> Result<String, StartError> {
        self.optional(name).ok_or(StartError::MissingVariable { name })
    }

    /// A variable that may be there; an empty one is not.
    pub fn optional(&self, name: &str) -> Option<String> {
        let value = match &self.variables {
            Some(variables) => variables.get(name).cloned(),
            None => process_variable(name),
        };
        value.filter(|value| !value.is_empty())
    }

    /// A path that must be there; whether something is at it is found at its first use.
    ///
    /// # Errors
    /// As [`Self::required`].
    pub fn path(&self, name: &'static str) -> Result<PathBuf, StartError> {
        self.required(name).map(PathBuf::from)
    }

    /// A whole number, or the default.
    ///
    /// # Errors
    /// [`StartError::InvalidVariable`] when it is set to something else.
    pub fn number_or(&self, name: &'static str, default: u32) -> Result<u32, StartError> {
        self.optional(name).map_or(Ok(default), |text| {
            text.parse().map_err(|_not_a_number| StartError::InvalidVariable {
                name,
                expected: "a whole number",
            })
        })
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn process_variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests;
