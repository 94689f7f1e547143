//! What a caption looks like at a moment, as a few numbers: two equal states are drawn once.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::captions::pages::{Item, Page};
use crate::composition::CaptionPreset;
use crate::number::{count, real, real_u64, round_usize};

/// Parts in which a karaoke word fills: at 30 frames a second a short word has no more frames.
pub(super) const FILL_STEPS: usize = 8;
/// How long each step of the bounce stays: a frame at 30 frames a second.
const POP_STEP_MS: f64 = 34.0;
/// When a word that pops is largest, counted from its start.
pub(super) const PEAK_MS: f64 = 2.5 * POP_STEP_MS;
/// Growth of a word that pops, per step, as a part of its full growth; the last one stays while it is spoken.
pub(super) const POP_CURVE: [f32; 6] = [0.45, 0.85, 1.0, 0.9, 0.75, 0.7];

/// What decides the drawing of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The word being spoken; in presets that add up, the last one that has begun.
    pub(super) word: Option<usize>,
    /// Karaoke: filled eighths; pop: step of the bounce; typewriter: letters of the word.
    pub(super) step: usize,
}

impl State {
    pub(super) fn at(page: &Page, preset: CaptionPreset, now_ms: f64) -> Self {
        let active = match preset {
            CaptionPreset::Minimal => None,
            CaptionPreset::Karaoke | CaptionPreset::Typewriter => page.begun(now_ms),
            CaptionPreset::Classic | CaptionPreset::Pill | CaptionPreset::Pop => page.active(now_ms),
        };
        let item = active.and_then(|number| page.items.get(number));
        Self {
            word: active,
            step: item.map_or(0, |item| step(item, preset, now_ms)),
        }
    }

    /// The words that may look different in another state of the same page.
    pub(super) fn changed(self, other: Self, preset: CaptionPreset) -> [Option<Range<usize>>; 2] {
        let only = |word: Option<usize>| word.map(|word| word..word + 1);
        if adds_up(preset) {
            let words = [self.word, other.word].map(Option::unwrap_or_default);
            [Some(words[0].min(words[1])..words[0].max(words[1]) + 1), None]
        } else {
            [only(self.word), only(other.word)]
        }
    }
}

/// Whether a word keeps its mark after it was spoken.
pub(super) fn adds_up(preset: CaptionPreset) -> bool {
    matches!(preset, CaptionPreset::Karaoke | CaptionPreset::Typewriter)
}

fn step(item: &Item, preset: CaptionPreset, now_ms: f64) -> usize {
    let passed_ms = now_ms - real_u64(item.start_ms);
    let length_ms = real_u64(item.end_ms.saturating_sub(item.start_ms)).max(1.0);
    let share = (passed_ms / length_ms).clamp(0.0, 1.0);
    match preset {
        CaptionPreset::Karaoke => whole(share * real(FILL_STEPS)).min(FILL_STEPS),
        CaptionPreset::Pop => whole(passed_ms / POP_STEP_MS).min(POP_CURVE.len() - 1),
        CaptionPreset::Typewriter => {
            let letters = item.text.graphemes(true).count();
            (1 + whole(share * real(letters))).min(letters)
        }
        CaptionPreset::Classic | CaptionPreset::Pill | CaptionPreset::Minimal => 0,
    }
}

/// Rounded down, not below 0.
fn whole(value: f64) -> usize {
    round_usize(value.floor().max(0.0))
}

/// A step as a part of all steps.
pub(super) fn share(step: usize, steps: usize) -> f64 {
    f64::from(count(step)) / f64::from(count(steps.max(1)))
}

#[cfg(test)]
mod tests;
