//! A voice made ready for a video: its speed, its silences, its loudness.

use std::path::Path;

use serde::Serialize;

use crate::audio::{seconds, temporary};
use crate::error::EngineError;
use crate::ffmpeg::{Arguments, limit_for, must_exist};
use crate::loudness::{Target, measure_raw, normalise};
use crate::mux::SoundForm;
use crate::number::{real_u64, round_u64};
use crate::quiet::{self, Keep};
use crate::tools::Tools;
use crate::wav;

/// Longest voice taken; the longest video of any plan.
const VOICE_MS_MAX: u64 = 1_800_000;
/// What the product offers, and what one `atempo` does without skipping samples.
const SPEED_MIN: f64 = 0.5;
const SPEED_MAX: f64 = 2.0;
/// Shorter pauses are between syllables: cutting them makes words collide.
const PAUSE_MS_MIN: u64 = 150;

/// What [`normalise_voice`] may change besides loudness.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VoiceOptions {
    /// Integrated loudness of the result.
    pub target_lufs: f64,
    /// Whether silence at both ends is cut off.
    pub trim_silence: bool,
    /// Faster above 1; the pitch stays. 0.5 to 2.
    pub speed: f64,
    /// Pauses inside are shortened to this, in milliseconds; `None` leaves them. At least 150.
    pub pause_ms_max: Option<u64>,
}

impl Default for VoiceOptions {
    fn default() -> Self {
        Self {
            target_lufs: -16.0,
            trim_silence: true,
            speed: 1.0,
            pause_ms_max: None,
        }
    }
}

/// A part of a pause that was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// Where it began, at the new speed and before anything was cut.
    pub at_ms: u64,
    /// How long it was.
    pub length_ms: u64,
}

/// What became of a voice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VoiceReport {
    /// Length of the result.
    pub duration_ms: u64,
    /// Cut off at the beginning, at the new speed.
    pub lead_trimmed_ms: u64,
    /// As asked for.
    pub speed: f64,
    /// Parts of pauses inside that were taken out, in order.
    pub cuts: Vec<Cut>,
}

impl VoiceReport {
    /// Where a moment of the given voice is in the result: word times move with it.
    pub fn moved(&self, time_ms: u64) -> u64 {
        let time_ms = round_u64(real_u64(time_ms) / self.speed);
        let gone = |cut: &Cut| time_ms.saturating_sub(cut.at_ms).min(cut.length_ms);
        let cut_ms: u64 = self.cuts.iter().map(gone).sum();
        time_ms
            .saturating_sub(self.lead_trimmed_ms + cut_ms)
            .min(self.duration_ms)
    }
}

/// Brings a voice to one loudness and speed as a 48 kHz, 16-bit, mono WAV file.
///
/// # Promises
/// The true peak is below -2 dBTP, so that a later encoder stays below -1.
/// Half an hour takes no more memory than a second.
///
/// # Errors
/// [`EngineError::Media`] for a file without sound or longer than half an hour, [`EngineError::BadInput`] for options
/// out of range.
pub fn normalise_voice(
    tools: &Tools,
    input: &Path,
    output: &Path,
    options: VoiceOptions,
) -> Result<VoiceReport, EngineError> {
    options.validate()?;
    must_exist(input)?;
    let folder = output.parent().unwrap_or(Path::new("."));
    let (raw, cut) = (temporary(folder)?, temporary(folder)?);
    let limit = limit_for(VOICE_MS_MAX / 10);
    decode(tools, input, raw.path(), options.speed)?;
    let length_ms = wav::duration_ms(raw.path())?;
    if length_ms == 0 || length_ms > VOICE_MS_MAX {
        return Err(EngineError::media(
            input,
            format!("its sound lasts {length_ms} ms, must be 1 to {VOICE_MS_MAX}"),
        ));
    }
    let keep = Keep {
        ends: !options.trim_silence,
        pause_ms_max: options.pause_ms_max,
    };
    let spans = quiet::spans(raw.path(), keep)?;
    let ready = if spans.is_whole() {
        raw.path()
    } else {
        spans.copy(raw.path(), cut.path())?;
        cut.path()
    };
    let target = Target {
        integrated_lufs: options.target_lufs,
        true_peak_dbtp: -1.0,
        form: SoundForm::Wav { channels: 1 },
        limit,
    };
    let before = measure_raw(tools, ready, limit)?;
    normalise(tools, (ready, before), output, &target)?;
    Ok(VoiceReport {
        duration_ms: wav::duration_ms(output)?,
        lead_trimmed_ms: spans.lead_ms(),
        speed: options.speed,
        cuts: spans.cuts(),
    })
}

/// `atempo` rather than `rubberband`: every ffmpeg has it, it is made for speech, and its pitch is exact (see the tests).
fn decode(tools: &Tools, input: &Path, output: &Path, speed: f64) -> Result<(), EngineError> {
    let tempo = format!("atempo={speed:.4}");
    let filter = if (speed - 1.0).abs() < 1e-4 {
        "anull"
    } else {
        &tempo
    };
    Arguments::new("error")
        .input(&[], input)
        .with(["-map", "0:a:0", "-af", filter])
        .with(["-t", &seconds(VOICE_MS_MAX + 1_000)])
        .with(["-ar", "48000", "-ac", "1", "-c:a", "pcm_s16le"])
        .with(["-map_metadata", "-1", "-bitexact", "-f", "wav"])
        .output(output)
        .run(tools, limit_for(VOICE_MS_MAX / 10))
        .map(drop)
}

impl VoiceOptions {
    fn validate(&self) -> Result<(), EngineError> {
        if !(SPEED_MIN..=SPEED_MAX).contains(&self.speed) {
            let reason = format!("is {}, must be {SPEED_MIN} to {SPEED_MAX}", self.speed);
            return Err(EngineError::bad("speed", reason));
        }
        match self.pause_ms_max {
            Some(pause_ms) if pause_ms < PAUSE_MS_MIN => Err(EngineError::bad(
                "pause_ms_max",
                format!("is {pause_ms}, must be at least {PAUSE_MS_MIN}"),
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
