//! Models: one row each with its price, its cost and how it may be called.
//!
//! A new model of a provider is one row here. Quotes, receipts, the configuration routes, undecided calls and the
//! daily costs read this table and no other.

use domain::receipt::Resource;
use domain::{Credits, ErrorCode, Failure};
use serde::Serialize;
use utoipa::ToSchema;

/// Name of the provider that needs no key and no network.
pub const LOCAL: &str = "local";
/// Version of the local script writer: part of the input hash.
pub const SCRIPT_MODEL: &str = "outline-1";
/// Version of the local cards: part of the input hash.
pub const IMAGE_MODEL: &str = "cards-2";
/// Version of the local voice: part of the input hash.
pub const VOICE_MODEL: &str = "espeak-ng-2";
/// Version of our own video engine: part of the input hash. Raised when the same plan should look or sound different;
/// stored videos then no longer count.
pub const VIDEO_MODEL: &str = "engine-4";

/// A row of the catalogue.
#[expect(
    clippy::struct_excessive_bools,
    reason = "three facts of a model that do not depend on each other"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// Provider, as in configuration, receipts and stored calls.
    pub provider: &'static str,
    /// The provider's name or version of the model: part of the input hash.
    pub model: &'static str,
    /// What it makes, and so what is charged for.
    pub resource: Resource,
    /// One sentence for people.
    pub description: &'static str,
    /// How many make one unit: 1 script, 1 image, 10 seconds; a started unit counts whole.
    pub unit_quantity: u64,
    /// What a customer pays for one unit.
    pub unit_credits: Credits,
    /// What the provider charges us for one unit, in millionths of a US dollar; 0 of what runs on our own machines.
    pub unit_cost_usd_micros: u64,
    /// Whether it takes a call and answers a later poll.
    pub asynchronous: bool,
    /// Whether a call with an unknown outcome may be made again without a second bill.
    pub repeatable: bool,
    /// Whether it can be chosen; a row that is switched off still prices and names what it once made.
    pub enabled: bool,
}

/// Every model. The first row of a provider and a resource is the provider's default.
pub const MODELS: &[Model] = &[
    Model {
        provider: LOCAL,
        model: SCRIPT_MODEL,
        resource: Resource::ScriptGeneration,
        description: "Outline writer in English, Korean, Chinese and Russian; free of keys, the same for the same inputs.",
        unit_quantity: 1,
        unit_credits: Credits::new(2),
        unit_cost_usd_micros: 0,
        asynchronous: false,
        repeatable: true,
        enabled: true,
    },
    Model {
        provider: LOCAL,
        model: IMAGE_MODEL,
        resource: Resource::ImageGeneration,
        description: "Typographic cards seeded by the topic, in the brand's colours when given.",
        unit_quantity: 1,
        unit_credits: Credits::new(2),
        unit_cost_usd_micros: 0,
        asynchronous: false,
        repeatable: true,
        enabled: true,
    },
    Model {
        provider: LOCAL,
        model: VOICE_MODEL,
        resource: Resource::VoiceSynthesis,
        description: "espeak-ng with the time of every word.",
        unit_quantity: 10,
        unit_credits: Credits::new(1),
        unit_cost_usd_micros: 0,
        asynchronous: false,
        repeatable: true,
        enabled: true,
    },
    Model {
        provider: LOCAL,
        model: VIDEO_MODEL,
        resource: Resource::VideoGeneration,
        description: "Our own video engine.",
        unit_quantity: 10,
        unit_credits: Credits::new(2),
        unit_cost_usd_micros: 0,
        asynchronous: false,
        repeatable: true,
        enabled: true,
    },
];

/// What a model makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Scripts.
    Script,
    /// Images.
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

    /// What is charged for.
    pub const fn resource(self) -> Resource {
        match self {
            Self::Script => Resource::ScriptGeneration,
            Self::Image => Resource::ImageGeneration,
            Self::Voice => Resource::VoiceSynthesis,
        }
    }

    /// The capability behind a resource; none of videos, whose engine is not chosen.
    const fn of(resource: Resource) -> Option<Self> {
        match resource {
            Resource::ScriptGeneration => Some(Self::Script),
            Resource::ImageGeneration => Some(Self::Image),
            Resource::VoiceSynthesis => Some(Self::Voice),
            Resource::VideoGeneration => None,
        }
    }
}

/// A model that can be configured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ModelInfo {
    /// What it makes.
    pub capability: Capability,
    /// Provider.
    pub provider: String,
    /// The provider's name or version of it.
    pub model: String,
    /// One sentence for people.
    pub description: String,
}

/// A name in configuration that no provider of the capability has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no {capability} provider named {name:?}; known: {}",
    known(capability)
)]
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

/// Names of the providers of a capability, for the text of an error.
fn known(capability: &str) -> String {
    let mut names: Vec<&str> = MODELS
        .iter()
        .filter(|row| Capability::of(row.resource).is_some_and(|own| own.as_str() == capability))
        .map(|row| row.provider)
        .collect();
    names.dedup();
    names.join(", ")
}

/// The default row of a provider for a kind of work, switched off or not; `None` of a provider that is not listed.
pub fn find_model(resource: Resource, provider: &str) -> Option<&'static Model> {
    MODELS
        .iter()
        .find(|row| row.resource == resource && row.provider == provider)
}

/// The model of a provider.
///
/// # Errors
/// [`UnknownProvider`]: the configuration is wrong.
pub fn model(capability: Capability, provider: &str) -> Result<&'static str, UnknownProvider> {
    find_model(capability.resource(), provider)
        .filter(|row| row.enabled)
        .map(|row| row.model)
        .ok_or_else(|| UnknownProvider::new(capability, provider))
}

/// Every model that can be configured.
pub fn models() -> Vec<ModelInfo> {
    MODELS
        .iter()
        .filter(|row| row.enabled)
        .filter_map(|row| {
            Some(ModelInfo {
                capability: Capability::of(row.resource)?,
                provider: row.provider.to_owned(),
                model: row.model.to_owned(),
                description: row.description.to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
