//! The compositor: sound first, then frame after frame into the encoder, then a look at the result.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::audio;
use crate::composition::Composition;
use crate::encode::Encoder;
use crate::error::EngineError;
use crate::ffmpeg::limit_for;
use crate::film::Film;
use crate::loudness::{Loudness, measure};
use crate::number::{millis, real_u64, round_u64};
use crate::soft_track;
use crate::tools::Tools;

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
    let mut film = Film::new(tools, composition)?;
    stages.captions_ms = millis(clock.elapsed());

    let clock = Instant::now();
    let mut drawn = Duration::ZERO;
    let encoder = Encoder::start(tools, composition, sound, draft)?;
    let total = composition.frames();
    for number in 0..total {
        let Some(mut frame) = encoder.buffer() else { break };
        let start = Instant::now();
        film.draw(number, &mut frame)?;
        drawn += start.elapsed();
        if !encoder.push(frame) {
            break;
        }
        gauge.tell(AUDIO_PERCENT + FRAMES_PERCENT * real_u64(number) / real_u64(total));
    }
    encoder.finish()?;
    stages.frames_ms = millis(clock.elapsed());
    stages.draw_ms = millis(drawn);
    Ok(film.captions_shown())
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

#[cfg(test)]
mod tests;
