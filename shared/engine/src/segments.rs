//! A video in segments: each is encoded by itself and kept under the hash of what decides its frames, and all are joined
//! without encoding again.

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;
use tempfile::TempDir;

use crate::composition::Composition;
use crate::encode::Encoder;
use crate::error::EngineError;
use crate::frame_renderer::FrameRenderer;
use crate::tools::Tools;

mod cache;
mod key;
mod plan;
mod prints;
mod sound;
mod splice;

pub use cache::SegmentCache;
pub(crate) use key::key;
pub(crate) use plan::plan;
pub(crate) use prints::Prints;
pub(crate) use sound::{find_sound, keep_sound, sound_key};
pub(crate) use splice::Splicer;

/// How much of a video was rendered, and how much was there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SegmentReport {
    /// Segments of the video, or of the chunk.
    pub planned: usize,
    /// Of them, rendered now; the others were in the cache.
    pub rendered: usize,
    /// Of those rendered, kept for the next time; fewer when the cache cannot be written.
    pub kept: usize,
}

/// What all segments of a video share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job<'a> {
    pub(crate) tools: &'a Tools,
    pub(crate) composition: &'a Composition,
    /// Nothing is looked up or kept without one.
    pub(crate) cache: Option<&'a SegmentCache>,
}

impl<'a> Job<'a> {
    pub(crate) fn without_cache(tools: &'a Tools, composition: &'a Composition) -> Self {
        Self {
            tools,
            composition,
            cache: None,
        }
    }
}

/// What a run over segments has done.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) segments: SegmentReport,
    /// Of the whole video.
    pub(crate) captions_shown: usize,
    /// Fonts and the layout of all captions.
    pub(crate) prepared: Duration,
    /// Spent in drawing.
    pub(crate) drawn: Duration,
}

/// Makes one stream of a run of segments; their frames follow one another.
///
/// `go_on` hears the number of each frame that is done, and ends the work with `false`.
///
/// # Promises
/// One segment is rendered at a time, and one file of the cache is open: memory does not grow with the length.
/// A file of the cache that is damaged is rendered again.
pub(crate) fn stream(
    job: Job<'_>,
    segments: &[Range<u64>],
    out: &Path,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Outcome, EngineError> {
    let clock = Instant::now();
    let mut renderer = FrameRenderer::ready(job.tools, job.composition)?;
    let mut outcome = Outcome {
        captions_shown: renderer.captions_shown(),
        prepared: clock.elapsed(),
        ..Outcome::default()
    };
    let folder = folder_beside(out)?;
    let fresh = folder.path().join("segment.flv");
    let places = places(job, &renderer, segments)?;
    let mut ready = 0..0;
    let mut joined = Splicer::create(out)?;
    for (number, segment) in segments.iter().enumerate() {
        outcome.segments.planned += 1;
        let place = places.get(number).and_then(Option::as_ref);
        if let Some(stream) = place.and_then(|(cache, key)| cache.find(key)) {
            joined.append(stream, frames(segment))?;
        } else {
            if ready.start != segment.start || ready.is_empty() {
                ready = segment.start..missing_until(&places, segments, number);
                renderer.wind_to(job.tools, &ready);
            }
            outcome.drawn += render(job, &mut renderer, (segment, &fresh), go_on)?;
            ready.start = segment.end;
            outcome.segments.rendered += 1;
            if let Some((cache, key)) = place {
                outcome.segments.kept += usize::from(cache.keep(key, &fresh));
            }
            let stream = File::open(&fresh).map_err(EngineError::io("open", &fresh))?;
            joined.append(stream, frames(segment))?;
        }
        if !go_on(segment.end.saturating_sub(1)) {
            return Err(STOPPED);
        }
    }
    joined.finish()?;
    Ok(outcome)
}

/// Where each segment is kept; nowhere without a cache.
fn places<'a>(
    job: Job<'a>,
    renderer: &FrameRenderer<'_>,
    segments: &[Range<u64>],
) -> Result<Vec<Option<(&'a SegmentCache, String)>>, EngineError> {
    let mut prints = Prints::default();
    let place = |segment: &Range<u64>| match job.cache {
        Some(cache) => Ok(Some((cache, key(job, renderer, &mut prints, segment)?))),
        None => Ok(None),
    };
    segments.iter().map(place).collect()
}

/// The end of the run of segments that begins with one that has to be rendered, for all that follow without a gap: images
/// are then decoded ahead, and each of them once.
fn missing_until(places: &[Option<(&SegmentCache, String)>], segments: &[Range<u64>], first: usize) -> u64 {
    let is_there =
        |place: &Option<(&SegmentCache, String)>| place.as_ref().is_some_and(|(cache, key)| cache.holds(key));
    let others = segments.iter().zip(places).skip(first + 1);
    let missing = others.take_while(|(_, place)| !is_there(place));
    let last = missing.last().map(|(segment, _)| segment);
    last.or(segments.get(first)).map_or(0, |segment| segment.end)
}

/// Nobody waits for the frames any more; whoever stopped the work knows why.
const STOPPED: EngineError = EngineError::Internal("the frames were stopped");

fn frames(segment: &Range<u64>) -> u64 {
    segment.end.saturating_sub(segment.start)
}

/// Draws and encodes one segment, for which the renderer is ready; answers with the time spent in drawing.
fn render(
    job: Job<'_>,
    renderer: &mut FrameRenderer<'_>,
    (segment, out): (&Range<u64>, &Path),
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<Duration, EngineError> {
    let Job {
        tools, composition, ..
    } = job;
    let mut drawn = Duration::ZERO;
    let mut encoder = Encoder::start(tools, composition, out)?;
    for number in segment.clone() {
        let Some(mut slot) = encoder.slot() else {
            break;
        };
        let start = Instant::now();
        renderer.draw(number, &mut slot)?;
        drawn += start.elapsed();
        if !go_on(number) {
            return Err(STOPPED);
        }
        if !encoder.push() {
            break;
        }
    }
    encoder.finish()?;
    Ok(drawn)
}

fn folder_beside(out: &Path) -> Result<TempDir, EngineError> {
    let folder = out
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    tempfile::tempdir_in(folder).map_err(EngineError::io("create a folder in", folder))
}

#[cfg(test)]
pub(crate) mod tests;
