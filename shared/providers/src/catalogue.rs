//! What can be chosen: voices and models, without starting an engine.

use domain::settings::Language;
use serde::Serialize;
use utoipa::ToSchema;

use crate::local;
use crate::vendors::{LOCAL, UnknownProvider};
use crate::voice::VoiceInfo;

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

/// Voices of a vendor, each language's default first.
///
/// # Errors
/// [`UnknownProvider`]: the configuration is wrong.
pub fn voices(provider: &str) -> Result<Vec<VoiceInfo>, UnknownProvider> {
    if provider == LOCAL {
        Ok(local::voice::catalogue::infos())
    } else {
        Err(UnknownProvider {
            capability: "voice",
            name: provider.to_owned(),
        })
    }
}

/// Whether a vendor has this voice for this language; an unknown vendor has none.
pub fn voice_known(provider: &str, language: Language, voice_id: &str) -> bool {
    voices(provider).is_ok_and(|all| all.iter().any(|v| v.language == language && v.id == voice_id))
}

/// Every model of every vendor.
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
            local::script::MODEL,
            "Outline writer in English, Korean, Chinese and Russian; free of keys, the same for the same inputs.",
        ),
        model(
            Capability::Image,
            local::image::MODEL,
            "Typographic cards seeded by the topic, in the brand's colours when given.",
        ),
        model(
            Capability::Voice,
            local::voice::MODEL,
            "espeak-ng with the time of every word.",
        ),
    ]
}

#[cfg(test)]
mod tests;
