//! Decoding on trial: that the decoders take a video or a sound, and how its frames are seen.

use std::path::Path;

use domain::asset::{Refusal, Refused};
use engine::number::round_u32;
use engine::{AudioStream, Tools, VideoStream};

use crate::still::too_many_pixels;
use crate::stream::{LIMIT, MEMORY_BYTES_MAX, tied, undecoded};
use crate::{IntakeError, Sizes};

/// One key frame in so many may be damaged, as by a bad block of a disk; more is a video of shreds.
const DAMAGED_ONE_IN: usize = 4;
/// Codecs whose frames may change their size on the way, as browsers and calls do it; the others may be key frames only,
/// of which half a minute is enough.
const CHANGING: [&str; 5] = ["vp8", "vp9", "h264", "hevc", "av1"];

/// How the frames of a video are seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    /// Width and height, turned as the file asks and with square pixels; of the largest where it changes on the way.
    pub(super) shown: (u32, u32),
    /// Whether it has frames of another size.
    pub(super) sizes: Sizes,
}

/// Decodes the key frames only: a few per second of the file, enough to know that the decoder takes it, and where a size
/// changes.
pub(super) fn frames(
    tools: &Tools,
    path: &Path,
    demuxer: &str,
    video: &VideoStream,
) -> Result<Shown, IntakeError> {
    too_many_pixels(video.width, video.height)?;
    let tried = |options: &[&str], outputs: &[&str]| {
        tied("repeat+info", path, demuxer, options)
            .with(["-map", &format!("0:{}", video.index)])
            .with(outputs)
            .with(["-progress", "pipe:1", "-f", "null", "-"])
            .run_within(tools, LIMIT, MEMORY_BYTES_MAX)
            .map_err(|error| undecoded(error, path, "image"))
    };
    let part: &[&str] = if CHANGING.contains(&video.codec.as_str()) {
        &[]
    } else {
        &["-t", "30"]
    };
    let mut report = tried(&["-skip_frame", "nokey"], part)?;
    keys_are_sound(&report.stdout, &report.stderr)?;
    if count(&report.stdout) == 0 {
        // Cut without encoding, a video begins behind its only key frame, which is decoded and never shown.
        report = tried(&["-abort_on", "empty_output_stream"], &["-frames:v", "1"])?;
    }
    seen(&report.stderr, video).ok_or_else(|| Refusal::Corrupt.because("its frames have no size").into())
}

/// Decodes the first half minute.
pub(super) fn sound(
    tools: &Tools,
    path: &Path,
    demuxer: &str,
    audio: &AudioStream,
) -> Result<(), IntakeError> {
    tied("error", path, demuxer, &["-abort_on", "empty_output_stream"])
        .with([
            "-map",
            &format!("0:{}", audio.index),
            "-t",
            "30",
            "-f",
            "null",
            "-",
        ])
        .run_within(tools, LIMIT, MEMORY_BYTES_MAX)
        .map_err(|error| undecoded(error, path, "sound"))
        .map(drop)
}

/// Decoders fill what they cannot read with grey and with what was before, and say so.
fn keys_are_sound(progress: &[u8], said: &str) -> Result<(), Refused> {
    let shown = count(progress);
    let damaged = said
        .lines()
        .filter(|line| line.starts_with("[vist#") && line.ends_with("corrupt decoded frame"))
        .count();
    if damaged.saturating_mul(DAMAGED_ONE_IN) > shown {
        let reason = format!("it is damaged: {damaged} of {shown} key frames cannot be decoded whole");
        return Err(Refusal::Corrupt.because(reason));
    }
    Ok(())
}

/// How many frames came out, as `-progress` tells it.
fn count(progress: &[u8]) -> usize {
    let text = String::from_utf8_lossy(progress);
    let last = text.lines().rev().find_map(|line| line.strip_prefix("frame="));
    last.and_then(|frames| frames.trim().parse().ok())
        .unwrap_or_default()
}

/// Reads the frames that came out, which ffmpeg has turned, and the sizes to which its filters were set anew.
fn seen(report: &str, video: &VideoStream) -> Option<Shown> {
    let (_, output) = report.split_once("\nOutput #0, null")?;
    let line = output
        .lines()
        .find(|line| line.contains(": Video: wrapped_avframe"))?;
    let (width, height) = line.split(", ").find_map(size)?;
    // A decoded frame tells the shape of its pixels, whatever its container told.
    let (across, down) = line
        .split("[SAR ")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next()?.split_once(':'))
        .and_then(|(across, down)| Some((across.parse::<f64>().ok()?, down.parse::<f64>().ok()?)))
        .unwrap_or((1.0, 1.0));
    let turned =
        (width, height) != (video.width, video.height) && (height, width) == (video.width, video.height);
    let others = output
        .lines()
        .filter(|line| line.contains("Reconfiguring filter graph because video parameters changed to "))
        .filter_map(|line| line.split(", ").find_map(size))
        .map(|(width, height)| if turned { (height, width) } else { (width, height) });
    let mut seen = Shown {
        shown: (width, height),
        sizes: Sizes::One,
    };
    for other in others.filter(|other| *other != (width, height)) {
        seen.sizes = Sizes::Several;
        if area(other) > area(seen.shown) {
            seen.shown = other;
        }
    }
    let (width, height) = seen.shown;
    let wide = round_u32(f64::from(width) * across / down.max(1.0));
    seen.shown = (wide.max(1), height);
    Some(seen)
}

fn area((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

/// Such as `640x360 [SAR 1:1 DAR 16:9]`.
fn size(part: &str) -> Option<(u32, u32)> {
    let (width, height) = part.split_whitespace().next()?.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}
