//! Models: one row each with its price, its cost and how it may be called.
//!
//! A new model of a provider is one row here. Quotes, receipts, the configuration routes, undecided calls and the
//! daily costs read this table and no other.

use domain::job::{JobModel, JobModels, Step};
use domain::receipt::Resource;
use domain::{Credits, ErrorCode, Failure};
use serde::Serialize;
use utoipa::ToSchema;

/// Name of the provider that needs no key and no network.
pub const LOCAL: &str = "local";
/// Version of the local script writer: part of the input hash.
const SCRIPT_MODEL: &str = "outline-1";
/// Version of the local cards: part of the input hash.
const IMAGE_MODEL: &str = "cards-2";
/// Version of the local voice: part of the input hash.
const VOICE_MODEL: &str = "espeak-ng-2";
/// Version of our own video engine: part of the input hash. Raised when the same plan should look or sound different;
/// stored videos then no longer count.
pub const VIDEO_MODEL: &str = "engine-5";

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
    /// Whether it may answer a call by an id, and the result to a later poll; one that may not and does breaks its promise.
    pub asynchronous: bool,
    /// Whether a call with an unknown outcome may be made again without a second bill.
    pub repeatable: bool,
    /// Whether it can be chosen and called; a row that is switched off still prices and names what it once made, and
    /// what it has begun is still fetched from it.
    pub enabled: bool,
    /// What one call takes.
    pub limits: Limits,
    /// How it is reached; `None` of what runs on our own machines.
    pub remote: Option<Remote>,
}

/// What one call to a model takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Most characters of a prompt or a narration; none when it takes any.
    pub text_chars_max: Option<u32>,
    /// Most bytes of the file that comes back; none when it is our own.
    pub file_bytes_max: Option<u32>,
}

/// A provider that is reached over the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remote {
    /// Base address of its API.
    pub address: &'static str,
    /// Name of its secret in Secrets Manager, after the prefix of the capability.
    pub secret: &'static str,
}

/// Limits of what runs on our own machines: settings and plans bound it before.
const OUR_OWN: Limits = Limits {
    text_chars_max: None,
    file_bytes_max: None,
};

/// Every model. The first row of a provider and a resource is the provider's default.
const MODELS: &[Model] = &[
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
        limits: OUR_OWN,
        remote: None,
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
        limits: OUR_OWN,
        remote: None,
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
        limits: OUR_OWN,
        remote: None,
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
        limits: OUR_OWN,
        remote: None,
    },
];

impl Model {
    /// What a job that has chosen it remembers.
    pub fn name(&self) -> JobModel {
        JobModel {
            provider: self.provider.to_owned(),
            model: self.model.to_owned(),
        }
    }
}

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
    /// Every capability, in the order of the steps.
    pub const ALL: [Self; 3] = [Self::Script, Self::Image, Self::Voice];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Image => "image",
            Self::Voice => "voice",
        }
    }

    /// The step that uses it.
    pub const fn step(self) -> Step {
        match self {
            Self::Script => Step::Script,
            Self::Image => Step::Images,
            Self::Voice => Step::Voice,
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

/// The rows in force: `wiring` builds it once and hands it to whoever prices, chooses or names a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Catalogue {
    rows: &'static [Model],
}

impl Catalogue {
    /// Every model of this build.
    pub const fn standard() -> Self {
        Self { rows: MODELS }
    }

    /// These rows.
    pub const fn of(rows: &'static [Model]) -> Self {
        Self { rows }
    }

    /// Every row.
    pub const fn rows(self) -> &'static [Model] {
        self.rows
    }

    /// The default row of a provider for a kind of work, switched off or not; `None` of a provider that is not listed.
    pub fn default_row(self, resource: Resource, provider: &str) -> Option<&'static Model> {
        self.rows
            .iter()
            .find(|row| row.resource == resource && row.provider == provider)
    }

    /// The row of a model for a kind of work, switched off or not; `None` of a model that is not listed.
    pub fn row(self, resource: Resource, model: &JobModel) -> Option<&'static Model> {
        let is_it = |row: &&Model| {
            row.resource == resource && row.provider == model.provider && row.model == model.model
        };
        self.rows.iter().find(is_it)
    }

    /// The model of a provider that new jobs use.
    ///
    /// # Errors
    /// [`UnknownProvider`]: the configuration is wrong.
    pub fn default_model(self, capability: Capability, provider: &str) -> Result<JobModel, UnknownProvider> {
        self.default_row(capability.resource(), provider)
            .filter(|row| row.enabled)
            .map(Model::name)
            .ok_or_else(|| UnknownProvider::new(capability, provider, self.providers(capability)))
    }

    /// The model that a job with these choices uses; one without a choice is older than choices and uses `local`.
    pub fn model_of(self, models: &JobModels, capability: Capability) -> JobModel {
        let local = || {
            let row = self.default_row(capability.resource(), LOCAL);
            row.map_or_else(
                || JobModel {
                    provider: LOCAL.to_owned(),
                    model: String::new(),
                },
                Model::name,
            )
        };
        models.get(&capability.step()).cloned().unwrap_or_else(local)
    }

    /// Every model that can be configured.
    pub fn models(self) -> Vec<ModelInfo> {
        self.rows
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

    /// Names of the providers of a capability.
    fn providers(self, capability: Capability) -> Vec<&'static str> {
        let of_it = |row: &&Model| row.resource == capability.resource();
        let mut names: Vec<&str> = self.rows.iter().filter(of_it).map(|row| row.provider).collect();
        names.dedup();
        names
    }
}

/// A name in configuration that no provider of the capability has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {capability} provider named {name:?}; known: {}", known.join(", "))]
pub struct UnknownProvider {
    /// `script`, `image` or `voice`.
    pub capability: &'static str,
    /// The name that was read.
    pub name: String,
    /// The names that there are.
    pub known: Vec<&'static str>,
}

impl UnknownProvider {
    /// No provider of the capability has this name; these have one.
    pub fn new(capability: Capability, name: &str, known: Vec<&'static str>) -> Self {
        Self {
            capability: capability.as_str(),
            name: name.to_owned(),
            known,
        }
    }
}

impl From<UnknownProvider> for Failure {
    fn from(error: UnknownProvider) -> Self {
        Self::new(ErrorCode::Internal).because(error)
    }
}

#[cfg(test)]
mod tests;
