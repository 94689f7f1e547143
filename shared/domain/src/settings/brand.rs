//! How a customer's brand looks and speaks: audience, words to avoid, style and colours.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Colour, parse_line};
use crate::Invalid;

/// How a customer's brand looks and speaks; every part optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Brand {
    /// Who watches, at most 120 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// Phrases that must not appear, at most 20 of 60 characters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phrases_to_avoid: Vec<String>,
    /// Style words for images, at most 120 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    /// Two to four colours for cards and captions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub colours: Vec<Colour>,
}

impl Brand {
    /// The same brand with every part inside its limits.
    pub(super) fn checked(self) -> Result<Self, Invalid> {
        let line = |text: Option<String>, field: &str| text.map(|t| parse_line(&t, field, 120)).transpose();
        if self.phrases_to_avoid.len() > 20 {
            return Err(Invalid::new(
                "phrases_to_avoid",
                "too_many",
                "must have at most 20 entries",
            ));
        }
        if self.colours.len() > 4 {
            return Err(Invalid::new("colours", "too_many", "must have at most 4 entries"));
        }
        Ok(Self {
            audience: line(self.audience, "audience")?,
            phrases_to_avoid: self
                .phrases_to_avoid
                .iter()
                .map(|p| parse_line(p, "phrases_to_avoid", 60))
                .collect::<Result<_, _>>()?,
            style: line(self.style, "style")?,
            colours: self
                .colours
                .iter()
                .map(|c| Colour::parse(c.as_str()).map_err(|e| e.named("colours")))
                .collect::<Result<_, _>>()?,
        })
    }
}
