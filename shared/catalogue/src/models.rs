//! Models that can be configured.

use domain::{ErrorCode, Failure};
use serde::Serialize;
use utoipa::ToSchema;

/// Name of the provider that needs no key and no network.
pub const LOCAL: &str = "local";
/// Version of the local script writer: part of the input hash.
pub const SCRIPT_MODEL: &str = "outline-1";
/// Version of the local cards: part of the input hash.
pub const IMAGE_MODEL: &str = "cards-2";
/// Version of the local voice: part of the input hash.
pub const VOICE_MODEL: &str = "espeak-ng-1";

/// What a model makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Scripts.
    Script,
    /// Pictures.
    Image,
    /// Voice tracks.
    Voice,
}

impl Capability {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Image => "image",
            Self::Voice => "voice",
        }
    }
}

/// A model that can be configured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ModelInfo {
    /// What it makes.
    pub capability: Capability,
    /// Vendor.
    pub provider: String,
    /// The vendor's name or version of it.
    pub model: String,
    /// One sentence for people.
    pub description: String,
}

/// A name in configuration that no provider of the capability has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {capability} provider named {name:?}; known: {LOCAL}")]
pub struct UnknownProvider {
    /// `script`, `image` or `voice`.
    pub capability: &'static str,
    /// The name that was read.
    pub name: String,
}

impl UnknownProvider {
    /// No provider of the capability has this name.
    pub fn new(capability: Capability, name: &str) -> Self {
        Self {
            capability: capability.as_str(),
            name: name.to_owned(),
        }
    }
}

impl From<UnknownProvider> for Failure {
    fn from(error: UnknownProvider) -> Self {
        Self::new(ErrorCode::Internal).because(error)
    }
}

/// The model of a provider.
///
/// # Errors
/// [`UnknownProvider`]: the configuration is wrong.
pub fn model(capability: Capability, provider: &str) -> Result<&'static str, UnknownProvider> {
    if provider != LOCAL {
        return Err(UnknownProvider::new(capability, provider));
    }
    Ok(match capability {
        Capability::Script => SCRIPT_MODEL,
        Capability::Image => IMAGE_MODEL,
        Capability::Voice => VOICE_MODEL,
    })
}

/// Every model of every provider.
pub fn models() -> Vec<ModelInfo> {
    let model = |capability, model: &str, description: &str| ModelInfo {
        capability,
        provider: LOCAL.to_owned(),
        model: model.to_owned(),
        description: description.to_owned(),
    };
    vec![
        model(
            Capability::Script,
            SCRIPT_MODEL,
            "Outline writer in English, Korean, Chinese and Russian; free of keys, the same for the same inputs.",
        ),
        model(
            Capability::Image,
            IMAGE_MODEL,
            "Typographic cards seeded by the topic, in the brand's colours when given.",
        ),
        model(
            Capability::Voice,
            VOICE_MODEL,
            "espeak-ng with the time of every word.",
        ),
    ]
}

#[cfg(test)]
mod tests;
