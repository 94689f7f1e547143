//! A subtitle track inside of the MP4 that viewers can switch on.

use std::fs;
use std::path::PathBuf;

use crate::composition::{Captions, Composition};
use crate::error::EngineError;
use crate::ffmpeg::{Arguments, in_protocol, limit_for};
use crate::subtitles::subtitles;
use crate::tools::Tools;

/// The video as it is, or a copy beside it with the composition's captions as a `mov_text` track.
///
/// Image and sound are not encoded again.
/// The track is off by default: the same words are burned in.
pub(crate) fn added(
    tools: &Tools,
    composition: &Composition,
    video: PathBuf,
) -> Result<PathBuf, EngineError> {
    let wanted = |captions: &Captions| captions.soft_track && !captions.words.is_empty();
    if !composition.captions.as_ref().is_some_and(wanted) {
        return Ok(video);
    }
    let cues = subtitles(tools, composition)?;
    let (text, out) = (video.with_extension("srt"), video.with_extension("titled.mp4"));
    fs::write(&text, cues.to_srt()).map_err(EngineError::io("write", &text))?;
    let language = composition
        .captions
        .as_ref()
        .map_or("und", |captions| captions.language.iso_639_2());
    Arguments::new("error")
        .input(&[], &video)
        // The general list of formats holds no text; this file is our own.
        .with(["-protocol_whitelist", "file", "-f", "srt", "-i"])
        .with([in_protocol(&text)])
        .with(["-map", "0", "-map", "1", "-c", "copy", "-c:s", "mov_text"])
        .with(["-metadata:s:s:0", &format!("language={language}")])
        .with(["-disposition:s:0", "0", "-map_metadata", "-1", "-bitexact"])
        // Packets in the order of their times, also over a long pause between two captions: the same file each time.
        .with(["-max_interleave_delta", "0"])
        .with(["-movflags", "+faststart", "-f", "mp4"])
        .output(&out)
        .run(tools, limit_for(composition.duration_ms()))?;
    Ok(out)
}

#[cfg(test)]
mod tests;
