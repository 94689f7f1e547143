//! What a video is made of: the JSON document that `compose` turns into an MP4.
//!
//! The rules are in `validate`; the document's shape grows by optional fields, anything else raises the version.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::EngineError;
use crate::number::{real_u64, round_u64};

mod captions;
mod overlays;
mod scene;
mod scene_rules;
mod sound;
mod sound_rules;
mod validate;

pub use captions::{CaptionColours, CaptionPreset, Captions, Word};
pub use overlays::{Align, Edge, Entrance, Logo, LowerThird, Plate, ProgressBar, TextBlock};
pub use scene::{
    AtEnd, BeforeAfter, CardStyle, Clip, ClipSound, Corner, Direction, Inset, Layout, Motion, MotionKind,
    Scene, Split, Tint, TitleCard, Transition, TransitionKind, Visual,
};
pub use sound::{Audio, LoudnessPreset, Music, Track};

/// The version this engine reads and writes.
pub const COMPOSITION_VERSION: u32 = 1;

/// A whole video.
///
/// # Units
/// Times in milliseconds from the start of the video, sizes in pixels, gains in decibel.
///
/// # Promises
/// The video lasts exactly as long as its scenes together, rounded to a whole frame.
/// The same document, files, fonts and tools give the same frames, and on as many cores the same file.
///
/// # Limits
/// Unknown fields are refused: a misspelt option must not be a silent default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Composition {
    /// [`COMPOSITION_VERSION`].
    pub version: u32,
    /// Even, 64 to 4096.
    pub width: u32,
    /// Even, 64 to 4096.
    pub height: u32,
    /// Frames per second, 1 to 60.
    #[serde(default = "defaults::fps")]
    pub fps: u32,
    /// In order, each starting where the one before ends.
    pub scenes: Vec<Scene>,
    /// Burned-in words of the voice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captions: Option<Captions>,
    /// A line of text above the captions, for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower_third: Option<LowerThird>,
    /// Other texts; a later one lies over an earlier one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<TextBlock>,
    /// A mark in a corner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Logo>,
    /// A bar along an edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress_bar: Option<ProgressBar>,
    /// How much the corners are darkened, under all texts; 0 to 1.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub vignette: f64,
    /// Voice and music.
    #[serde(default)]
    pub audio: Audio,
    /// Encoder settings.
    #[serde(default)]
    pub output: Output,
    /// From black at the start.
    #[serde(default)]
    pub fade_in_ms: u64,
    /// To black, and to silence, at the end.
    #[serde(default)]
    pub fade_out_ms: u64,
}

/// Encoder settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Output {
    /// x264 quality, 10 (huge) to 40 (poor).
    pub crf: u32,
    /// x264 speed.
    pub preset: EncoderPreset,
    /// AAC bit rate, 48 to 320.
    pub audio_kbps: u32,
    /// How much work the sound is.
    pub sound: SoundEffort,
}

/// How much work is done for the sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SoundEffort {
    /// The loudness that was asked for, peaks between samples kept below their limit, and the better of the AAC coders.
    #[default]
    Full,
    /// A loudness within 2 LU in one go, peaks kept at samples alone, and the quicker coder.
    Draft,
}

/// Speed of the encoder against size of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the other names are x264's own")]
pub enum EncoderPreset {
    Ultrafast,
    Superfast,
    /// x264's `superfast` with the look-ahead of its `veryfast`: as good as that in two thirds of the time (ADR 0036).
    #[default]
    Swift,
    Veryfast,
    Faster,
    Fast,
    Medium,
}

impl Composition {
    /// Reads and checks a document.
    ///
    /// # Errors
    /// [`EngineError::BadInput`] with the JSON path of the first field that is wrong.
    pub fn from_json(text: &str) -> Result<Self, EngineError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let composition: Self = serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| EngineError::bad(error.path().to_string(), error.inner().to_string()))?;
        composition.validate()?;
        Ok(composition)
    }

    /// Scenes at 30 frames a second with the product's defaults for everything else.
    pub fn of_scenes((width, height): (u32, u32), scenes: Vec<Scene>, captions: Option<Captions>) -> Self {
        Self {
            version: COMPOSITION_VERSION,
            width,
            height,
            fps: defaults::fps(),
            scenes,
            captions,
            lower_third: None,
            texts: Vec::new(),
            logo: None,
            progress_bar: None,
            vignette: 0.0,
            audio: Audio::default(),
            output: Output::default(),
            fade_in_ms: 0,
            fade_out_ms: 0,
        }
    }

    /// Checks every rule; touches no file.
    ///
    /// # Errors
    /// [`EngineError::BadInput`] with the JSON path of the first field that is wrong.
    pub fn validate(&self) -> Result<(), EngineError> {
        validate::composition(self)
    }

    /// Every file that its frames are drawn from, in the order of the document; sound is not among them.
    pub fn image_files(&self) -> impl Iterator<Item = &Path> {
        let scenes = self
            .scenes
            .iter()
            .flat_map(Scene::visuals)
            .filter_map(Visual::file);
        scenes.chain(self.logo.iter().map(|logo| logo.path.as_path()))
    }

    /// Sum of the scenes.
    pub fn duration_ms(&self) -> u64 {
        self.scenes
            .iter()
            .fold(0, |sum, scene| sum.saturating_add(scene.duration_ms))
    }

    /// Number of frames.
    pub fn frames(&self) -> u64 {
        round_u64(real_u64(self.duration_ms()) * f64::from(self.fps) / 1000.0)
    }
}

impl EncoderPreset {
    /// Frames that are looked at ahead of their time, where the preset that x264 knows looks at none.
    pub(crate) fn look_ahead(self) -> Option<u32> {
        (self == Self::Swift).then_some(10)
    }

    /// The name x264 knows.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ultrafast => "ultrafast",
            Self::Superfast | Self::Swift => "superfast",
            Self::Veryfast => "veryfast",
            Self::Faster => "faster",
            Self::Fast => "fast",
            Self::Medium => "medium",
        }
    }
}

impl Default for Output {
    fn default() -> Self {
        Self {
            crf: 23,
            preset: EncoderPreset::Swift,
            audio_kbps: 160,
            sound: SoundEffort::Full,
        }
    }
}

/// Serde skips a vignette that is none.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out a reference")]
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

/// Defaults that serde needs as functions; the numbers of the product page.
mod defaults {
    use crate::colour::Colour;

    pub(super) fn fps() -> u32 {
        30
    }
    pub(super) fn white() -> Colour {
        Colour::WHITE
    }
    pub(super) fn accent() -> Colour {
        Colour::rgb(0xff_d8_4d)
    }
    pub(super) fn inset_size() -> f64 {
        36.0
    }
    pub(super) fn logo_size() -> f64 {
        14.0
    }
    pub(super) fn logo_opacity() -> f64 {
        0.9
    }
    pub(super) fn bar_px() -> f64 {
        10.0
    }
    pub(super) fn middle() -> f64 {
        50.0
    }
    pub(super) fn text_width() -> f64 {
        80.0
    }
    pub(super) fn text_px() -> f64 {
        64.0
    }
    pub(super) fn text_weight() -> u16 {
        800
    }
    pub(super) fn text_lines() -> usize {
        3
    }
    pub(super) fn plate_opacity() -> f64 {
        0.82
    }
    pub(super) fn amount() -> f64 {
        0.12
    }
    pub(super) fn caption_position() -> f64 {
        75.0
    }
    pub(super) fn font_px() -> f64 {
        48.0
    }
    pub(super) fn lower_third_position() -> f64 {
        66.0
    }
}

#[cfg(test)]
mod tests;
