//! The compositor: sound first, then frame after frame into the encoder, then a look at the result.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::Instant;

use serde::Serialize;

use crate::audio;
use crate::captions::{CaptionTrack, LowerThirdTrack};
use crate::composition::Composition;
use crate::encode::Encoder;
use crate::error::EngineError;
use crate::ffmpeg::limit_for;
use crate::fonts::Fonts;
use crate::language::Language;
use crate::loudness::{Loudness, measure};
use crate::number::{millis, real_u64, round_u64};
use crate::picture::{self, Picture};
use crate::resample::{FULL, Layer, Renderer, Shot};
use crate::soft_track;
use crate::timeline::{self, Visible};
use crate::tools::Tools;

/// Threads that draw a frame; more only wait for memory, and the encoder wants the rest.
const THREADS_MAX: usize = 8;

/// Progress that belongs to the sound, in percent; the frames take the rest but the last three.
const AUDIO_PERCENT: f64 = 5.0;
const FRAMES_PERCENT: f64 = 92.0;

/// What came out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Length of the picture.
    pub duration_ms: u64,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Frames per second.
    pub fps: u32,
    /// Frames in the file.
    pub frames: u64,
    /// Of the file.
    pub size_bytes: u64,
    /// Measured on the file; `None` for a silent one.
    pub loudness: Option<Loudness>,
    /// How many captions appear.
    pub captions_shown: usize,
    /// Where the time went.
    pub stages: Stages,
}

/// Wall time of the stages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stages {
    /// Mixing and loudness.
    pub audio_ms: u64,
    /// Fonts and the layout of all captions.
    pub captions_ms: u64,
    /// Drawing and encoding.
    pub frames_ms: u64,
    /// Of `frames_ms`, spent in drawing; the rest is the encoder's.
    pub draw_ms: u64,
    /// Measuring the result.
    pub measure_ms: u64,
}

/// Renders a composition to an MP4 file: H.264 High, yuv420p, BT.709, AAC 48 kHz stereo, index in front.
///
/// `progress` hears each percent from 0 to 100 once, in order, on the calling thread.
///
/// # Promises
/// `out` is there complete or not at all: it is written beside and renamed.
/// Memory does not grow with the length: two pictures, a few frames and one caption are held at a time.
///
/// # Errors
/// [`EngineError::BadInput`] before any work; the others name the tool or file at fault.
pub fn compose(
    tools: &Tools,
    composition: &Composition,
    out: &Path,
    progress: &mut dyn FnMut(u8),
) -> Result<Report, EngineError> {
    composition.validate()?;
    let folder = out
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let scratch = tempfile::tempdir_in(folder).map_err(EngineError::io("create a folder in", folder))?;
    let mut gauge = Gauge { progress, told: None };
    let mut stages = Stages::default();
    gauge.tell(0.0);

    let clock = Instant::now();
    let sound = scratch.path().join("mix.wav");
    audio::mix(tools, composition, &sound)?;
    stages.audio_ms = millis(clock.elapsed());
    gauge.tell(AUDIO_PERCENT);

    let draft = scratch.path().join("draft.mp4");
    let captions_shown = frames(tools, composition, (&sound, &draft), (&mut gauge, &mut stages))?;
    let draft = soft_track::added(tools, composition, draft)?;

    let clock = Instant::now();
    let loudness = measure(tools, &draft, limit_for(composition.duration_ms()))?;
    let size_bytes = fs::metadata(&draft)
        .map_err(EngineError::io("read the size of", &draft))?
        .len();
    fs::rename(&draft, out).map_err(EngineError::io("move the video to", out))?;
    stages.measure_ms = millis(clock.elapsed());
    gauge.tell(100.0);
    let frames = composition.frames();
    Ok(Report {
        duration_ms: round_u64(real_u64(frames) * 1000.0 / f64::from(composition.fps)),
        width: composition.width,
        height: composition.height,
        fps: composition.fps,
        frames,
        size_bytes,
        loudness: (!loudness.is_silent()).then_some(loudness),
        captions_shown,
        stages,
    })
}

