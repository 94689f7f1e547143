//! The capability that speaks a script and says when each word is heard.

use std::fmt::Debug;

use domain::outputs::Word;
use domain::ports::Work;
use domain::script::Script;
use domain::settings::{Language, Settings};
use serde::Serialize;

use crate::pace::{END_MS, gap_ms, spoken_ms};
use crate::{Call, ProviderError, ProviderReply};

/// Everything a voice track is made from, and nothing else: its hash decides whether a stored one still fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VoiceBrief {
    /// Narration of each scene, in order.
    pub sections: Vec<String>,
    /// Language that is spoken.
    pub language: Language,
    /// A voice of the provider, or the language's default.
    pub voice_id: Option<String>,
    /// Speech speed in hundredths of the voice's own, 50 to 200.
    pub speed_percent: u32,
    /// How long the track may be, milliseconds, when the script was written to last so long.
    pub length_ms_max: Option<u32>,
}

/// A script whose planned length is further than this part from what was asked is not meant to fill it.
const NEAR: u32 = 6;

impl VoiceBrief {
    /// The brief of a whole script.
    pub fn of(settings: &Settings, script: &Script) -> Self {
        let brief = Self {
            sections: script.sections.iter().map(|s| s.narration.clone()).collect(),
            language: settings.language,
            voice_id: settings.voice_id.clone(),
            speed_percent: settings.speed_percent,
            length_ms_max: None,
        };
        let wanted_ms = settings.duration_s.saturating_mul(1000).saturating_sub(END_MS);
        let off_ms = brief.planned_ms().abs_diff(wanted_ms);
        Self {
            length_ms_max: (off_ms <= wanted_ms / NEAR).then_some(wanted_ms),
            ..brief
        }
    }

    /// Planned length of the track, milliseconds, by the pace of the `local` voice: the yardstick of a hold.
    pub fn planned_ms(&self) -> u32 {
        let (language, speed) = (self.language, self.speed_percent);
        self.sections.iter().fold(0_u32, |sum, text| {
            sum.saturating_add(spoken_ms(text, language, speed))
                .saturating_add(gap_ms(language, speed))
        })
    }
}

/// A spoken script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speech {
    /// WAV: 48 kHz, mono, 16 bit, loudness-normalised.
    pub wav: Vec<u8>,
    /// Milliseconds.
    pub duration_ms: u32,
    /// Every word as written, in order; they do not overlap, and each lies inside its scene's marks.
    pub words: Vec<Word>,
    /// Start of each scene, milliseconds; one entry more than there are scenes: the last is `duration_ms`.
    pub scene_marks_ms: Vec<u32>,
}

/// Speaks scripts.
///
/// A provider that reads numbers, money and signs by itself is sent the text as it is written; one that does worse so
/// is given what `spoken_text` makes of it. Either way the words of the answer are those of the written text.
///
/// # Shape
/// `ElevenLabs`: one `POST /v1/text-to-speech/{voice_id}/with-timestamps` per section with `output_format=pcm_24000`
/// (48 kHz needs a higher plan, so the client resamples) and `previous_text`/`next_text`; `alignment` has one
/// start and one end per character in seconds, which are grouped at spaces into [`Word`]s; always `Done`.
/// A missing `alignment` is filled by the same proportional rule as a gap of the local voice.
///
/// # Promises
/// Those of [`Speech`]'s fields.
///
/// # Errors
/// [`ProviderError::UnknownVoice`] when `voice_id` is not a voice of the language.
pub trait VoiceMaker: Debug + Send + Sync {
    /// Speaks.
    fn speak<'a>(
        &'a self,
        call: &'a Call,
        brief: &'a VoiceBrief,
    ) -> Work<'a, Result<ProviderReply<Speech>, ProviderError>>;
    /// Asks for a track that was [`ProviderReply::Pending`].
    fn poll<'a>(
        &'a self,
        external_id: &'a str,
        brief: &'a VoiceBrief,
    ) -> Work<'a, Result<ProviderReply<Speech>, ProviderError>>;
}
