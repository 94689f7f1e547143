//! The local voices: stable ids, and the engine's name and variant behind each.
//!
//! Ids are kept in projects, so they stay when the voice behind them gets better.

use domain::settings::Language;

use crate::vendors::LOCAL;
use crate::voice::{Gender, VoiceInfo};

/// A voice and how the engine calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LocalVoice {
    /// Stable id.
    pub(super) id: &'static str,
    /// Name for people.
    name: &'static str,
    /// Language it speaks.
    pub(super) language: Language,
    /// How it sounds.
    gender: Gender,
    /// The engine's voice and variant.
    pub(super) engine_voice: &'static str,
}

impl LocalVoice {
    /// The variant alone, so that a guest language is read by what sounds like the same person.
    pub(super) fn variant(&self) -> &'static str {
        self.engine_voice
            .split_once('+')
            .map_or("f2", |(_, variant)| variant)
    }
}

const fn voice(
    id: &'static str,
    name: &'static str,
    language: Language,
    gender: Gender,
    engine_voice: &'static str,
) -> LocalVoice {
    LocalVoice {
        id,
        name,
        language,
        gender,
        engine_voice,
    }
}

/// Each language's default first.
pub(super) const VOICES: &[LocalVoice] = &[
    voice(
        "local-en-female-1",
        "Ada",
        Language::English,
        Gender::Female,
        "en-us+f3",
    ),
    voice(
        "local-en-male-1",
        "Ben",
        Language::English,
        Gender::Male,
        "en-us+m3",
    ),
    voice(
        "local-en-male-2",
        "Colin",
        Language::English,
        Gender::Male,
        "en-gb-x-rp+m7",
    ),
    voice(
        "local-ko-female-1",
        "Hana",
        Language::Korean,
        Gender::Female,
        "ko+f2",
    ),
    voice("local-ko-male-1", "Jun", Language::Korean, Gender::Male, "ko+m3"),
    voice(
        "local-zh-female-1",
        "Mei",
        Language::Chinese,
        Gender::Female,
        "cmn+f2",
    ),
    voice(
        "local-zh-male-1",
        "Wei",
        Language::Chinese,
        Gender::Male,
        "cmn+m3",
    ),
    voice(
        "local-ru-female-1",
        "Anna",
        Language::Russian,
        Gender::Female,
        "ru+f2",
    ),
    voice(
        "local-ru-male-1",
        "Ivan",
        Language::Russian,
        Gender::Male,
        "ru+m3",
    ),
];

/// The voice asked for, or the language's default; `None` when the language has no such voice.
pub(super) fn find(language: Language, voice_id: Option<&str>) -> Option<&'static LocalVoice> {
    VOICES
        .iter()
        .filter(|v| v.language == language)
        .find(|v| voice_id.is_none_or(|id| id == v.id))
}

/// The list for people.
pub(crate) fn infos() -> Vec<VoiceInfo> {
    VOICES
        .iter()
        .map(|v| VoiceInfo {
            id: v.id.to_owned(),
            name: v.name.to_owned(),
            language: v.language,
            gender: Some(v.gender),
            provider: LOCAL.to_owned(),
        })
        .collect()
}
