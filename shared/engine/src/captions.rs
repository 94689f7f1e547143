//! Burned-in words: which are on screen at a moment (`pages`), and what they look like (`paint`).

use std::sync::Arc;

use crate::composition::{Captions, Composition, LowerThird};
use crate::fonts::Fonts;
use crate::motion::smooth;
use crate::number::{real_u64, single};
use crate::overlay::Overlay;
use crate::resample::weight;
use crate::text::TextStyle;

mod blur;
mod pages;
mod paint;

use pages::Page;
use paint::Art;

/// Part of the frame's width that captions may use; the rest is where the apps put their buttons.
const SAFE_WIDTH: f64 = 0.82;
/// On a wide frame, lines longer than this are hard to follow.
const SAFE_WIDTH_LANDSCAPE: f64 = 0.64;
/// The bold that every family of ours has.
const CAPTION_WEIGHT: u16 = 700;
/// A caption shows at most this many em of text: two short lines that are read at a glance.
const PAGE_EM_MAX: f64 = 24.0;
/// How long the lower third comes and goes.
const LOWER_THIRD_FADE_MS: f64 = 250.0;

/// Sizes of a caption track in pixels.
#[derive(Clone, Copy, Debug)]
struct Sheet {
    frame: (u32, u32),
    style: TextStyle,
    line_width: f32,
    page_width: f32,
}

/// Page and active word: what decides the drawing.
type State = (usize, Option<usize>);

/// All captions of a video, drawn once per change.
#[derive(Debug)]
pub(crate) struct CaptionTrack<'a> {
    captions: &'a Captions,
    sheet: Sheet,
    pages: Vec<Page>,
    art: Option<(usize, Art)>,
    last: Option<(State, Arc<Overlay>)>,
}

impl<'a> CaptionTrack<'a> {
    /// Breaks the words into pages.
    pub(crate) fn new(fonts: &mut Fonts, composition: &Composition, captions: &'a Captions) -> Self {
        let (width, height) = (f64::from(composition.width), f64::from(composition.height));
        let size = captions.font_px * width.min(height) / 1080.0;
        let share = if width > height {
            SAFE_WIDTH_LANDSCAPE
        } else {
            SAFE_WIDTH
        };
        let line_width = width * share;
        let sheet = Sheet {
            frame: (composition.width, composition.height),
            style: TextStyle::new(single(size), CAPTION_WEIGHT),
            line_width: single(line_width),
            page_width: single((size * PAGE_EM_MAX).min(line_width * 1.8)),
        };
        let pages = pages::paginate(fonts, captions, &sheet);
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

    /// What to lay over the frame at a moment.
    pub(crate) fn at(&mut self, fonts: &mut Fonts, now_ms: f64) -> Option<Arc<Overlay>> {
        let number = self
            .pages
            .partition_point(|page| real_u64(page.start_ms) <= now_ms)
            .checked_sub(1)?;
        let page = self
            .pages
            .get(number)
            .filter(|page| now_ms < real_u64(page.end_ms))?;
        let state = (number, page.active(now_ms));
        if let Some((last, overlay)) = &self.last
            && *last == state
        {
            return Some(Arc::clone(overlay));
        }
        if self.art.as_ref().is_none_or(|(drawn, _)| *drawn != number) {
            let art = Art::new(fonts, page, self.captions, &self.sheet)?;
            self.art = Some((number, art));
        }
        let (_, art) = self.art.as_ref()?;
        let overlay = Arc::new(art.draw(state.1, self.captions));
        self.last = Some((state, Arc::clone(&overlay)));
        Some(overlay)
    }
}

/// The lower third, drawn once.
#[derive(Debug)]
pub(crate) struct LowerThirdTrack<'a> {
    lower_third: &'a LowerThird,
    overlay: Overlay,
}

impl<'a> LowerThirdTrack<'a> {
    /// `None` when no letter of it can be drawn.
    pub(crate) fn new(
        fonts: &mut Fonts,
        composition: &Composition,
        lower_third: &'a LowerThird,
    ) -> Option<Self> {
        let frame = (composition.width, composition.height);
        let accent = composition
            .captions
            .as_ref()
            .map_or_else(Default::default, |captions| captions.colours);
        let overlay = paint::lower_third(fonts, lower_third, frame, accent)?;
        Some(Self { lower_third, overlay })
    }

    /// What to lay over the frame at a moment, and how strongly.
    pub(crate) fn at(&self, now_ms: f64) -> Option<(&Overlay, u16)> {
        let (start, end) = (
            real_u64(self.lower_third.start_ms),
            real_u64(self.lower_third.end_ms),
        );
        let nearest = (now_ms - start).min(end - now_ms);
        let strength = weight(smooth(nearest / LOWER_THIRD_FADE_MS));
        (strength > 0).then_some((&self.overlay, strength))
    }
}
