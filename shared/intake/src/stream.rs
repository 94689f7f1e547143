//! Videos, sounds and WebP images: described and tried by ffmpeg, which is held on a short leash.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use domain::asset::{Format, Refusal, Refused};
use engine::ffmpeg::{Arguments, in_protocol};
use engine::{EngineError, Tools, VideoStream};

use crate::boxes::Boxes;
use crate::report::{Packets, Report, unknown_codec};
use crate::still::PIXELS_MAX;
use crate::verdict::refused;
use crate::{Inspection, IntakeError, Sizes, boxes, format, promised, trial, work};

/// Demuxing 100 MB and decoding key frames takes seconds; a minute is an attack.
pub(super) const LIMIT: Duration = Duration::from_mins(1);
/// Address space of ffmpeg while it looks: two threads and a few 64-megapixel frames.
pub(super) const MEMORY_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// How much may be missing at the end of a file whose header tells a length.
pub(super) const MISSING_MS_MAX: u64 = 1_500;
/// Forms of sound and image that are met and have no decoder, by the word of ffmpeg or the four letters of the file.
const CODECS: [(&str, &str); 9] = [
    ("ac4", "AC-4"),
    ("mpegh_3d_audio", "MPEG-H"),
    ("mha1", "MPEG-H"),
    ("mha2", "MPEG-H"),
    ("apple_apac", "Apple Positional Audio"),
    ("jpegxs", "JPEG XS"),
    ("evc", "MPEG-5 EVC"),
    ("dav1", "Dolby Vision profile 10"),
    ("av3a", "Audio Vivid"),
];

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
    let in_fragments =
        matches!(format, Format::Mp4 | Format::Quicktime) && boxes_are_whole(path)?.in_fragments;
    // Every packet is read and none decoded: what a header promises is compared with what is there.
    let read = tied("info", path, demuxer, &["-copyts"])
        .with(["-map", "0:V?", "-map", "0:a?", "-map", "0:s?", "-map", "0:d?"])
        .with(["-c", "copy", "-copy_unknown", "-map_metadata", "-1"])
        .with(["-f", "framecrc", "pipe:1"])
        .run_within(tools, LIMIT, MEMORY_BYTES_MAX)
        .map_err(|error| refused(error, "what stands behind its beginning cannot be read"))?;
    let mut report =
        Report::read(&read.stderr).ok_or_else(|| Refusal::Corrupt.because("it has no streams"))?;
    // Browsers write a length into such a header, and count it in the unit of another clock.
    report.is_guess |= in_fragments;
    let packets = Packets::read(&read.stdout);
    if report.probe.video.is_none() && report.probe.audio.is_none() {
        return Err(Refusal::Corrupt.because("it has neither image nor sound").into());
    }
    codecs_are_known(&read.stderr, &report)?;
    is_whole(path, format, size_bytes, (&report, &packets))?;
    let video = report.probe.video.clone();
    let duration_ms = duration_ms(&report, &packets);
    if let Some(video) = &video {
        work::is_affordable(video, duration_ms)?;
    }
    let frames = video
        .as_ref()
        .map(|video| trial::frames(tools, path, demuxer, video))
        .transpose()?;
    if let Some(sound) = &report.probe.audio {
        trial::sound(tools, path, demuxer, sound)?;
    }
    let format = if video.is_none() {
        format.without_images()
    } else {
        format
    };
    Ok(Inspection {
        format,
        medium: format.medium(),
        size_bytes,
        duration_ms,
        shown: frames.map(|frames| frames.shown),
        sizes: frames.map_or(Sizes::One, |frames| frames.sizes),
        rotation_deg: report.rotation_deg().rem_euclid(360),
        hdr: video.as_ref().is_some_and(VideoStream::is_hdr),
        video,
        audio: report.probe.audio,
    })
}

