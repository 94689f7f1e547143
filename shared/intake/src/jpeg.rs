//! The first JPEG of a file: where it ends, and whether all of its image is there.
//!
//! Phones put more behind it: the video of a motion photo, a map of brightness, a second image.

use std::path::Path;
use std::{env, fs};

use domain::asset::{Refusal, Refused};
use engine::ffmpeg::limit_for;
use engine::{EngineError, Tools};
use tempfile::NamedTempFile;

use crate::IntakeError;
use crate::stream::{MEMORY_BYTES_MAX, tied};
use crate::verdict::refused;

/// What ffmpeg says of coded data that ends too early, or that cannot be.
const DAMAGE: [&str; 2] = ["overread ", "error y="];
const DAMAGED: &str = "its image is damaged or incomplete";

/// The first JPEG alone.
///
/// # Errors
/// [`Refused`]: it does not come to its own end, or is of a kind that nobody shows.
pub(crate) fn first(bytes: &[u8]) -> Result<&[u8], Refused> {
    let mut at = 2;
    loop {
        let marker = next_marker(bytes, &mut at).ok_or_else(end_is_missing)?;
        match marker {
            // End of image.
            0xd9 => return bytes.get(..at).ok_or_else(end_is_missing),
            // Alone: the start, restarts, and a mark of old programs.
            0x01 | 0xd0..=0xd8 => {}
            0xc9..=0xcb | 0xcd..=0xcf => {
                let reason = "it is a JPEG with arithmetic coding, which is not taken";
                return Err(Refusal::CodecNotAllowed.because(reason));
            }
            _ => {
                at += segment_bytes(bytes, at).ok_or_else(end_is_missing)?;
                if marker == 0xda {
                    at += scan_bytes(bytes.get(at..).unwrap_or_default());
                }
            }
        }
    }
}

/// Has ffmpeg decode the first JPEG of a file: other decoders fill what is missing or damaged, and do not say so.
///
/// # Errors
/// [`Refusal::Corrupt`]: its coded data is damaged, or ends before the image does; else the machine's.
pub(crate) fn is_sound(tools: &Tools, path: &Path, bytes: &[u8]) -> Result<(), IntakeError> {
    let first = first(bytes)?;
    // What stands behind it would be read as further images.
    let alone = NamedTempFile::new().map_err(EngineError::io("create a file in", &env::temp_dir()))?;
    let path = if first.len() == bytes.len() {
        path
    } else {
        fs::write(alone.path(), first).map_err(EngineError::io("write", alone.path()))?;
        alone.path()
    };
    let tried = tied("repeat+error", path, "jpeg_pipe", &[])
        .with(["-map", "0:v:0", "-frames:v", "1", "-f", "null", "-"])
        .run_within(tools, limit_for(0), MEMORY_BYTES_MAX);
    let said = match &tried {
        Ok(output) => &output.stderr,
        Err(EngineError::ToolFailed { stderr, .. }) => stderr,
        Err(_) => "",
    };
    let is_damage =
        |line: &str| line.starts_with("[mjpeg @ ") && DAMAGE.iter().any(|words| line.contains(words));
    if said.lines().any(is_damage) {
        return Err(damaged().into());
    }
    match tried {
        // A form of JPEG that only the other decoder knows.
        Err(EngineError::ToolFailed { stderr, .. }) if stderr.contains("Not yet implemented") => Ok(()),
        Err(error) => Err(refused(error, DAMAGED)),
        Ok(_) => Ok(()),
    }
}

fn damaged() -> Refused {
    Refusal::Corrupt.because(DAMAGED)
}

fn end_is_missing() -> Refused {
    Refusal::Truncated.because("the end of the image is missing")
}

/// Moves behind the next marker and tells it; what stands before it is skipped, as decoders do.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let byte = *bytes.get(*at)?;
        let next = *bytes.get(*at + 1)?;
        *at += 1;
        if byte == 0xff && next != 0xff && next != 0 {
            *at += 1;
            return Some(next);
        }
    }
}

fn segment_bytes(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_be_bytes(length)))
}

/// Coded data goes on until a marker that is no restart; a coded FF has a zero behind it.
fn scan_bytes(data: &[u8]) -> usize {
    let marker = |pair: &[u8]| matches!(pair, [0xff, next] if !matches!(next, 0 | 0xd0..=0xd7 | 0xff));
    data.windows(2).position(marker).unwrap_or(data.len())
}
