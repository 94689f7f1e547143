//! The frames of a composition, one after another: images in motion, the lower third, the captions.

use std::num::NonZero;
use std::ops::Range;
use std::thread;

use crate::blend::dimmed;
use crate::captions::{CaptionTrack, LowerThirdTrack};
use crate::composition::Composition;
use crate::error::EngineError;
use crate::fonts::Fonts;
use crate::language::Language;
use crate::overlays::Overlays;
use crate::resample::Renderer;
use crate::scene_loader::SceneLoader;
use crate::timeline;
use crate::tools::Tools;
use crate::yuv_image::Canvas;

/// Cores for each thread that draws.
///
/// A core draws about eight frames in the time in which it encodes one, and drawing runs beside the encoder: a second
/// thread pays only when eight cores encode.
const CORES_PER_THREAD: usize = 8;

/// A composition that is ready to be drawn.
#[derive(Debug)]
pub(crate) struct FrameRenderer<'a> {
    composition: &'a Composition,
    fonts: Fonts,
    captions: Option<CaptionTrack<'a>>,
    lower_third: Option<LowerThirdTrack<'a>>,
    overlays: Overlays<'a>,
    loader: SceneLoader,
    renderer: Renderer,
}

impl<'a> FrameRenderer<'a> {
    /// Loads the fonts, sets the captions and starts to decode the images.
    pub(crate) fn new(tools: &Tools, composition: &'a Composition) -> Result<Self, EngineError> {
        let loader = SceneLoader::start(tools, composition, 0..composition.scenes.len());
        Self::with(tools, composition, loader)
    }

    /// The same without an image: none can be drawn before [`FrameRenderer::wind_to`].
    pub(crate) fn ready(tools: &Tools, composition: &'a Composition) -> Result<Self, EngineError> {
        let loader = SceneLoader::start(tools, composition, 0..0);
        Self::with(tools, composition, loader)
    }

    fn with(tools: &Tools, composition: &'a Composition, loader: SceneLoader) -> Result<Self, EngineError> {
        let captions = composition.captions.as_ref();
        let language = captions.map_or_else(Language::english, |track| track.language.clone());
        let mut fonts = Fonts::load(&tools.fonts_dir, &language)?;
        let captions = captions.map(|captions| CaptionTrack::new(&mut fonts, composition, captions));
        let lower_third = composition
            .lower_third
            .as_ref()
            .and_then(|lower_third| LowerThirdTrack::new(&mut fonts, composition, lower_third));
        let overlays = Overlays::new(&mut fonts, composition)?;
        let threads = thread::available_parallelism().map_or(1, NonZero::get) / CORES_PER_THREAD;
        Ok(Self {
            composition,
            fonts,
            captions,
            lower_third,
            overlays,
            loader,
            renderer: Renderer::new(composition.width, composition.height, threads),
        })
    }

    /// Makes ready to draw these frames and no others.
    ///
    /// # Promises
    /// They are the same as when all before them were drawn.
    pub(crate) fn wind_to(&mut self, tools: &Tools, frames: &Range<u64>) {
        let scenes = timeline::scenes(self.composition, frames).unwrap_or_default();
        self.loader = SceneLoader::start(tools, self.composition, scenes);
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
        let shot = self.loader.shot(&mut self.fonts, self.composition, now_ms)?;
        self.renderer.draw(&shot, frame);
        self.overlays.draw(frame, now_ms, shot.brightness);
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

#[cfg(test)]
mod golden;
#[cfg(test)]
mod tests;
