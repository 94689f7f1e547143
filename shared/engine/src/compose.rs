//! The compositor: frame after frame into the encoder, the sound beside it, then both into one file.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::audio;
use crate::composition::{Composition, SoundEffort};
use crate::encode::Encoder;
use crate::error::EngineError;
use crate::ffmpeg::limit_for;
use crate::frame_renderer::FrameRenderer;
use crate::loudness::{Loudness, measure};
use crate::mux::{self, SoundForm};
use crate::number::{millis, real_u64, round_u64};
use crate::segments::{self, Job, SegmentCache, SegmentReport, find_sound, keep_sound, sound_key};
use crate::soft_track;
use crate::tools::Tools;

/// Progress that belongs to the frames, in percent; the rest is joining.
const FRAMES_PERCENT: f64 = 98.0;

/// What came out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Length of the image.
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
    /// Measured on the file, of a draft before its encoder; `None` for a silent one.
    pub loudness: Option<Loudness>,
    /// How many captions appear.
    pub captions_shown: usize,
    /// What was rendered and what was there; `None` when the frames were encoded in one go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segments: Option<SegmentReport>,
    /// Where the time went.
    pub stages: Stages,
}

/// Wall time of the stages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stages {
    /// Mixing, loudness and encoding of the sound; runs beside the frames.
    pub audio_ms: u64,
    /// Fonts and the layout of all captions.
    pub captions_ms: u64,
    /// Drawing and encoding.
    pub frames_ms: u64,
    /// Of `frames_ms`, spent in drawing; the rest is the encoder's.
    pub draw_ms: u64,
    /// Measuring the sound that came out; runs beside the frames.
    pub measure_ms: u64,
    /// Joining image and sound.
    pub join_ms: u64,
}

/// Renders a composition to an MP4 file: H.264 High, yuv420p, BT.709, AAC 48 kHz stereo, index in front.
///
/// `progress` hears each percent from 0 to 100 once, in order, on the calling thread.
///
/// # Promises
/// `out` is there complete or not at all: it is written beside and renamed.
/// Memory does not grow with the length: two images, a few frames and one caption are held at a time.
///
/// # Errors
/// [`EngineError::BadInput`] before any work; the others name the tool or file at fault.
pub fn compose(
    tools: &Tools,
    composition: &Composition,
    out: &Path,
    progress: &mut dyn FnMut(u8),
) -> Result<Report, EngineError> {
    let job = Job::without_cache(tools, composition);
    with_frames(
        job,
        RenderTarget { out, progress },
        |stream, sound_failed, on_frame| frames(job, stream, sound_failed, on_frame),
    )
}

/// The same in segments: only those that the cache does not hold are rendered, then all are joined as they are. The sound
/// is taken from the cache in the same way.
///
/// # Promises
/// Those of [`compose()`]; the frames before encoding are the same, each segment begins with a key frame.
///
/// # Errors
/// As [`compose()`]; never because of the cache.
pub fn compose_cached(
    tools: &Tools,
    composition: &Composition,
    cache: &SegmentCache,
    out: &Path,
    progress: &mut dyn FnMut(u8),
) -> Result<Report, EngineError> {
    let job = Job {
        tools,
        composition,
        cache: Some(cache),
    };
    with_frames(
        job,
        RenderTarget { out, progress },
        |stream, sound_failed, on_frame| {
            let clock = Instant::now();
            let made = segments::stream(job, &segments::plan(composition), stream, &mut |number| {
                on_frame(number);
                !sound_failed.load(Ordering::Relaxed)
            })?;
            let captions_ms = millis(made.prepared);
            Ok(Filmed {
                captions_shown: made.captions_shown,
                segments: Some(made.segments),
                captions_ms,
                frames_ms: millis(clock.elapsed()).saturating_sub(captions_ms),
                draw_ms: millis(made.drawn),
            })
        },
    )
}

/// Where a video goes, and who is told how far it is.
pub(crate) struct RenderTarget<'a> {
    /// The video's file: complete or not there.
    pub(crate) out: &'a Path,
    /// Gets whole percents, each once.
    pub(crate) progress: &'a mut dyn FnMut(u8),
}

/// A stream of all frames, and how it came to be.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Filmed {
    pub(crate) captions_shown: usize,
    pub(crate) segments: Option<SegmentReport>,
    pub(crate) captions_ms: u64,
    pub(crate) frames_ms: u64,
    pub(crate) draw_ms: u64,
}

