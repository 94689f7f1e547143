//! Videos, sounds and WebP images: described and tried by ffmpeg, which is held on a short leash.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

use domain::asset::{Format, Medium, Refusal};
use engine::ffmpeg::{Arguments, in_protocol};
use engine::number::{floor_i32, round_u32, round_u64};
use engine::{EngineError, Probe, Tools};

use crate::still::PIXELS_MAX;
use crate::{Inspection, IntakeError, format};

/// Demuxing 100 MB and decoding key frames takes seconds; a minute is an attack.
const LIMIT: Duration = Duration::from_mins(1);
/// Address space of ffmpeg while it looks: two threads and a few 64-megapixel frames.
pub(super) const MEMORY_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// How much may be missing at the end of a file whose header tells a length.
const MISSING_MS_MAX: u64 = 1_500;
/// Boxes before the end of a file; fragments of half an hour are some thousands.
const BOXES_MAX: usize = 20_000;

/// ffmpeg with a file of a known format as its input: no other format, no protocol but `file`, no frame too large.
pub(super) fn tied(level: &str, path: &Path, demuxer: &str, options: &[&str]) -> Arguments {
    Arguments::new(level)
        .with(["-threads", "2", "-max_pixels", &PIXELS_MAX.to_string()])
        .with(options)
        .with(["-protocol_whitelist", "file", "-format_whitelist", demuxer])
        .with(["-f", demuxer, "-i"])
        .with([in_protocol(path)])
}

pub(super) fn inspect(
    tools: &Tools,
    path: &Path,
    (format, head): (Format, &[u8]),
    size_bytes: u64,
) -> Result<Inspection, IntakeError> {
    let demuxer = format::demuxer(format, head);
    let demuxer = demuxer.ok_or(EngineError::Internal("images are not given to ffmpeg"))?;
    if matches!(format, Format::Mp4 | Format::Quicktime | Format::M4a) {
        boxes_are_whole(path)?;
    }
    // Every packet is read and none decoded: what a header promises is compared with what is there.
    let read = tied("info", path, demuxer, &[])
        .with(["-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy"])
        .with(["-progress", "pipe:1", "-f", "null", "-"])
        .run_within(tools, LIMIT, MEMORY_BYTES_MAX)
        .map_err(|error| refused(error, Refusal::Corrupt))?;
    let probe =
        Probe::from_report(&read.stderr).ok_or_else(|| Refusal::Corrupt.because("it has no streams"))?;
    let there_ms = last_ms(&read.stdout);
    if there_ms.saturating_add(MISSING_MS_MAX) < probe.duration_ms {
        let told_ms = probe.duration_ms;
        return Err(Refusal::Truncated
            .because(format!("{there_ms} ms of {told_ms} are there"))
            .into());
    }
    can_be_decoded(tools, path, demuxer, &probe)?;
    let rotation_deg = rotation(&read.stderr);
    // A cover image inside of a sound file is no video.
    let video = probe.video.filter(|_| format.medium() != Medium::Sound);
    let turned = rotation_deg.rem_euclid(180) == 90;
    let shown = video.as_ref().map(|video| {
        let width = round_u32(f64::from(video.width) * pixel_aspect(&read.stderr));
        if turned {
            (video.height, width)
        } else {
            (width, video.height)
        }
    });
    let hdr = [", smpte2084", "/smpte2084", "/arib-std-b67"];
    Ok(Inspection {
        format,
        medium: format.medium(),
        size_bytes,
        duration_ms: probe.duration_ms.max(there_ms),
        shown,
        rotation_deg: rotation_deg.rem_euclid(360),
        hdr: hdr.iter().any(|name| read.stderr.contains(name)),
        video,
        audio: probe.audio,
    })
}

