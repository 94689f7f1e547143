//! Joins the stretches of all scenes to one track and keeps the times.

use domain::outputs::Word;
use domain::settings::Language;
use providers::pace::{LEAD_MS, TAIL_MS};
use spoken_text::Spoken;

use super::process::{Anchor, Utterance};
use super::wave::Wave;
use super::words::{timed, tokens};

/// An image changes this long before its scene is heard, milliseconds: the eye leads the ear.
const IMAGE_LEAD_MS: u32 = 120;
/// Silence between two voices of one sentence, milliseconds.
const HANDOVER_MS: u32 = 40;
/// A section that nobody can say (only marks) is shown for as long, milliseconds.
const SILENT_SECTION_MS: u32 = 700;

/// The track so far.
#[derive(Debug)]
pub(super) struct Track {
    wave: Wave,
    language: Language,
    gap_ms: u32,
    words: Vec<Word>,
    marks_ms: Vec<u32>,
}

/// A finished track before its loudness is set.
#[derive(Debug)]
pub(super) struct Joined {
    /// The sound.
    pub(super) wave: Wave,
    /// Every word.
    pub(super) words: Vec<Word>,
    /// Start of each scene.
    pub(super) starts_ms: Vec<u32>,
}

impl Track {
    /// An empty track; scenes are `gap_ms` apart.
    pub(super) fn new(language: Language, gap_ms: u32) -> Self {
        Self {
            wave: Wave::default(),
            language,
            gap_ms,
            words: Vec::new(),
            marks_ms: Vec::new(),
        }
    }

    /// Adds a scene: its text as it is shown and as it is said, and its stretches, each with its first character in
    /// what is said.
    pub(super) fn add(&mut self, text: &str, spoken: &Spoken, stretches: Vec<(usize, Utterance)>) {
        if self.wave.rate == 0 {
            self.wave.rate = stretches
                .first()
                .map_or(22_050, |(_, utterance)| utterance.wave.rate);
        }
        let first = self.marks_ms.is_empty();
        self.wave.rest(if first { LEAD_MS } else { self.gap_ms });
        let from_ms = self.wave.duration_ms();
        let lead_ms = IMAGE_LEAD_MS.min(self.gap_ms);
        self.marks_ms
            .push(if first { 0 } else { from_ms.saturating_sub(lead_ms) });
        let mut anchors = Vec::new();
        for (index, (start, utterance)) in stretches.into_iter().enumerate() {
            if index > 0 {
                self.wave.rest(HANDOVER_MS);
            }
            let begins_ms = self.wave.duration_ms();
            anchors.extend(utterance.anchors.iter().map(|anchor| Anchor {
                character: spoken.shown_at(start.saturating_add(anchor.character)),
                at_ms: begins_ms.saturating_add(anchor.at_ms),
            }));
            self.wave.samples.extend_from_slice(&utterance.wave.samples);
        }
        if self.wave.duration_ms() == from_ms {
            self.wave.rest(SILENT_SECTION_MS);
        }
        let scene = u32::try_from(self.marks_ms.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let to_ms = self.wave.duration_ms();
        let tokens = tokens(text, self.language);
        self.words
            .extend(timed(text, tokens, &anchors, (from_ms, to_ms), scene));
    }

    /// Ends the track with a breath.
    pub(super) fn finish(mut self) -> Joined {
        self.wave.rest(TAIL_MS);
        Joined {
            wave: self.wave,
            words: self.words,
            starts_ms: self.marks_ms,
        }
    }
}

#[cfg(test)]
mod tests;