/// Draws and encodes all frames; answers with the number of captions.
fn frames(
    tools: &Tools,
    composition: &Composition,
    (sound, draft): (&Path, &Path),
    (gauge, stages): (&mut Gauge<'_>, &mut Stages),
) -> Result<usize, EngineError> {
    let clock = Instant::now();
    let language = composition
        .captions
        .as_ref()
        .map_or_else(Language::english, |track| track.language.clone());
    let mut fonts = Fonts::load(&tools.fonts_dir, &language)?;
    let mut captions = composition
        .captions
        .as_ref()
        .map(|captions| CaptionTrack::new(&mut fonts, composition, captions));
    let lower_third = composition
        .lower_third
        .as_ref()
        .and_then(|lower_third| LowerThirdTrack::new(&mut fonts, composition, lower_third));
    stages.captions_ms = millis(clock.elapsed());

    let clock = Instant::now();
    let mut drawn = std::time::Duration::ZERO;
    let mut reel = Reel::start(composition);
    let threads = thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(THREADS_MAX);
    let mut renderer = Renderer::new(composition.width, composition.height, threads);
    let encoder = Encoder::start(tools, composition, sound, draft)?;
    let total = composition.frames();
    for number in 0..total {
        let Some(mut frame) = encoder.buffer() else { break };
        let start = Instant::now();
        let now_ms = timeline::frame_ms(number, composition.fps);
        let shot = reel.shot(composition, now_ms)?;
        renderer.draw(&shot, &mut frame);
        if let Some((overlay, strength)) = lower_third.as_ref().and_then(|track| track.at(now_ms)) {
            overlay.blend(&mut frame, dimmed(strength, shot.brightness));
        }
        if let Some(overlay) = captions.as_mut().and_then(|track| track.at(&mut fonts, now_ms)) {
            overlay.blend(&mut frame, shot.brightness);
        }
        drawn += start.elapsed();
        if !encoder.push(frame) {
            break;
        }
        gauge.tell(AUDIO_PERCENT + FRAMES_PERCENT * real_u64(number) / real_u64(total));
    }
    encoder.finish()?;
    stages.frames_ms = millis(clock.elapsed());
    stages.draw_ms = millis(drawn);
    Ok(captions.map_or(0, |track| track.count()))
}

/// Two weights of at most [`FULL`] as one.
fn dimmed(strength: u16, brightness: u16) -> u16 {
    let product = u32::from(strength) * u32::from(brightness) / u32::from(FULL);
    u16::try_from(product).unwrap_or(FULL)
}

/// Tells progress once per percent.
struct Gauge<'a> {
    progress: &'a mut dyn FnMut(u8),
    told: Option<u8>,
}

impl Gauge<'_> {
    fn tell(&mut self, percent: f64) {
        let percent = crate::number::byte(percent.floor().clamp(0.0, 100.0));
        if self.told.is_none_or(|told| percent > told) {
            self.told = Some(percent);
            (self.progress)(percent);
        }
    }
}

/// The pictures of the scenes, decoded ahead of their time by a thread of their own.
struct Reel {
    next: Receiver<Result<Picture, EngineError>>,
    received: usize,
    held: VecDeque<(usize, Arc<Picture>)>,
}

impl Reel {
    fn start(composition: &Composition) -> Self {
        let size = (composition.width, composition.height);
        let files: Vec<(PathBuf, f64)> = composition
            .scenes
            .iter()
            .map(|scene| (scene.image.clone(), scene.motion.magnification()))
            .collect();
        // One finished picture waits while the one after it is decoded.
        let (sender, next) = sync_channel(0);
        // Detached: it ends with the last picture, or as soon as the reel is dropped.
        drop(thread::spawn(move || {
            let mut pictures = files
                .into_iter()
                .map(|(file, magnification)| picture::load(&file, size, magnification));
            // `all` stops at the first one that nobody wants any more.
            pictures.all(|picture| sender.send(picture).is_ok())
        }));
        Self {
            next,
            received: 0,
            held: VecDeque::new(),
        }
    }

    fn shot(&mut self, composition: &Composition, now_ms: f64) -> Result<Shot, EngineError> {
        let moment =
            timeline::at(composition, now_ms).ok_or(EngineError::Internal("a composition has scenes"))?;
        while self
            .held
            .front()
            .is_some_and(|(number, _)| *number < moment.under.scene)
        {
            self.held.pop_front();
        }
        let under = self.layer(composition, moment.under)?;
        let over = match moment.over {
            Some((visible, weight)) => Some((self.layer(composition, visible)?, weight)),
            None => None,
        };
        Ok(Shot {
            under,
            over,
            brightness: moment.brightness,
        })
    }

    fn layer(&mut self, composition: &Composition, visible: Visible) -> Result<Layer, EngineError> {
        let ended = EngineError::Internal("the reel holds every scene");
        while self.received <= visible.scene {
            let picture = self
                .next
                .recv()
                .ok()
                .ok_or(EngineError::Internal("the picture loader died"))??;
            self.held.push_back((self.received, Arc::new(picture)));
            self.received += 1;
        }
        let picture = self.held.iter().find(|(number, _)| *number == visible.scene);
        let (Some((_, picture)), Some(scene)) = (picture, composition.scenes.get(visible.scene)) else {
            return Err(ended);
        };
        Ok(Layer {
            picture: Arc::clone(picture),
            view: scene.motion.view(visible.progress),
        })
    }
}

#[cfg(test)]
mod tests;
