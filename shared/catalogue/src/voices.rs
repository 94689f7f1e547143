//! Voices that can be chosen: stable ids, and the provider's own name behind each.
//!
//! Ids are stored in projects, so they stay when the voice behind them gets better.

use domain::settings::{Language, Settings};
use domain::{ErrorCode, Failure};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::models::{Capability, LOCAL, UnknownProvider};

/// Whether a voice sounds female or male.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// A voice that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VoiceInfo {
    /// Stable id, as in `voice_id` of a project.
    pub id: String,
    /// Name for people, in English.
    pub name: String,
    /// Language it speaks.
    pub language: Language,
    /// How it sounds, when known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Provider that has it.
    pub provider: String,
}

/// A row of the catalogue: a voice and how its provider calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voice {
    /// The provider that speaks it.
    pub provider: &'static str,
    /// Stable id.
    pub id: &'static str,
    /// Name for people, in English.
    pub name: &'static str,
    /// Language it speaks.
    pub language: Language,
    /// How it sounds.
    pub gender: Gender,
    /// The provider's own name of it; of the local voice the language and the variant, such as `en-us+f3`.
    pub provider_voice: &'static str,
}

const fn local(
    id: &'static str,
    name: &'static str,
    language: Language,
    gender: Gender,
    provider_voice: &'static str,
) -> Voice {
    Voice {
        provider: LOCAL,
        id,
        name,
        language,
        gender,
        provider_voice,
    }
}

/// Each language's default first.
const VOICES: &[Voice] = &[
    local(
        "local-en-female-1",
        "Ada",
        Language::English,
        Gender::Female,
        "en-us+f3",
    ),
    local(
        "local-en-male-1",
        "Ben",
        Language::English,
        Gender::Male,
        "en-us+m3",
    ),
    local(
        "local-en-male-2",
        "Colin",
        Language::English,
        Gender::Male,
        "en-gb-x-rp+m7",
    ),
    local(
        "local-ko-female-1",
        "Hana",
        Language::Korean,
        Gender::Female,
        "ko+f2",
    ),
    local("local-ko-male-1", "Jun", Language::Korean, Gender::Male, "ko+m3"),
    local(
        "local-zh-female-1",
        "Mei",
        Language::Chinese,
        Gender::Female,
        "cmn+f2",
    ),
    local(
        "local-zh-male-1",
        "Wei",
        Language::Chinese,
        Gender::Male,
        "cmn+m3",
    ),
    local(
        "local-ru-female-1",
        "Anna",
        Language::Russian,
        Gender::Female,
        "ru+f2",
    ),
    local(
        "local-ru-male-1",
        "Ivan",
        Language::Russian,
        Gender::Male,
        "ru+m3",
    ),
];

/// The voice of a provider that is asked for, or the language's default; `None` when the language has no such voice.
pub fn find_voice(provider: &str, language: Language, voice_id: Option<&str>) -> Option<&'static Voice> {
    VOICES
        .iter()
        .filter(|v| v.provider == provider && v.language == language)
        .find(|v| voice_id.is_none_or(|id| id == v.id))
}

/// Voices of a provider, each language's default first.
///
/// # Errors
/// [`UnknownProvider`]: the configuration is wrong.
pub fn voices(provider: &str) -> Result<Vec<VoiceInfo>, UnknownProvider> {
    let voices: Vec<VoiceInfo> = VOICES
        .iter()
        .filter(|v| v.provider == provider)
        .map(|v| VoiceInfo {
            id: v.id.to_owned(),
            name: v.name.to_owned(),
            language: v.language,
            gender: Some(v.gender),
            provider: v.provider.to_owned(),
        })
        .collect();
    if voices.is_empty() {
        let mut known: Vec<&str> = VOICES.iter().map(|voice| voice.provider).collect();
        known.dedup();
        return Err(UnknownProvider::new(Capability::Voice, provider, known));
    }
    Ok(voices)
}

/// Refuses settings whose voice the provider does not have for their language; an unknown provider has none.
///
/// # Errors
/// [`Failure`] with `voice_unknown`.
pub fn check_voice(provider: &str, settings: &Settings) -> Result<(), Failure> {
    match &settings.voice_id {
        Some(id) if find_voice(provider, settings.language, Some(id)).is_none() => {
            let details = json!({"field": "settings.voice_id", "language": settings.language});
            Err(Failure::new(ErrorCode::VoiceUnknown).with_details(details))
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