/// What was read; a header may know better how long the last image stays.
fn duration_ms(report: &Report<'_>, packets: &Packets) -> u64 {
    let there_ms = packets.used_ms();
    let told_ms = report.probe.duration_ms;
    // A clock that does not start at 0 counts what came before.
    let late_ms = packets
        .end_ms()
        .and_then(|end| u64::try_from(end).ok())
        .unwrap_or_default();
    if report.is_guess || told_ms <= late_ms {
        there_ms
    } else {
        there_ms.saturating_add(told_ms - late_ms)
    }
}

/// Compares what headers promise with what is there.
fn is_whole(
    path: &Path,
    format: Format,
    size_bytes: u64,
    (report, packets): (&Report<'_>, &Packets),
) -> Result<(), IntakeError> {
    let Some(end_ms) = packets.end_ms() else {
        let reason = "it is a header alone: its images and sounds are missing";
        return Err(Refusal::Truncated.because(reason).into());
    };
    let end_ms = u64::try_from(end_ms).unwrap_or_default();
    let mut file = File::open(path).map_err(EngineError::io("open", path))?;
    let promised = promised::bytes(format, &mut file).map_err(EngineError::io("read", path))?;
    let told_ms = match promised {
        Some(bytes) => end_ms.saturating_mul(bytes) / size_bytes.max(1),
        // A length that ffmpeg guessed, or that a recorder wrote beforehand, is no promise.
        None if report.is_guess => 0,
        None => report.probe.duration_ms,
    };
    if end_ms.saturating_add(MISSING_MS_MAX) < told_ms {
        let reason = format!("its end is missing: {end_ms} ms of {told_ms} are there");
        return Err(Refusal::Truncated.because(reason).into());
    }
    Ok(())
}

/// A stream for which there is no decoder is refused by its name.
fn codecs_are_known(text: &str, report: &Report<'_>) -> Result<(), Refused> {
    let video = report.probe.video.as_ref().map(|video| video.codec.as_str());
    let audio = report.probe.audio.as_ref().map(|audio| audio.codec.as_str());
    for (what, kind, codec) in [("image", "Video", video), ("sound", "Audio", audio)] {
        let codec = match codec {
            Some("none") => unknown_codec(text, kind).unwrap_or_default(),
            Some(codec) => codec,
            None => continue,
        };
        if let Some((_, name)) = CODECS.iter().find(|(own, _)| *own == codec) {
            return Err(not_taken(what, name));
        }
    }
    Ok(())
}

fn not_taken(what: &str, name: &str) -> Refused {
    Refusal::CodecNotAllowed.because(format!("its {what} is {name}, which is not taken"))
}

/// Why a stream was not decoded: there is no decoder, or it failed.
pub(super) fn undecoded(error: EngineError, path: &Path, what: &str) -> IntakeError {
    let is_encrypted = || promised::is_encrypted(&mut File::open(path).ok()?).ok();
    if let EngineError::ToolFailed { stderr, .. } = &error {
        let says = |words: &str| stderr.contains(words);
        if says("no decoder found for") || says("is not a decoding option") {
            let reason = format!("its {what} is of a form that is not taken");
            return Refusal::CodecNotAllowed.because(reason).into();
        }
        if is_encrypted() == Some(true) {
            return encrypted().into();
        }
    }
    refused(error, &format!("its {what} cannot be decoded"))
}

fn encrypted() -> Refused {
    Refusal::Encrypted.because("it is encrypted")
}

/// A box that says it is longer than the rest of the file was cut off with it.
fn boxes_are_whole(path: &Path) -> Result<Boxes, IntakeError> {
    let mut file = File::open(path).map_err(EngineError::io("open", path))?;
    let boxes = boxes::read(&mut file).map_err(EngineError::io("read", path))?;
    if let Some(name) = &boxes.cut {
        let reason = format!("its end is missing: the box {name} is longer than the file");
        return Err(Refusal::Truncated.because(reason).into());
    }
    if boxes.forms.iter().any(|form| matches!(form, b"encv" | b"enca")) {
        return Err(encrypted().into());
    }
    // ffmpeg shows its parts as streams of other forms, which only together are a sound.
    if boxes.forms.contains(b"iamf") {
        return Err(not_taken("sound", "IAMF").into());
    }
    Ok(boxes)
}
