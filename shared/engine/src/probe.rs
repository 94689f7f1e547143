//! What a media file is: its container, streams and length, as ffmpeg describes them, and its box order.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use serde::Serialize;

use crate::error::EngineError;
use crate::ffmpeg::{Arguments, limit_for, must_exist};
use crate::number::round_u64;
use crate::tools::Tools;

/// A file's shape.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Probe {
    /// ffmpeg's name of the format, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    pub container: String,
    /// Length of the container; rounded to 10 ms.
    pub duration_ms: u64,
    /// Size of the file.
    pub size_bytes: u64,
    /// The image stream that is shown: the default one, else the first; a cover of a song is none while there is another.
    pub video: Option<VideoStream>,
    /// The sound stream that is heard: the default one, else the first.
    pub audio: Option<AudioStream>,
    /// The main brand of an MP4, such as `isom`; empty for other files.
    pub brand: String,
    /// Whether the index of an MP4 stands before its data, so that playback starts while it loads.
    pub faststart: bool,
}

/// An image stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct VideoStream {
    /// Its number in the file.
    pub index: u32,
    /// Such as `h264`.
    pub codec: String,
    /// Such as `High`.
    pub profile: String,
    /// Such as `yuv420p`.
    pub pixel_format: String,
    /// Range and colour space, such as `tv, bt709, progressive`; empty when the file tells none.
    pub colours: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Frames per second.
    pub fps: f64,
    /// Whether something may shine through.
    pub has_alpha: bool,
}

/// A sound stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AudioStream {
    /// Its number in the file.
    pub index: u32,
    /// Such as `aac`.
    pub codec: String,
    /// In hertz.
    pub sample_rate: u32,
    /// 1 for mono, 2 for stereo; 0 when ffmpeg names another layout.
    pub channels: u8,
    /// Number of a second mono stream of its kind: cameras write left and right as two.
    pub right: Option<u32>,
}

/// Describes a file without decoding it.
///
/// # Errors
/// [`EngineError::ToolFailed`] or [`EngineError::Media`] when it is no media file.
pub fn probe(tools: &Tools, path: &Path) -> Result<Probe, EngineError> {
    must_exist(path)?;
    let output = Arguments::new("info")
        .input(&[], path)
        .with(["-t", "0", "-f", "null", "-"])
        .run(tools, limit_for(0))?;
    read(path, &output.stderr)
}

/// Reads what ffmpeg printed about its input, and the file's own boxes.
pub(crate) fn read(path: &Path, report: &str) -> Result<Probe, EngineError> {
    let mut probe =
        describe(report).ok_or_else(|| EngineError::media(path, "ffmpeg did not recognise its format"))?;
    let mut file = File::open(path).map_err(EngineError::io("open", path))?;
    probe.size_bytes = file
        .metadata()
        .map_err(EngineError::io("read the size of", path))?
        .len();
    probe.faststart = index_first(&mut file).map_err(EngineError::io("read", path))?;
    Ok(probe)
}

impl Probe {
    /// Reads what ffmpeg printed about its first input; `None` when it found no streams' description there.
    pub fn from_report(report: &str) -> Option<Self> {
        describe(report)
    }
}

/// Parses the description of the first input; the output's, which follows, is left out.
fn describe(report: &str) -> Option<Probe> {
    let start = report.find("Input #0, ")?;
    let report = report.get(start..)?;
    let report = report.split("\nOutput #0").next()?;
    let container = report
        .strip_prefix("Input #0, ")?
        .split(", from")
        .next()?
        .to_owned();
    // Metadata may contain any text, such as the words of this report; ffmpeg indents it further than lines of its own.
    let field = |name: &str| report.lines().find_map(|line| line.strip_prefix(name));
    let brand = field("    major_brand     : ").and_then(|rest| rest.split_whitespace().next());
    let brand = brand.unwrap_or_default().to_owned();
    let (video, audio) = streams(report);
    let duration_ms = field("  Duration: ")
        .and_then(|rest| clock_ms(rest.split(',').next()?))
        .unwrap_or_default();
    Some(Probe {
        container,
        duration_ms,
        video,
        audio,
        brand,
        ..Probe::default()
    })
}

/// The streams that are shown and heard.
fn streams(report: &str) -> (Option<VideoStream>, Option<AudioStream>) {
    // Metadata may contain any text; ffmpeg indents it further than lines of its own.
    let (mut videos, mut sounds) = (Vec::new(), Vec::new());
    for line in report.lines() {
        let Some((place, rest)) = line
            .strip_prefix("  Stream #0:")
            .and_then(|line| line.split_once(": "))
        else {
            // VP8 and VP9 have their transparency beside the stream, and only this says so.
            if let Some((_, VideoStream { has_alpha, .. })) = videos.last_mut()
                && line.to_ascii_lowercase().starts_with("      alpha_mode ")
            {
                *has_alpha = line.ends_with(": 1");
            }
            continue;
        };
        let number = place.split(['[', '(', ':']).next().unwrap_or_default();
        let stream = StreamLine {
            index: number.parse().unwrap_or_default(),
            language: brackets(place),
            is_default: rest.contains("(default)"),
        };
        // The cover of a song is no video.
        if rest.ends_with("(attached pic)") {
            continue;
        }
        if let Some(text) = rest.strip_prefix("Video: ") {
            videos.push((stream, video_stream(text)));
        } else if let Some(text) = rest.strip_prefix("Audio: ") {
            sounds.push((stream, audio_stream(text)));
        }
    }
    (shown(&videos), heard(&sounds))
}

