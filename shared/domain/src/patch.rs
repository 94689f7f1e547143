//! A field of a change.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Invalid;

/// A field of a `PATCH`: left out it stays, null takes it back to its default, a value replaces it.
///
/// # Shape
/// `#[serde(default)]` is needed beside it, so that a field which is left out is [`Self::Keep`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It goes back to its default.
    Unset,
    /// It becomes this.
    Set(T),
}

impl<T> Patch<T> {
    /// What it is after the change; none is the default.
    pub fn over(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Unset => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The new value of something that has no default; none when it stays.
    ///
    /// # Errors
    /// [`Invalid`] with rule `type` for null.
    pub fn replaced(self, field: &str) -> Result<Option<T>, Invalid> {
        match self {
            Self::Keep => Ok(None),
            Self::Unset => Err(Invalid::new(field, "type", "must not be null")),
            Self::Set(value) => Ok(Some(value)),
        }
    }

    /// Whether it is left out.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::deserialize(deserializer)?;
        Ok(value.map_or(Self::Unset, Self::Set))
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Unset => serializer.serialize_none(),
            Self::Set(value) => serializer.serialize_some(value),
        }
    }
}
