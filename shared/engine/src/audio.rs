//! Sound: a voice made ready for a video, and the mix of a whole video.

use std::path::Path;

use serde::Serialize;
use tempfile::NamedTempFile;

use crate::composition::{Audio, Composition};
use crate::error::EngineError;
use crate::ffmpeg::{Arguments, limit_for, must_exist};
use crate::loudness::{self, METER, Target, measure, normalise};
use crate::number::{index, real, real_u64, round_u64};
use crate::tools::Tools;
use crate::wav;

/// Longest voice taken; the longest video of any plan.
const VOICE_MS_MAX: u64 = 1_800_000;
/// Quieter than this (against full scale) is silence at the ends of a voice.
const SILENCE_AMPLITUDE: u16 = 104;
/// Breath left before the first and after the last sound.
const KEPT_MS: u32 = 60;
/// Music fades out over the end of a video.
const MUSIC_FADE_MS: u64 = 1_200;

/// What [`normalise_voice`] may change besides loudness.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VoiceOptions {
    /// Integrated loudness of the result.
    pub target_lufs: f64,
    /// Whether silence at both ends is cut off.
    pub trim_silence: bool,
}

impl Default for VoiceOptions {
    fn default() -> Self {
        Self {
            target_lufs: -16.0,
            trim_silence: true,
        }
    }
}

/// What became of a voice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct VoiceReport {
    /// Length of the result.
    pub duration_ms: u64,
    /// Cut off at the beginning: word times must move back by so much.
    pub lead_trimmed_ms: u64,
}

/// Brings a voice to one loudness as a 48 kHz, 16-bit, mono WAV file.
///
/// # Promises
/// The true peak is below -2 dBTP, so that a later encoder stays below -1.
///
/// # Errors
/// [`EngineError::Media`] for a file without sound or longer than half an hour.
pub fn normalise_voice(
    tools: &Tools,
    input: &Path,
    output: &Path,
    options: VoiceOptions,
) -> Result<VoiceReport, EngineError> {
    must_exist(input)?;
    let folder = output.parent().unwrap_or(Path::new("."));
    let raw = temporary(folder)?;
    let limit = limit_for(VOICE_MS_MAX / 10);
    Arguments::new("error")
        .input(&[], input)
        .with([
            "-map",
            "0:a:0",
            "-t",
            &seconds(VOICE_MS_MAX + 1_000),
            "-ar",
            "48000",
            "-ac",
            "1",
        ])
        .with([
            "-c:a",
            "pcm_s16le",
            "-map_metadata",
            "-1",
            "-bitexact",
            "-f",
            "wav",
        ])
        .output(raw.path())
        .run(tools, limit)?;
    let (samples, rate) = wav::read_mono(raw.path())?;
    let length_ms = milliseconds(samples.len(), rate);
    if samples.is_empty() || length_ms > VOICE_MS_MAX {
        return Err(EngineError::media(
            input,
            format!("its sound lasts {length_ms} ms, must be 1 to {VOICE_MS_MAX}"),
        ));
    }
    let kept = if options.trim_silence {
        sounding(&samples, rate)
    } else {
        0..samples.len()
    };
    let lead_trimmed_ms = milliseconds(kept.start, rate);
    wav::write_mono(raw.path(), samples.get(kept).unwrap_or_default(), rate)?;
    let target = Target {
        integrated_lufs: options.target_lufs,
        true_peak_dbtp: -1.0,
        channels: 1,
        limit,
    };
    let before = measure(tools, raw.path(), limit)?;
    normalise(tools, (raw.path(), before), output, target)?;
    Ok(VoiceReport {
        duration_ms: wav::duration_ms(output)?,
        lead_trimmed_ms,
    })
}

/// The part between the first and the last sound, with a little air; all of it when there is none.
fn sounding(samples: &[i16], rate: u32) -> std::ops::Range<usize> {
    let loud = |sample: &i16| sample.unsigned_abs() > SILENCE_AMPLITUDE;
    let (Some(first), Some(last)) = (samples.iter().position(loud), samples.iter().rposition(loud)) else {
        return 0..samples.len();
    };
    let kept = index(rate / 1_000 * KEPT_MS);
    first.saturating_sub(kept)..last.saturating_add(kept).min(samples.len())
}

