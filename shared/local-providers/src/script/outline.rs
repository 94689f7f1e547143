//! Puts a script together: how many points, which wordings, at what times.
//!
//! `sections` makes the ways in which each section can be said.

use domain::script::{HEADING_CHARS_MAX, Script, Section};
use domain::settings::{Language, Settings};
use providers::ProviderError;
use providers::pace::{END_MS, FRAME_MS, LEAD_MS, TAIL_MS, gap_ms, spoken_ms, suiting_points};

use super::avoid::Avoid;
use super::bank::{Bank, bank};
use super::fit::{Fitted, Wording, fit};
use super::sections::Draft;
use super::topic::{Topic, capitalised, shortened};

/// Shortest share of time in which a promised number of points makes sense, milliseconds.
const POINT_MS_MIN: u32 = 2800;

/// Writes a script.
///
/// # Errors
/// [`ProviderError::Refused`] when the phrases to avoid leave nothing to say.
pub(super) fn outline(settings: &Settings) -> Result<Script, ProviderError> {
    let script = Writer::new(settings).and_then(|writer| writer.write());
    script.ok_or_else(|| ProviderError::Refused {
        doing: "writing an outline",
        source: Some("the phrases to avoid leave nothing to say".into()),
    })
}

/// A script in the making.
pub(super) struct Writer<'a> {
    /// What is asked.
    pub(super) settings: &'a Settings,
    /// Phrases of the language.
    pub(super) bank: &'static Bank,
    /// Phrases that the brand does not want.
    pub(super) avoid: Avoid,
    /// The keyword as the language says it.
    pub(super) topic: Topic,
    /// The keyword may be said: it holds no phrase to avoid.
    pub(super) sayable: bool,
    /// How long it takes to say.
    pub(super) topic_ms: u32,
    /// Title when the keyword may not be said.
    pub(super) neutral: &'static str,
}

impl<'a> Writer<'a> {
    fn new(settings: &'a Settings) -> Option<Self> {
        let bank = bank(settings.language);
        let avoid = Avoid::new(&settings.brand.phrases_to_avoid);
        let keyword = settings.keyword.as_str();
        let bare = keyword.trim_end_matches(['.', '!', ',', ':', ';', '。', '！', '，', ' ']);
        let topic = (bank.topic)(if bare.is_empty() { keyword } else { bare });
        let titles = [bank.neutral_title]
            .into_iter()
            .chain(bank.outro_headings.iter().copied());
        Some(Self {
            settings,
            bank,
            neutral: titles.into_iter().find(|title| avoid.allows(title))?,
            sayable: avoid.allows(keyword) && avoid.allows(&topic.title),
            topic_ms: spoken_ms(keyword, settings.language, settings.speed_percent),
            avoid,
            topic,
        })
    }

    fn write(&self) -> Option<Script> {
        let mut best: Option<(Vec<Draft>, Fitted)> = None;
        for points in self.point_counts() {
            let drafts = self.drafts(points)?;
            let wordings: Vec<Vec<Wording>> = drafts.iter().map(|d| d.wordings.clone()).collect();
            let Some(fitted) = fit(&wordings, self.speech_ms(drafts.len())) else {
                continue;
            };
            let near = fitted.error_ms.saturating_mul(25) <= self.duration_ms();
            let better = best
                .as_ref()
                .is_none_or(|(_, known)| fitted.error_ms < known.error_ms);
            if better {
                best = Some((drafts, fitted));
            }
            if near {
                break;
            }
        }
        let (drafts, fitted) = best?;
        let points = drafts.iter().filter(|d| d.number.is_some()).count();
        Some(Script {
            title: self.title(points),
            sections: self.timed(drafts, fitted.wordings),
            edited: false,
        })
    }

    pub(super) fn duration_ms(&self) -> u32 {
        self.settings.duration_s.saturating_mul(1000)
    }

    pub(super) fn language(&self) -> Language {
        self.settings.language
    }

    pub(super) fn spoken_ms(&self, text: &str) -> u32 {
        spoken_ms(text, self.language(), self.settings.speed_percent)
    }

    /// What is left for words when the pauses between the sections are taken off.
    pub(super) fn speech_ms(&self, sections: usize) -> u32 {
        let gaps = u32::try_from(sections.saturating_sub(1)).unwrap_or(u32::MAX);
        let gap = gap_ms(self.language(), self.settings.speed_percent);
        self.duration_ms()
            .saturating_sub(gap.saturating_mul(gaps))
            .saturating_sub(LEAD_MS + TAIL_MS + END_MS)
    }

    /// How many points to try: what the keyword promises, what suits the length, and its neighbours.
    fn point_counts(&self) -> Vec<usize> {
        let most = self.settings.scenes_max().saturating_sub(2).max(1);
        let words_ms = self.duration_ms().saturating_mul(self.settings.speed_percent) / 100;
        let fitting = suiting_points(self.settings);
        let promised = self.topic.count.filter(|count| {
            let share = words_ms
                .saturating_sub(FRAME_MS / 2)
                .checked_div(*count)
                .unwrap_or(0);
            *count <= most && share >= POINT_MS_MIN
        });
        let mut counts: Vec<usize> = Vec::new();
        let neighbours = [
            fitting,
            fitting.saturating_sub(1).max(1),
            fitting.saturating_add(1).min(most),
            1,
        ];
        for count in promised.into_iter().chain(neighbours) {
            match usize::try_from(count) {
                Ok(count) if !counts.contains(&count) => counts.push(count),
                _ => {}
            }
        }
        counts
    }

    fn title(&self, points: usize) -> String {
        let kept = self
            .topic
            .count
            .is_some_and(|count| usize::try_from(count) == Ok(points));
        let title = match (self.sayable, kept) {
            (false, _) => self.neutral.to_owned(),
            (true, true) => capitalised(self.settings.keyword.as_str()),
            (true, false) => self.topic.title.clone(),
        };
        shortened(&title, HEADING_CHARS_MAX)
    }

    /// The sections with their words and planned times, stretched to end exactly where the video shall end.
    fn timed(&self, drafts: Vec<Draft>, wordings: Vec<Wording>) -> Vec<Section> {
        let gap = gap_ms(self.language(), self.settings.speed_percent);
        let lengths: Vec<u64> = wordings
            .iter()
            .map(|w| u64::from(w.spoken_ms.saturating_add(gap)))
            .collect();
        let whole = lengths.iter().sum::<u64>().saturating_sub(u64::from(gap)).max(1);
        let duration = u64::from(self.duration_ms());
        let mut spoken = 0_u64;
        let mut start_ms = 0;
        let mut sections = Vec::with_capacity(drafts.len());
        for ((draft, wording), length) in drafts.into_iter().zip(wordings).zip(lengths) {
            spoken = spoken.saturating_add(length);
            let end = spoken
                .min(whole)
                .saturating_mul(duration)
                .checked_div(whole)
                .unwrap_or(duration);
            let end_ms = u32::try_from(end).unwrap_or(u32::MAX);
            sections.push(Section {
                kind: draft.kind,
                number: draft.number,
                image_prompt: self.image_prompt(&draft),
                heading: draft.heading,
                narration: wording.text,
                start_ms,
                end_ms,
            });
            start_ms = end_ms;
        }
        sections
    }
}
