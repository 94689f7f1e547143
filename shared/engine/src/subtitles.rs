//! Captions as files: the pages that are burned in, as `SubRip` or `WebVTT` text.

use serde::Serialize;

use crate::captions::CaptionTrack;
use crate::composition::Composition;
use crate::error::EngineError;
use crate::fonts::Fonts;
use crate::tools::Tools;

/// Text on screen for a while.
///
/// # Units
/// Milliseconds from the start of the video; the end is exclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cue {
    /// When it appears.
    pub start_ms: u64,
    /// When it is gone.
    pub end_ms: u64,
    /// One or two lines, without line feeds.
    pub lines: Vec<String>,
}

/// The cues of a video, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Subtitles {
    /// They do not overlap.
    pub cues: Vec<Cue>,
}

/// The captions of a composition as cues; none without captions.
///
/// # Promises
/// Pages, lines and times equal those of the burned-in captions.
///
/// # Errors
/// [`EngineError::BadInput`] for a composition that breaks a rule, [`EngineError::ToolMissing`] without fonts.
pub fn subtitles(tools: &Tools, composition: &Composition) -> Result<Subtitles, EngineError> {
    composition.validate()?;
    let Some(captions) = &composition.captions else {
        return Ok(Subtitles::default());
    };
    let mut fonts = Fonts::load(&tools.fonts_dir, &captions.language)?;
    let track = CaptionTrack::new(&mut fonts, composition, captions);
    Ok(Subtitles { cues: track.cues() })
}

impl Subtitles {
    /// `SubRip`: numbered, with a comma before the milliseconds.
    pub fn to_srt(&self) -> String {
        let block = |(number, cue): (usize, &Cue)| {
            let (start, end) = (clock(cue.start_ms, ','), clock(cue.end_ms, ','));
            format!("{}\n{start} --> {end}\n{}\n\n", number + 1, cue.lines.join("\n"))
        };
        let blocks: Vec<String> = self.cues.iter().enumerate().map(block).collect();
        blocks.concat()
    }

    /// `WebVTT`: with a header, a point before the milliseconds and its three special characters escaped.
    ///
    /// # Source
    /// W3C `WebVTT`, "cue text": `&`, `<` and `>`.
    pub fn to_vtt(&self) -> String {
        let block = |cue: &Cue| {
            let (start, end) = (clock(cue.start_ms, '.'), clock(cue.end_ms, '.'));
            let lines = cue
                .lines
                .join("\n")
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            format!("{start} --> {end}\n{lines}\n\n")
        };
        let blocks: Vec<String> = self.cues.iter().map(block).collect();
        format!("WEBVTT\n\n{}", blocks.concat())
    }
}

/// Such as `00:01:02,345`.
fn clock(at_ms: u64, point: char) -> String {
    let (seconds, rest_ms) = (at_ms / 1000, at_ms % 1000);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}{point}{rest_ms:03}", seconds % 60)
}

#[cfg(test)]
mod tests;
