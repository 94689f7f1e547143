//! Burned-in words: which are on screen at a moment (`pages`), how far they are (`state`), and what they look like
//! (`look` in numbers, `page_art` in paint).

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use crate::composition::{CaptionPreset, Captions, Composition};
use crate::fonts::Fonts;
use crate::number::{real_u64, single};
use crate::overlay::Overlay;
use crate::subtitles::Cue;
use crate::text::TextStyle;
use crate::timeline;

mod blur;
mod brush;
mod long_word;
mod look;
mod lower_third;
mod page_art;
mod pages;
mod sentences;
mod state;

pub(crate) use blur::soften;
pub(crate) use lower_third::LowerThirdTrack;

use look::Look;
use page_art::PageArt;
use pages::{Item, LEADING_EM_MAX, LINES_MAX, Page};
use state::State;

/// The narrowest line, in em: letters shrink rather than stand one above the other.
const LINE_EM_MIN: f64 = 5.0;

/// Sizes of a caption track in pixels.
#[derive(Clone, Copy, Debug)]
struct Sheet {
    frame: (u32, u32),
    /// Left, top, width and height of what captions may use.
    area: [f64; 4],
    position_pct: f64,
    look: Look,
    style: TextStyle,
    line_width: f32,
    page_width: f32,
}

impl Sheet {
    fn new(composition: &Composition, captions: &Captions) -> Self {
        let frame = (composition.width, composition.height);
        let look = Look::of(captions.preset);
        let area = captions.safe_area.captions(frame);
        let [_, _, width, height] = area;
        let over_em = 2.0 * f64::from(look.overhang_em);
        let wanted = captions.font_px * f64::from(frame.0.min(frame.1)) / 1080.0 * look.scale;
        let lines_em = crate::number::real(LINES_MAX) * f64::from(LEADING_EM_MAX);
        let size = wanted
            .min(height / (lines_em + over_em))
            .min(width / (LINE_EM_MIN + over_em));
        let line_width = width - over_em * size;
        Self {
            frame,
            area,
            position_pct: captions.position_pct,
            look,
            style: TextStyle::new(single(size), look.weight),
            line_width: single(line_width),
            page_width: single((size * look.page_em).min(line_width * 1.8)),
        }
    }
}

/// All captions of a video, drawn once per change.
#[derive(Debug)]
pub(crate) struct CaptionTrack<'a> {
    captions: &'a Captions,
    sheet: Sheet,
    pages: Vec<Page>,
    art: Option<(usize, PageArt)>,
    last: Option<(usize, State, Arc<Overlay>)>,
}

impl<'a> CaptionTrack<'a> {
    /// Breaks the words into pages.
    pub(crate) fn new(fonts: &mut Fonts, composition: &Composition, captions: &'a Captions) -> Self {
        let sheet = Sheet::new(composition, captions);
        let scenes_ms: Vec<u64> = composition.scenes.iter().map(|scene| scene.start_ms).collect();
        let pages = pages::paginate(fonts, captions, &sheet, &scenes_ms);
        Self {
            captions,
            sheet,
            pages,
            art: None,
            last: None,
        }
    }

    /// How many captions appear over the whole video.
    pub(crate) fn count(&self) -> usize {
        self.pages.len()
    }

    /// All that decides which words are seen from a moment to another, as data; `None` when none are.
    pub(crate) fn between(&self, first_ms: f64, last_ms: f64) -> Option<impl Serialize> {
        let seen = |page: &&Page| real_u64(page.start_ms) <= last_ms && real_u64(page.end_ms) > first_ms;
        let pages: Vec<Page> = self.pages.iter().filter(seen).cloned().collect();
        (!pages.is_empty()).then_some(pages)
    }

    /// The pages as text.
    pub(crate) fn cues(&self) -> Vec<Cue> {
        let lines = |page: &Page| {
            let texts = page.lines.iter().map(|range| {
                let items = page.items.get(range.clone()).unwrap_or_default();
                pages::line_text(items, &self.captions.language, 1).0
            });
            texts.collect()
        };
        let cue = |page: &Page| Cue {
            start_ms: page.start_ms,
            end_ms: page.end_ms,
            lines: lines(page),
        };
        self.pages.iter().map(cue).collect()
    }