/// Of a video the key frames only: a few per second of the file, and enough to know that the decoder takes it.
fn can_be_decoded(tools: &Tools, path: &Path, demuxer: &str, probe: &Probe) -> Result<(), IntakeError> {
    let tried = |stream: &str, options: &[&str]| {
        let options = [options, &["-abort_on", "empty_output_stream"]].concat();
        tied("error", path, demuxer, &options)
            .with(["-map", stream, "-t", "30", "-f", "null", "-"])
            .run_within(tools, LIMIT, MEMORY_BYTES_MAX)
            .map_err(|error| refused(error, Refusal::Corrupt))
            .map(drop)
    };
    if let Some(video) = &probe.video {
        if u64::from(video.width) * u64::from(video.height) > PIXELS_MAX {
            let (width, height) = (video.width, video.height);
            return Err(Refusal::TooManyPixels
                .because(format!("it is {width}x{height}"))
                .into());
        }
        tried("0:v:0", &["-skip_frame", "nokey"])?;
    }
    if probe.audio.is_some() {
        tried("0:a:0", &[])?;
    }
    if probe.video.is_none() && probe.audio.is_none() {
        return Err(Refusal::Corrupt.because("it has neither image nor sound").into());
    }
    Ok(())
}

/// The uploader's fault, unless the machine failed.
pub(super) fn refused(error: EngineError, refusal: Refusal) -> IntakeError {
    let (EngineError::ToolFailed { stderr: said, .. } | EngineError::Media { reason: said, .. }) = &error
    else {
        return match error {
            EngineError::TimedOut { limit, .. } => {
                let reason = format!("it could not be read in {} s", limit.as_secs());
                Refusal::TooCostly.because(reason).into()
            }
            other => other.into(),
        };
    };
    let line = said.lines().last().unwrap_or_default().trim().to_owned();
    if said.contains("max pixel count") || said.contains("Image size") {
        return Refusal::TooManyPixels
            .because(format!("more than {PIXELS_MAX} pixels a frame"))
            .into();
    }
    if said.contains("Cannot allocate memory") {
        return Refusal::TooCostly
            .because("it needs more memory than is given")
            .into();
    }
    if said.contains("moov atom not found") || said.contains("partial file") {
        return Refusal::Truncated.because(line).into();
    }
    refusal.because(line).into()
}

/// Where the last packet ended, as `-progress` tells it.
fn last_ms(progress: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(progress);
    let values = text.lines().filter_map(|line| line.strip_prefix("out_time_us="));
    let micros = values
        .filter_map(|value| value.trim().parse::<f64>().ok())
        .fold(0.0, f64::max);
    round_u64(micros / 1_000.0)
}

/// The clockwise turn that a phone asks for; ffmpeg prints it the other way round.
fn rotation(report: &str) -> i32 {
    let degrees = report
        .split("rotation of ")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    -floor_i32(degrees.unwrap_or_default().clamp(-360.0, 360.0).round())
}

/// Width of a pixel over its height, such as `[SAR 4:3 DAR 16:9]`.
fn pixel_aspect(report: &str) -> f64 {
    let ratio = report.split("[SAR ").nth(1).and_then(|rest| {
        let (width, height) = rest.split_whitespace().next()?.split_once(':')?;
        Some(width.parse::<f64>().ok()? / height.parse::<f64>().ok()?)
    });
    ratio.filter(|ratio| (0.1..10.0).contains(ratio)).unwrap_or(1.0)
}

/// A box that says it is longer than the rest of the file was cut off with it.
fn boxes_are_whole(path: &Path) -> Result<(), IntakeError> {
    let read = EngineError::io("read", path);
    let mut file = File::open(path).map_err(EngineError::io("open", path))?;
    let cut = first_cut(&mut file).map_err(read)?;
    match cut {
        Some(name) => Err(Refusal::Truncated
            .because(format!("its box {name} is longer than the file"))
            .into()),
        None => Ok(()),
    }
}

fn first_cut(file: &mut File) -> std::io::Result<Option<String>> {
    let end = file.metadata()?.len();
    let mut at = 0_u64;
    for _ in 0..BOXES_MAX {
        if at.saturating_add(8) > end {
            // A few stray bytes after the last box are no loss.
            return Ok(None);
        }
        let mut short = [[0; 4]; 2];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(short.as_flattened_mut())?;
        let [length, name] = short;
        let length = match u32::from_be_bytes(length) {
            0 => return Ok(None),
            1 if at.saturating_add(16) <= end => {
                let mut long = [0; 8];
                file.read_exact(&mut long)?;
                u64::from_be_bytes(long)
            }
            length => u64::from(length),
        };
        if at.saturating_add(length) > end {
            return Ok(Some(String::from_utf8_lossy(&name).into_owned()));
        }
        at = at.saturating_add(length.max(8));
    }
    Ok(None)
}