/// Beginnings of the names of pixel formats with alpha.
const WITH_ALPHA: [&str; 11] = [
    "yuva", "rgba", "bgra", "argb", "abgr", "gbrap", "ya8", "ya16", "pal8", "ayuv", "vuya",
];

/// What a line tells of a stream, whatever its kind.
#[derive(Debug)]
struct StreamLine {
    index: u32,
    language: String,
    is_default: bool,
}

fn shown(videos: &[(StreamLine, VideoStream)]) -> Option<VideoStream> {
    let default = videos.iter().find(|(line, _)| line.is_default);
    let (line, video) = default.or_else(|| videos.first())?;
    let inside = WITH_ALPHA.iter().any(|kind| video.pixel_format.starts_with(kind));
    Some(VideoStream {
        index: line.index,
        has_alpha: video.has_alpha || inside,
        ..video.clone()
    })
}

fn heard(sounds: &[(StreamLine, AudioStream)]) -> Option<AudioStream> {
    let chosen = sounds
        .iter()
        .position(|(line, _)| line.is_default)
        .unwrap_or_default();
    let (line, sound) = sounds.get(chosen)?;
    let right = match sounds {
        [(left, one), (right, other)] => {
            let alike = one == other && one.channels == 1 && left.language == right.language;
            (chosen == 0 && alike).then_some(right.index)
        }
        _ => None,
    };
    Some(AudioStream {
        index: line.index,
        right,
        ..sound.clone()
    })
}

/// Such as `h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709, progressive), 1080x1920, 1400 kb/s, 30 fps, ...`.
fn video_stream(text: &str) -> VideoStream {
    let parts = top_level(text);
    let first = parts.first().copied().unwrap_or_default();
    let size = parts.iter().find_map(|part| {
        let (width, height) = part.split_whitespace().next()?.split_once('x')?;
        Some((width.parse().ok()?, height.parse().ok()?))
    });
    let fps = parts
        .iter()
        .find_map(|part| part.strip_suffix(" fps")?.parse().ok());
    let profile = first
        .split('(')
        .nth(1)
        .and_then(|rest| rest.split(')').next())
        .unwrap_or_default();
    VideoStream {
        codec: head(first),
        profile: profile.to_owned(),
        pixel_format: parts.get(1).copied().map(head).unwrap_or_default(),
        colours: parts.get(1).copied().map(brackets).unwrap_or_default(),
        width: size.map_or(0, |(width, _)| width),
        height: size.map_or(0, |(_, height)| height),
        fps: fps.unwrap_or_default(),
        ..VideoStream::default()
    }
}

/// Such as `aac (LC) (mp4a / 0x6134706D), 48000 Hz, stereo, fltp, 160 kb/s (default)`.
fn audio_stream(text: &str) -> AudioStream {
    let parts = top_level(text);
    let rate = parts
        .iter()
        .find_map(|part| part.strip_suffix(" Hz")?.parse().ok());
    let channels = parts.iter().find_map(|part| match *part {
        "mono" => Some(1),
        "stereo" => Some(2),
        _ => None,
    });
    AudioStream {
        codec: parts.first().copied().map(head).unwrap_or_default(),
        sample_rate: rate.unwrap_or_default(),
        channels: channels.unwrap_or_default(),
        ..AudioStream::default()
    }
}

/// Splits at commas that are in no brackets.
fn top_level(text: &str) -> Vec<&str> {
    let mut depth = 0_u32;
    text.split(|letter: char| {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    })
    .map(str::trim)
    .collect()
}

/// The part before a space or a bracket.
fn head(text: &str) -> String {
    text.split([' ', '(']).next().unwrap_or_default().to_owned()
}

/// What stands in a part's brackets.
fn brackets(text: &str) -> String {
    let inner = text.split_once('(').map(|(_, rest)| rest);
    inner
        .and_then(|rest| rest.split(')').next())
        .unwrap_or_default()
        .to_owned()
}

/// Reads `00:00:20.02`.
fn clock_ms(text: &str) -> Option<u64> {
    let mut seconds = 0.0;
    for part in text.trim().split(':') {
        seconds = seconds * 60.0 + part.parse::<f64>().ok()?;
    }
    Some(round_u64(seconds * 1000.0))
}

/// Walks the top-level boxes until the index or the data comes.
fn index_first(file: &mut File) -> std::io::Result<bool> {
    let end = file.metadata()?.len();
    let mut at = 0;
    // A file of more boxes than this before its index is no video of ours.
    for _ in 0..64 {
        let mut short = [[0; 4]; 2];
        file.seek(SeekFrom::Start(at))?;
        let complete = file.read(short.as_flattened_mut())? == 8;
        let [length, kind] = short;
        if !complete || kind == *b"mdat" {
            return Ok(false);
        }
        if kind == *b"moov" {
            return Ok(true);
        }
        let mut length = u64::from(u32::from_be_bytes(length));
        if length == 1 {
            let mut long = [0; 8];
            file.read_exact(&mut long)?;
            length = u64::from_be_bytes(long);
        }
        at = at.saturating_add(length.max(8));
        if at >= end {
            return Ok(false);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests;
