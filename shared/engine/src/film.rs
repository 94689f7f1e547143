//! The frames of a composition, one after another: pictures in motion, the lower third, the captions.

use std::num::NonZero;
use std::ops::Range;
use std::thread;

use crate::captions::{CaptionTrack, LowerThirdTrack};
use crate::composition::Composition;
use crate::dressing::Dressing;
use crate::error::EngineError;
use crate::fonts::Fonts;
use crate::language::Language;
use crate::picture::Canvas;
use crate::reel::Reel;
use crate::resample::{FULL, Renderer};
use crate::timeline;
use crate::tools::Tools;

/// Cores for each thread that draws.
///
/// A core draws about eight frames in the time in which it encodes one, and drawing runs beside the encoder: a second
/// thread pays only when eight cores encode.
const CORES_PER_THREAD: usize = 8;

/// A composition that is ready to be drawn.
#[derive(Debug)]
pub(crate) struct Film<'a> {
    composition: &'a Composition,
    fonts: Fonts,
    captions: Option<CaptionTrack<'a>>,
    lower_third: Option<LowerThirdTrack<'a>>,
    dressing: Dressing<'a>,
    reel: Reel,
    renderer: Renderer,
}

impl<'a> Film<'a> {
    /// Loads the fonts, sets the captions and starts to decode the pictures.
    pub(crate) fn new(tools: &Tools, composition: &'a Composition) -> Result<Self, EngineError> {
        let reel = Reel::start(tools, composition, 0..composition.scenes.len());
        Self::with(tools, composition, reel)
    }

    /// The same without a picture: none can be drawn before [`Film::wind_to`].
    pub(crate) fn ready(tools: &Tools, composition: &'a Composition) -> Result<Self, EngineError> {
        let reel = Reel::start(tools, composition, 0..0);
        Self::with(tools, composition, reel)
    }

    fn with(tools: &Tools, composition: &'a Composition, reel: Reel) -> Result<Self, EngineError> {
        let captions = composition.captions.as_ref();
        let language = captions.map_or_else(Language::english, |track| track.language.clone());
        let mut fonts = Fonts::load(&tools.fonts_dir, &language)?;
        let captions = captions.map(|captions| CaptionTrack::new(&mut fonts, composition, captions));
        let lower_third = composition
            .lower_third
            .as_ref()
            .and_then(|lower_third| LowerThirdTrack::new(&mut fonts, composition, lower_third));
        let dressing = Dressing::new(&mut fonts, composition)?;
        let threads = thread::available_parallelism().map_or(1, NonZero::get) / CORES_PER_THREAD;
        Ok(Self {
            composition,
            fonts,
            captions,
            lower_third,
            dressing,
            reel,
            renderer: Renderer::new(composition.width, composition.height, threads),
        })
    }

    /// Makes ready to draw these frames and no others.
    ///
    /// # Promises
    /// They are the same as when all before them were drawn.
    pub(crate) fn wind_to(&mut self, tools: &Tools, frames: &Range<u64>) {
        let scenes = timeline::scenes(self.composition, frames).unwrap_or_default();
        self.reel = Reel::start(tools, self.composition, scenes);
        if let Some(captions) = &mut self.captions {
            captions.wind_to(&mut self.fonts, frames.start, self.composition.fps);
        }
    }

    /// The captions that are seen from a moment to another, as data; `None` when none are.
    pub(crate) fn captions_between(&self, first_ms: f64, last_ms: f64) -> Option<serde_json::Value> {
        let pages = self.captions.as_ref()?.between(first_ms, last_ms)?;
        serde_json::to_value(pages).ok()
    }

    /// How many captions appear over the whole video.
    pub(crate) fn captions_shown(&self) -> usize {
        self.captions.as_ref().map_or(0, CaptionTrack::count)
    }

    /// Draws the frame of a number over whatever `frame` holds; numbers go up.
    pub(crate) fn draw(&mut self, number: u64, frame: &mut dyn Canvas) -> Result<(), EngineError> {
        let now_ms = timeline::frame_ms(number, self.composition.fps);
        let shot = self.reel.shot(&mut self.fonts, self.composition, now_ms)?;
        self.renderer.draw(&shot, frame);
        self.dressing.draw(frame, now_ms, shot.brightness);
        if let Some((overlay, strength)) = self.lower_third.as_ref().and_then(|track| track.at(now_ms)) {
            overlay.blend(frame, dimmed(strength, shot.brightness));
        }
        if let Some(overlay) = self
            .captions
            .as_mut()
            .and_then(|track| track.at(&mut self.fonts, now_ms))
        {
            overlay.blend(frame, shot.brightness);
        }
        Ok(())
    }
}

/// Two weights of at most [`FULL`] as one.
pub(crate) fn dimmed(strength: u16, brightness: u16) -> u16 {
    let product = u32::from(strength) * u32::from(brightness) / u32::from(FULL);
    u16::try_from(product).unwrap_or(FULL)
}

#[cfg(test)]
mod golden;
#[cfg(test)]
mod tests;
