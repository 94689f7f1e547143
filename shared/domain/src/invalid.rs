//! Input from outside that breaks a rule: which field, which rule, and a sentence for the person who sent it.

use std::fmt;

use serde::Serialize;

/// A value that was refused before anything was read or written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invalid {
    /// Path of the field in the request, dotted: `settings.duration_s`.
    pub field: String,
    /// Stable name of the rule that failed, such as `range` or `unknown_value`.
    pub rule: &'static str,
    /// One sentence without the value, which may be personal.
    pub message: String,
}

impl Invalid {
    /// A refusal of one field.
    pub fn new(field: &str, rule: &'static str, message: &str) -> Self {
        Self {
            field: field.to_owned(),
            rule,
            message: message.to_owned(),
        }
    }

    /// The same refusal seen from one level further out: `duration_s` becomes `settings.duration_s`.
    #[must_use]
    pub fn within(mut self, parent: &str) -> Self {
        self.field = format!("{parent}.{}", self.field);
        self
    }

    /// The same refusal under the name that the caller used for the field.
    #[must_use]
    pub fn named(mut self, field: &str) -> Self {
        field.clone_into(&mut self.field);
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.message)
    }
}

impl std::error::Error for Invalid {}
