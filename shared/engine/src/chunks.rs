//! A long video in chunks that machines render beside one another, joined without a seam.
//!
//! A chunk is a run of segments, so it begins with a key frame, at a scene or inside of a long one, and it fills the same
//! cache. The sound is mixed once for the whole: there is no border in it that could be heard.

use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::compose::{Filmed, RenderTarget, Report, with_frames};
use crate::composition::{Composition, Scene, Visual};
use crate::error::EngineError;
use crate::number::{millis, real_u64};
use crate::segments::{self, Job, SegmentCache, SegmentReport, Splicer};
use crate::subtitles::subtitles;
use crate::timeline;
use crate::tools::Tools;

/// Shorter chunks would cut segments; it is the length of the longest one.
pub const CHUNK_MS_MIN: u64 = 20_000;

/// A part of a video that is rendered by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chunk {
    /// From 0 on.
    pub number: usize,
    /// Of the whole video.
    pub first_frame: u64,
    /// How many there are.
    pub frames: u64,
}

/// What came of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ChunkReport {
    /// The chunk.
    pub chunk: Chunk,
    /// What was rendered and what was there.
    pub segments: SegmentReport,
    /// Of the stream.
    pub size_bytes: u64,
    /// Wall time of all of it.
    pub took_ms: u64,
}

/// Cuts a video into chunks of at most a length, the last one often shorter.
///
/// # Promises
/// The same composition and length give the same chunks, in order and without gaps.
///
/// # Errors
/// [`EngineError::BadInput`] for a composition that breaks a rule, and for a length below [`CHUNK_MS_MIN`].
pub fn plan_chunks(composition: &Composition, length_ms_max: u64) -> Result<Vec<Chunk>, EngineError> {
    composition.validate()?;
    if length_ms_max < CHUNK_MS_MIN {
        let reason = format!("is {length_ms_max}, must be {CHUNK_MS_MIN} or more");
        return Err(EngineError::bad("chunk_ms", reason));
    }
    let longest = length_ms_max * u64::from(composition.fps) / 1000;
    let mut chunks: Vec<Chunk> = Vec::new();
    for segment in segments::plan(composition) {
        let frames = segment.end - segment.start;
        match chunks.last_mut() {
            Some(chunk) if chunk.frames + frames <= longest => chunk.frames += frames,
            _ => chunks.push(Chunk {
                number: chunks.len(),
                first_frame: segment.start,
                frames,
            }),
        }
    }
    Ok(chunks)
}

/// The images and clips that are seen in a chunk: of all that the composition names, [`render_chunk`] reads no others.
pub fn chunk_files(composition: &Composition, chunk: Chunk) -> Vec<&Path> {
    let frames = chunk.first_frame..chunk.first_frame.saturating_add(chunk.frames);
    let scenes = timeline::scenes(composition, &frames).and_then(|range| composition.scenes.get(range));
    let visuals = scenes.unwrap_or_default().iter().flat_map(Scene::visuals);
    let logo = composition.logo.iter().map(|logo| logo.path.as_path());
    visuals.filter_map(Visual::file).chain(logo).collect()
}

/// Renders one chunk of a composition to a stream for [`join_chunks`]; without sound.
///
/// # Promises
/// Its frames are those of the whole video, to the bit, before they are encoded.
///
/// # Errors
/// [`EngineError::BadInput`] for a chunk that [`plan_chunks`] does not make of this composition, else as
/// [`compose()`](crate::compose()).
pub fn render_chunk(
    tools: &Tools,
    composition: &Composition,
    chunk: Chunk,
    cache: Option<&SegmentCache>,
    out: &Path,
) -> Result<ChunkReport, EngineError> {
    composition.validate()?;
    let clock = Instant::now();
    let job = Job {
        tools,
        composition,
        cache,
    };
    let made = segments::stream(job, &segments_of(composition, chunk)?, out, &mut |_| true)?;
    let size_bytes = fs::metadata(out).map_err(EngineError::io("read the size of", out))?;
    Ok(ChunkReport {
        chunk,
        segments: made.segments,
        size_bytes: size_bytes.len(),
        took_ms: millis(clock.elapsed()),
    })
}

/// Joins the streams of all chunks, in their order, with the sound of the whole video.
///
/// # Promises
/// Those of [`compose()`](crate::compose()) on the file; nothing is encoded again but the sound.
///
/// # Errors
/// [`EngineError::BadInput`] when chunks are missing or in another order, [`EngineError::Io`] for a stream that is not
/// that of its chunk, else as [`compose()`](crate::compose()).
pub fn join_chunks(
    tools: &Tools,
    composition: &Composition,
    chunks: &[(Chunk, PathBuf)],
    out: &Path,
    progress: &mut dyn FnMut(u8),
) -> Result<Report, EngineError> {
    composition.validate()?;
    let mut next = 0;
    for (chunk, _) in chunks {
        segments_of(composition, *chunk)?;
        if chunk.first_frame != next {
            let reason = format!("begins with frame {}, not {next}", chunk.first_frame);
            return Err(EngineError::bad(format!("chunks[{}]", chunk.number), reason));
        }
        next += chunk.frames;
    }
    if next != composition.frames() {
        let reason = format!("have {next} frames together, not {}", composition.frames());
        return Err(EngineError::bad("chunks", reason));
    }
    with_frames(
        Job::without_cache(tools, composition),
        RenderTarget { out, progress },
        |stream, sound_failed, on_frame| {
            let clock = Instant::now();
            let mut joined = Splicer::create(stream)?;
            for (chunk, path) in chunks {
                let file = File::open(path).map_err(EngineError::io("open", path))?;
                joined.append(file, chunk.frames)?;
                on_frame(chunk.first_frame + chunk.frames - 1);
                if sound_failed.load(Ordering::Relaxed) {
                    break;
                }
            }
            joined.finish()?;
            Ok(Filmed {
                captions_shown: subtitles(tools, composition)?.cues.len(),
                frames_ms: millis(clock.elapsed()),
                ..Filmed::default()
            })
        },
    )
}

/// The segments of a chunk, which they fill exactly.
fn segments_of(composition: &Composition, chunk: Chunk) -> Result<Vec<Range<u64>>, EngineError> {
    let end = chunk.first_frame.saturating_add(chunk.frames);
    let mut segments = segments::plan(composition);
    segments.retain(|segment| segment.start >= chunk.first_frame && segment.end <= end);
    let filled: u64 = segments.iter().map(|segment| segment.end - segment.start).sum();
    if filled == chunk.frames && filled > 0 {
        return Ok(segments);
    }
    let seconds = real_u64(chunk.first_frame) / f64::from(composition.fps.max(1));
    Err(EngineError::bad(
        format!("chunks[{}]", chunk.number),
        format!("no segment of this video begins or ends at its borders, from second {seconds:.3} on"),
    ))
}

#[cfg(test)]
mod tests;
