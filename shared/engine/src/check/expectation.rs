//! What a finished video should be, out of its composition or of the product's rules.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::composition::{Composition, MotionKind, Scene, Visual};

/// Black at the ends that is not asked for; a dark first image may count as black for a moment.
const BLACK_MS_MAX: u64 = 300;
/// A video that stands still for longer is broken.
const FROZEN_MS_MAX: u64 = 3_000;
/// A pause in a narration; more is a lost voice.
const SILENCE_MS_MAX: u64 = 4_000;
/// A pause is this much longer than the gap between its words.
const PAUSE_SLACK_MS: u64 = 500;

/// What a video should be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// Length; a frame, and the 10 ms to which ffmpeg tells it, may be missing or too much.
    pub duration_ms: u64,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Frames per second.
    pub fps: u32,
    /// Integrated loudness; `None` for a video that may be silent.
    pub target_lufs: Option<f64>,
    /// Whether a video without any sound has its loudness too: nothing but clips is heard, and those may have none.
    #[serde(default)]
    pub may_be_silent: bool,
    /// Highest true peak.
    pub true_peak_dbtp: f64,
    /// Black frames allowed in total.
    pub black_ms_max: u64,
    /// Longest standstill allowed; `None` when images stand still on purpose.
    pub frozen_ms_max: Option<u64>,
    /// Longest silence allowed; `None` for a video that may be silent.
    pub silence_ms_max: Option<u64>,
    /// A thumbnail that must not be black.
    #[serde(default)]
    pub thumbnail: Option<PathBuf>,
}

/// The longest time before or between the words of the captions; 0 without any.
fn longest_pause_ms(composition: &Composition) -> u64 {
    let words = composition.captions.iter().flat_map(|captions| &captions.words);
    let mut spoken_until_ms = 0;
    let gaps = words.map(|word| {
        let gap_ms = word.start_ms.saturating_sub(spoken_until_ms);
        spoken_until_ms = word.end_ms.max(spoken_until_ms);
        gap_ms
    });
    gaps.max().unwrap_or_default()
}

/// Whether clips are to be heard; only their files know whether they have a sound.
fn has_heard_clips(composition: &Composition) -> bool {
    let mut visuals = composition.scenes.iter().flat_map(Scene::visuals);
    visuals.any(|visual| matches!(visual, Visual::Clip(clip) if clip.sound.is_some()))
}

impl Expectation {
    /// What a composition promises.
    pub fn of(composition: &Composition) -> Self {
        let sounds = composition.audio.is_heard();
        let clips = has_heard_clips(composition);
        let (target_lufs, true_peak_dbtp) = composition.audio.levels();
        let moves = composition
            .scenes
            .iter()
            .all(|scene| scene.motion.kind != MotionKind::None);
        // A voice that ends early leaves a silent tail, which is for the plan to avoid, not for this check.
        let spoken_ms = composition
            .captions
            .as_ref()
            .and_then(|captions| captions.words.last())
            .map_or(composition.duration_ms(), |word| word.end_ms);
        let tail_ms = composition.duration_ms().saturating_sub(spoken_ms);
        // A pause that the words themselves have is planned; a little of it is breath and decay.
        let pause_ms = longest_pause_ms(composition).saturating_add(PAUSE_SLACK_MS);
        Self {
            duration_ms: composition.duration_ms(),
            width: composition.width,
            height: composition.height,
            fps: composition.fps,
            target_lufs: (sounds || clips).then_some(target_lufs),
            may_be_silent: !sounds,
            true_peak_dbtp,
            black_ms_max: BLACK_MS_MAX + composition.fade_in_ms + composition.fade_out_ms,
            frozen_ms_max: moves.then_some(FROZEN_MS_MAX),
            silence_ms_max: sounds.then_some(SILENCE_MS_MAX.max(pause_ms) + tail_ms),
            thumbnail: None,
        }
    }

    /// What the product promises of every short; set the length and the size.
    pub fn any_short() -> Self {
        Self {
            duration_ms: 0,
            width: 0,
            height: 0,
            fps: 30,
            target_lufs: Some(-14.0),
            may_be_silent: false,
            true_peak_dbtp: -1.0,
            black_ms_max: BLACK_MS_MAX,
            frozen_ms_max: Some(FROZEN_MS_MAX),
            silence_ms_max: Some(SILENCE_MS_MAX),
            thumbnail: None,
        }
    }

    /// The same, with a thumbnail to look at.
    #[must_use]
    pub fn with_thumbnail(self, path: &Path) -> Self {
        Self {
            thumbnail: Some(path.to_path_buf()),
            ..self
        }
    }
}
