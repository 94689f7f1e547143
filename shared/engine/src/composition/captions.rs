//! The captions of a composition: the words with their times, and how they look.

use serde::{Deserialize, Serialize};

use crate::colour::Colour;
use crate::composition::defaults;
use crate::language::Language;
use crate::safe_area::SafeArea;

/// Words shown as they are spoken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Captions {
    /// The look.
    #[serde(default)]
    pub preset: CaptionPreset,
    /// Ordered by start.
    pub words: Vec<Word>,
    /// Decides direction, line breaks and Han shapes.
    pub language: Language,
    /// Height of the block's middle, in percent of the frame; 10 to 90.
    #[serde(default = "defaults::caption_position")]
    pub position_pct: f64,
    /// Size of the letters when the shorter side of the frame is 1080 pixels; 12 to 200.
    #[serde(default = "defaults::font_px")]
    pub font_px: f64,
    /// Colours of text, active word and outline.
    #[serde(default)]
    pub colours: CaptionColours,
    /// Whose buttons the captions keep clear of.
    #[serde(default)]
    pub safe_area: SafeArea,
    /// Whether the same words are also a subtitle track (`mov_text`) that viewers can switch on.
    #[serde(default)]
    pub soft_track: bool,
}

impl Captions {
    /// Words in the default look.
    pub fn new(language: Language, words: Vec<Word>) -> Self {
        Self {
            preset: CaptionPreset::default(),
            words,
            language,
            position_pct: defaults::caption_position(),
            font_px: defaults::font_px(),
            colours: CaptionColours::default(),
            safe_area: SafeArea::default(),
            soft_track: false,
        }
    }
}

/// The look of [`Captions`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CaptionPreset {
    /// Two lines with an outline; the spoken word changes its colour.
    #[default]
    Classic,
    /// The spoken word stands on a coloured pill.
    Pill,
    /// The colour runs through each word while it is spoken, and stays.
    Karaoke,
    /// Few large words; the spoken one bounces.
    Pop,
    /// Letters appear as they are spoken, on a dark plate with a cursor.
    Typewriter,
    /// No outline, no highlight: light letters with a soft shadow.
    Minimal,
}

impl CaptionPreset {
    /// Every preset, for tests and galleries.
    pub const ALL: [Self; 6] = [
        Self::Classic,
        Self::Pill,
        Self::Karaoke,
        Self::Pop,
        Self::Typewriter,
        Self::Minimal,
    ];
}

/// Colours of [`Captions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CaptionColours {
    /// Letters.
    pub text: Colour,
    /// The word being spoken, or its pill.
    pub active: Colour,
    /// Outline and shadow.
    pub outline: Colour,
}

/// A word and when it is spoken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// With its punctuation, without spaces around it; 1 to 200 characters.
    pub text: String,
    /// Inclusive.
    pub start_ms: u64,
    /// Exclusive, not before the start; at most an hour.
    pub end_ms: u64,
}

impl Default for CaptionColours {
    fn default() -> Self {
        Self {
            text: Colour::WHITE,
            active: Colour::rgb(0xff_d8_4d),
            outline: Colour::BLACK,
        }
    }
}
