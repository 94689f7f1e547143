//! Whose fault it is that ffmpeg failed: the file's, or the machine's.

use domain::asset::Refusal;
use engine::EngineError;

use crate::IntakeError;
use crate::still::PIXELS_MAX;

/// What the system says when it lacks something: no word about the file, and another try may go well.
const MACHINE: [&str; 11] = [
    "No space left on device",
    "Disk quota exceeded",
    "Permission denied",
    "Read-only file system",
    "Too many open files",
    "Resource temporarily unavailable",
    "No such file or directory",
    "No such device",
    "Is a directory",
    "File too large",
    "Stale file handle",
];
/// Signals that a program brings on itself: illegal instruction, abort, bus error, arithmetic, segmentation.
const OWN_SIGNALS: [i32; 5] = [4, 6, 7, 8, 11];

/// The uploader's fault, with what is wrong in words of ours, unless the machine failed.
///
/// # Promises
/// ffmpeg is never quoted: it names our paths and its own memory.
pub(crate) fn refused(error: EngineError, reason: &str) -> IntakeError {
    let (said, by_itself) = match &error {
        EngineError::ToolFailed { stderr, signal, .. } => {
            (stderr, signal.is_none_or(|signal| OWN_SIGNALS.contains(&signal)))
        }
        EngineError::Media { reason, .. } => (reason, true),
        EngineError::TimedOut { limit, .. } => {
            let reason = format!("it could not be read in {} s", limit.as_secs());
            return Refusal::TooCostly.because(reason).into();
        }
        _ => return error.into(),
    };
    let says = |words: &str| said.contains(words);
    if !by_itself || MACHINE.iter().any(|words| says(words)) {
        return error.into();
    }
    let (refusal, reason) = if says("max pixel count") || says("Image size") || says("Picture size") {
        let most = PIXELS_MAX / 1_000_000;
        let reason = format!("at most {most} million pixels a frame are taken");
        (Refusal::TooManyPixels, reason)
    } else if says("Cannot allocate memory") {
        (
            Refusal::TooCostly,
            "it needs more memory than is given".to_owned(),
        )
    } else if says("moov atom not found") {
        let reason = "its index (moov) is missing: the recording or the transfer did not end";
        (Refusal::Truncated, reason.to_owned())
    } else if says("partial file") {
        (Refusal::Truncated, "its end is missing".to_owned())
    } else {
        (Refusal::Corrupt, reason.to_owned())
    };
    refusal.because(reason).into()
}
