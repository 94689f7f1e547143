//! What a caller may do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Invalid;

/// What a key or a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Start and change things.
    Create,
    /// Look at things.
    Read,
    /// Remove things.
    Delete,
}

impl Scope {
    /// Every scope; what a signed-in person has.
    pub const ALL: [Self; 3] = [Self::Create, Self::Read, Self::Delete];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Delete => "delete",
        }
    }

    /// Reads the word on the wire.
    ///
    /// # Errors
    /// [`Invalid`] with rule `unknown_value`.
    pub fn parse(word: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == word)
            .ok_or_else(|| Invalid::new("scopes", "unknown_value", "must be of: create read delete"))
    }
}
