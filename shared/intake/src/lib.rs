//! What people upload: looked at before anything is charged, and brought into the form that the compositor takes.
//!
//! The format is decided by the first bytes, never by the name; ffmpeg is told that format and may open no other, so a
//! playlist or a script that names other files is never followed. What is not taken is refused by a stable name.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Serialize;

use domain::asset::{Format, Medium, Refusal, Refused, UploadPurpose, UploadRule};
use engine::{AudioStream, EngineError, Tools, VideoStream};

mod boxes;
mod error;
mod format;
mod icc;
mod jpeg;
mod prepare;
mod promised;
mod report;
mod still;
mod stream;
mod trial;
mod verdict;
mod work;

pub use error::IntakeError;
pub use prepare::prepare;

/// Enough of a file to tell its format.
const HEAD_BYTES: u64 = 512;

/// What an uploaded file is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Inspection {
    /// By its first bytes, and by what is in it.
    pub format: Format,
    /// Image, video or sound.
    pub medium: Medium,
    /// Of the file.
    pub size_bytes: u64,
    /// 0 for an image.
    pub duration_ms: u64,
    /// Width and height as they are seen, after rotation and with square pixels; `None` for sound.
    pub shown: Option<(u32, u32)>,
    /// Whether frames of other sizes come on the way; `shown` is the largest then.
    pub sizes: Sizes,
    /// Clockwise turn that the file asks for, in degrees.
    pub rotation_deg: i32,
    /// Whether its light levels are HLG or PQ.
    pub hdr: bool,
    /// The image stream of a video.
    pub video: Option<VideoStream>,
    /// The sound stream.
    pub audio: Option<AudioStream>,
}

/// How many sizes the frames of a file have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sizes {
    /// One from the first frame to the last.
    One,
    /// Several, as of a phone that is turned while it records.
    Several,
}

/// Looks at a file, against the rules of a purpose when one is named.
///
/// # Promises
/// No file of any content panics or hangs: every process has limits of time, memory, pixels and protocols.
/// What passes can be prepared: its index is whole and its first image was decoded.
///
/// # Errors
/// [`IntakeError::Refused`] with the reason by name; else only the machine's own failures.
pub fn inspect(
    tools: &Tools,
    path: &Path,
    purpose: Option<UploadPurpose>,
) -> Result<Inspection, IntakeError> {
    let (head, size_bytes) = head(path)?;
    let format = format::sniff(path, &head)?;
    if let Some(purpose) = purpose {
        may_fit(purpose.rule(), format, size_bytes)?;
    }
    let found = match format.medium() {
        Medium::Image if format != Format::Webp => still::inspect(tools, path, format, size_bytes)?,
        _ => stream::inspect(tools, path, (format, &head), size_bytes)?,
    };
    if let Some(purpose) = purpose {
        fits(purpose.rule(), &found)?;
    }
    Ok(found)
}

fn head(path: &Path) -> Result<(Vec<u8>, u64), IntakeError> {
    let file = File::open(path).map_err(EngineError::io("open", path))?;
    let metadata = file
        .metadata()
        .map_err(EngineError::io("read the size of", path))?;
    if !metadata.is_file() {
        return Err(Refusal::TypeUnknown.because("it is no file").into());
    }
    if metadata.len() == 0 {
        return Err(Refusal::Empty.because("it has no bytes").into());
    }
    let mut head = Vec::new();
    file.take(HEAD_BYTES)
        .read_to_end(&mut head)
        .map_err(EngineError::io("read", path))?;
    Ok((head, metadata.len()))
}

/// Before it is known whether a container has images in it: it is taken for what is wanted.
fn may_fit(rule: &UploadRule, format: Format, size_bytes: u64) -> Result<(), Refused> {
    let sound = format.without_images();
    let format = if rule.formats.contains(&sound) {
        sound
    } else {
        format
    };
    rule.allows(format, size_bytes)
}

/// Streams and length, against the rule of a purpose.
fn fits(rule: &UploadRule, found: &Inspection) -> Result<(), Refused> {
    if rule.medium == Medium::Video && found.video.is_none() {
        return Err(Refusal::WithoutVideo.because("it has no image"));
    }
    rule.allows(found.format, found.size_bytes)?;
    if found.duration_ms > rule.duration_ms_max {
        let (own, most) = (found.duration_ms, rule.duration_ms_max);
        return Err(Refusal::TooLong.because(format!("it lasts {own} ms, at most {most} are taken")));
    }
    if rule.medium == Medium::Sound && found.audio.is_none() {
        return Err(Refusal::WithoutSound.because("it has no sound"));
    }
    Ok(())
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