/// Makes a video whose frames someone else puts into a stream, beside the sound.
///
/// `render` gets the stream's file, a flag that is set when mixing the sound failed, and a callback for each frame's
/// number.
pub(crate) fn with_frames(
    job: Job<'_>,
    target: RenderTarget<'_>,
    render: impl FnOnce(&Path, &AtomicBool, &mut dyn FnMut(u64)) -> Result<Filmed, EngineError>,
) -> Result<Report, EngineError> {
    let Job {
        tools, composition, ..
    } = job;
    let RenderTarget { out, progress } = target;
    composition.validate()?;
    let folder = out
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let scratch = tempfile::tempdir_in(folder).map_err(EngineError::io("create a folder in", folder))?;
    let mut gauge = Gauge { progress, told: None };
    gauge.tell(0.0);

    let [stream, sound, draft] =
        ["stream.flv", "sound.m4a", "draft.mp4"].map(|name| scratch.path().join(name));
    let sound_failed = AtomicBool::new(false);
    let total = composition.frames();
    let (filmed, loudness, mut stages) = thread::scope(|scope| {
        let sound = scope.spawn(|| {
            let made = make_sound(job, &sound);
            sound_failed.store(made.is_err(), Ordering::Relaxed);
            made
        });
        let filmed = render(&stream, &sound_failed, &mut |number| {
            gauge.tell(FRAMES_PERCENT * real_u64(number) / real_u64(total));
        });
        let sound = sound.join().ok();
        let (loudness, audio_ms, measure_ms) =
            sound.ok_or(EngineError::Internal("the sound thread died"))??;
        let filmed = filmed?;
        let stages = Stages {
            audio_ms,
            measure_ms,
            captions_ms: filmed.captions_ms,
            frames_ms: filmed.frames_ms,
            draw_ms: filmed.draw_ms,
            join_ms: 0,
        };
        Ok::<_, EngineError>((filmed, loudness, stages))
    })?;

    let clock = Instant::now();
    mux::join(tools, composition, (&stream, &sound), &draft)?;
    let draft = soft_track::added(tools, composition, draft)?;
    let size_bytes = fs::metadata(&draft)
        .map_err(EngineError::io("read the size of", &draft))?
        .len();
    fs::rename(&draft, out).map_err(EngineError::io("move the video to", out))?;
    stages.join_ms = millis(clock.elapsed());
    gauge.tell(100.0);
    Ok(Report {
        duration_ms: round_u64(real_u64(total) * 1000.0 / f64::from(composition.fps)),
        width: composition.width,
        height: composition.height,
        fps: composition.fps,
        frames: total,
        size_bytes,
        loudness: (!loudness.is_silent()).then_some(loudness),
        captions_shown: filmed.captions_shown,
        segments: filmed.segments,
        stages,
    })
}

/// The encoded sound, how loud it came out, and the milliseconds of making and of measuring it.
fn make_sound(job: Job<'_>, out: &Path) -> Result<(Loudness, u64, u64), EngineError> {
    let Job {
        tools,
        composition,
        cache,
    } = job;
    let key = cache.map(|_| sound_key(tools, composition)).transpose()?;
    let kept = cache.zip(key.as_deref());
    if let Some(loudness) = kept.and_then(|(cache, key)| find_sound(cache, key, out)) {
        return Ok((loudness, 0, 0));
    }
    let clock = Instant::now();
    let (loudness, made_ms) = match composition.output.sound {
        SoundEffort::Draft => {
            let loudness = audio::draft(tools, composition, out)?;
            (loudness, millis(clock.elapsed()))
        }
        SoundEffort::Full => {
            audio::mix(
                tools,
                composition,
                out,
                SoundForm::M4a(composition.output.clone()),
            )?;
            let made_ms = millis(clock.elapsed());
            let loudness = measure(tools, out, limit_for(composition.duration_ms()))?;
            (loudness, made_ms)
        }
    };
    let measured_ms = millis(clock.elapsed()).saturating_sub(made_ms);
    if let Some((cache, key)) = kept {
        keep_sound(cache, key, (out, loudness));
    }
    Ok((loudness, made_ms, measured_ms))
}

/// Draws and encodes all frames, or fewer once there will be no sound.
fn frames(
    job: Job<'_>,
    stream: &Path,
    sound_failed: &AtomicBool,
    on_frame: &mut dyn FnMut(u64),
) -> Result<Filmed, EngineError> {
    let Job {
        tools, composition, ..
    } = job;
    let clock = Instant::now();
    let mut renderer = FrameRenderer::new(tools, composition)?;
    let captions_ms = millis(clock.elapsed());

    let clock = Instant::now();
    let mut drawn = Duration::ZERO;
    let mut encoder = Encoder::start(tools, composition, stream)?;
    for number in 0..composition.frames() {
        let Some(mut slot) = encoder.slot() else {
            break;
        };
        let start = Instant::now();
        renderer.draw(number, &mut slot)?;
        drawn += start.elapsed();
        if sound_failed.load(Ordering::Relaxed) || !encoder.push() {
            break;
        }
        on_frame(number);
    }
    encoder.finish()?;
    Ok(Filmed {
        captions_shown: renderer.captions_shown(),
        segments: None,
        captions_ms,
        frames_ms: millis(clock.elapsed()),
        draw_ms: millis(drawn),
    })
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