/// Mixes everything heard to the video's exact length and loudness.
pub(crate) fn mix(tools: &Tools, composition: &Composition, output: &Path) -> Result<(), EngineError> {
    let audio = &composition.audio;
    let duration_ms = composition.duration_ms();
    let limit = limit_for(duration_ms);
    let raw = temporary(output.parent().unwrap_or(Path::new(".")))?;
    let mut arguments = Arguments::new("info");
    if let Some(voice) = &audio.voice {
        must_exist(voice)?;
        arguments = arguments.input(&[], voice);
    } else {
        arguments = arguments.with(["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo"]);
    }
    if let Some(music) = &audio.music {
        must_exist(&music.path)?;
        arguments = arguments.input(&["-stream_loop", "-1"], &music.path);
    }
    let report = arguments
        .with([
            "-filter_complex",
            &graph(audio, duration_ms, composition.fade_out_ms),
            "-map",
            "[mix]",
        ])
        .with([
            "-t",
            &seconds(duration_ms),
            "-c:a",
            "pcm_s16le",
            "-map_metadata",
            "-1",
            "-bitexact",
            "-f",
            "wav",
        ])
        .output(raw.path())
        .run(tools, limit)?;
    let before = loudness::read(raw.path(), &report.stderr)?;
    let target = Target {
        integrated_lufs: audio.target_lufs,
        true_peak_dbtp: audio.true_peak_dbtp,
        channels: 2,
        limit,
    };
    normalise(tools, (raw.path(), before), output, target)
}

/// The filter graph: voice placed and padded, music steps back behind it, both cut to the video.
fn graph(audio: &Audio, duration_ms: u64, fade_out_ms: u64) -> String {
    let stereo = "aresample=48000,aformat=sample_fmts=fltp:channel_layouts=stereo";
    let length = seconds(duration_ms);
    let start_ms = audio.voice_start_ms;
    let voice = format!("[0:a:0]{stereo},adelay={start_ms}:all=1,apad,atrim=0:{length}");
    let end = if fade_out_ms > 0 {
        format!(",{}", fade_out(duration_ms, fade_out_ms))
    } else {
        String::new()
    };
    let Some(music) = &audio.music else {
        return format!("{voice}{end},{METER}[mix]");
    };
    let fade = fade_out(duration_ms, MUSIC_FADE_MS.min(duration_ms));
    let bed = format!(
        "[1:a:0]{stereo},volume={:.2}dB,apad,atrim=0:{length},{fade}",
        music.gain_db
    );
    let both = format!("amix=inputs=2:duration=first:normalize=0{end},{METER}[mix]");
    if music.ducking {
        // About 10 dB of reduction under speech; the slow release keeps it from pumping between words.
        let duck = "sidechaincompress=threshold=0.03:ratio=6:attack=15:release=450";
        format!("{voice},asplit=2[voice][key];{bed}[bed];[bed][key]{duck}[low];[voice][low]{both}")
    } else {
        format!("{voice}[voice];{bed}[bed];[voice][bed]{both}")
    }
}

fn fade_out(duration_ms: u64, length_ms: u64) -> String {
    let start_ms = duration_ms.saturating_sub(length_ms);
    format!("afade=t=out:st={}:d={}", seconds(start_ms), seconds(length_ms))
}

/// Milliseconds as ffmpeg reads them.
fn seconds(time_ms: u64) -> String {
    format!("{}.{:03}", time_ms / 1000, time_ms % 1000)
}

fn milliseconds(samples: usize, rate: u32) -> u64 {
    round_u64(real(samples) * 1000.0 / real_u64(u64::from(rate.max(1))))
}

fn temporary(folder: &Path) -> Result<NamedTempFile, EngineError> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    tempfile::Builder::new()
        .suffix(".wav")
        .tempfile_in(folder)
        .map_err(EngineError::io("create a file in", folder))
}

#[cfg(test)]
mod tests;