    /// When something must be seen to change because a word of the voice begins, for the checks.
    ///
    /// A karaoke word is half filled in its middle; a preset without a highlight changes with its pages only.
    pub(crate) fn marks(&self) -> Vec<f64> {
        let spoken = |item: &&Item| {
            let words = &self.captions.words;
            let place = words.partition_point(|word| word.start_ms < item.start_ms);
            words
                .get(place)
                .is_some_and(|word| word.start_ms == item.start_ms)
        };
        let whole_pages = self.captions.preset == CaptionPreset::Minimal;
        let per_page = |page: &'_ Page| {
            let items = page.items.iter().filter(spoken);
            let dues: Vec<f64> = items
                .map(|item| match self.captions.preset {
                    CaptionPreset::Karaoke => f64::midpoint(real_u64(item.start_ms), real_u64(item.end_ms)),
                    _ => real_u64(item.start_ms),
                })
                .collect();
            let count = if whole_pages { 1 } else { dues.len() };
            dues.into_iter().take(count)
        };
        self.pages.iter().flat_map(per_page).collect()
    }

    /// How many letters and digits of the words are on no caption, and how many there are; those that no font has do not
    /// count.
    pub(crate) fn letters_lost(&self, fonts: &mut Fonts) -> (usize, usize) {
        let mut known: HashMap<char, bool> = HashMap::new();
        let letters = self.captions.words.iter().flat_map(|word| word.text.chars());
        let all = letters
            .filter(|letter| letter.is_alphanumeric())
            .filter(|letter| *known.entry(*letter).or_insert_with(|| fonts.draws(*letter)))
            .count();
        let pages = self.pages.iter();
        let drawn: usize = pages
            .map(|page| page_art::letters_drawn(fonts, page, self.captions, &self.sheet))
            .sum();
        (all.saturating_sub(drawn), all)
    }

    /// Moments that together show every word in its largest form.
    pub(crate) fn moments(&self) -> Vec<f64> {
        let items = self.pages.iter().flat_map(|page| &page.items);
        items
            .map(|item| (real_u64(item.start_ms) + state::PEAK_MS).min(real_u64(item.end_ms) - 1.0))
            .collect()
    }

    /// Makes ready for a frame by going through those of its page that come before it.
    ///
    /// A drawing that was patched on its way differs in the rounding of some edges from one that is drawn at once.
    pub(crate) fn wind_to(&mut self, fonts: &mut Fonts, frame: u64, fps: u32) {
        self.last = None;
        let now_ms = timeline::frame_ms(frame, fps);
        let before = self.pages.iter().rfind(|page| real_u64(page.start_ms) <= now_ms);
        let first = before.map_or(frame, |page| timeline::first_frame(page.start_ms, fps));
        for number in first..frame {
            drop(self.at(fonts, timeline::frame_ms(number, fps)));
        }
    }

    /// What to lay over the frame at a moment.
    ///
    /// # Promises
    /// The same drawing is the same `Arc`; a change draws only the words that look different.
    pub(crate) fn at(&mut self, fonts: &mut Fonts, now_ms: f64) -> Option<Arc<Overlay>> {
        let number = self
            .pages
            .partition_point(|page| real_u64(page.start_ms) <= now_ms)
            .checked_sub(1)?;
        let page = self
            .pages
            .get(number)
            .filter(|page| now_ms < real_u64(page.end_ms))?;
        let state = State::at(page, self.captions.preset, now_ms);
        if let Some((shown, last, overlay)) = &self.last
            && (*shown, *last) == (number, state)
        {
            return Some(Arc::clone(overlay));
        }
        if self.art.as_ref().is_none_or(|(drawn, _)| *drawn != number) {
            let art = PageArt::new(fonts, page, self.captions, &self.sheet)?;
            self.art = Some((number, art));
        }
        let (_, art) = self.art.as_ref()?;
        let overlay = match self.last.take() {
            Some((shown, last, overlay)) if shown == number => patched(art, overlay, (last, state)),
            _ => Arc::new(Overlay::new(&art.whole(state)?, art.place.0, art.place.1)),
        };
        self.last = Some((number, state, Arc::clone(&overlay)));
        Some(overlay)
    }
}

/// The drawing of one state turned into that of another.
fn patched(art: &PageArt, mut overlay: Arc<Overlay>, (from, to): (State, State)) -> Arc<Overlay> {
    if let Some(window) = art.difference(from, to)
        && let Some(patch) = art.paint(to, window)
    {
        Arc::make_mut(&mut overlay).patch(&patch, window.left, window.top);
    }
    overlay
}
