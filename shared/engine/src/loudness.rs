//! Loudness: measured by EBU R 128, set by gain and a true-peak limiter.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::EngineError;
use crate::ffmpeg::Arguments;
use crate::tools::Tools;

/// Below this ebur128 has found nothing but silence.
const SILENCE_LUFS: f64 = -60.0;
/// Good enough: the product asks for 1 LU, the encoder moves it by less than 0.1.
const TOLERANCE_LU: f64 = 0.3;
/// Limiting takes loudness away again; two corrections reach the tolerance on speech, the third is a reserve.
const CORRECTIONS_MAX: usize = 3;
/// AAC overshoots the peaks it is given, by up to this much at the bit rates used here.
const ENCODER_HEADROOM_DB: f64 = 1.0;
/// More gain only lifts the noise of a nearly silent recording.
const GAIN_DB_MAX: f64 = 40.0;

/// How loud something is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loudness {
    /// Integrated, in LUFS; -70 for silence.
    pub integrated_lufs: f64,
    /// Highest true peak, in dBTP; -120 for digital silence.
    pub true_peak_dbtp: f64,
}

impl Loudness {
    pub(crate) fn is_silent(self) -> bool {
        self.integrated_lufs <= SILENCE_LUFS
    }
}

/// The loudness wanted, and the file form to write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) integrated_lufs: f64,
    pub(crate) true_peak_dbtp: f64,
    pub(crate) channels: u8,
    pub(crate) limit: Duration,
}

/// Measures the sound of a file.
pub(crate) fn measure(tools: &Tools, path: &Path, limit: Duration) -> Result<Loudness, EngineError> {
    let output = Arguments::new("info")
        .input(&[], path)
        .with([
            "-map",
            "0:a:0",
            "-af",
            "ebur128=peak=true:framelog=quiet",
            "-f",
            "null",
            "-",
        ])
        .run(tools, limit)?;
    parse(&output.stderr).ok_or_else(|| EngineError::media(path, "its loudness could not be measured"))
}

/// Reads the summary that ebur128 prints at its end.
pub(crate) fn parse(report: &str) -> Option<Loudness> {
    let value = |name: &str| {
        let line = report
            .lines()
            .rev()
            .find_map(|line| line.trim().strip_prefix(name))?;
        let number = line.split_whitespace().next()?;
        if number == "-inf" {
            Some(-120.0)
        } else {
            number.parse::<f64>().ok()
        }
    };
    Some(Loudness {
        integrated_lufs: value("I:").filter(|loudness| loudness.is_finite())?,
        true_peak_dbtp: value("Peak:").filter(|peak| peak.is_finite())?,
    })
}

/// Writes `input` at the wanted loudness as 48 kHz, 16-bit WAV.
///
/// # Promises
/// Only gain where that is enough; a limiter only where peaks would go over. Silence stays as it is.
pub(crate) fn normalise(
    tools: &Tools,
    input: &Path,
    output: &Path,
    target: Target,
) -> Result<(), EngineError> {
    let before = measure(tools, input, target.limit)?;
    if before.is_silent() {
        return apply(tools, (input, output), "anull", target);
    }
    let ceiling_db = target.true_peak_dbtp - ENCODER_HEADROOM_DB;
    let mut gain_db = (target.integrated_lufs - before.integrated_lufs).min(GAIN_DB_MAX);
    if before.true_peak_dbtp + gain_db <= ceiling_db {
        return apply(tools, (input, output), &format!("volume={gain_db:.3}dB"), target);
    }
    for _ in 0..CORRECTIONS_MAX {
        apply(tools, (input, output), &limited(gain_db, ceiling_db), target)?;
        let missing_lu = target.integrated_lufs - measure(tools, output, target.limit)?.integrated_lufs;
        if missing_lu.abs() <= TOLERANCE_LU || gain_db >= GAIN_DB_MAX {
            break;
        }
        gain_db = (gain_db + missing_lu).min(GAIN_DB_MAX);
    }
    Ok(())
}

/// The limiter runs at four times the rate, so that it sees the peaks between samples.
fn limited(gain_db: f64, ceiling_db: f64) -> String {
    let ceiling = 10_f64.powf(ceiling_db / 20.0);
    format!(
        "volume={gain_db:.3}dB,aresample=192000,\
         alimiter=limit={ceiling:.5}:level=false:attack=3:release=60:latency=true"
    )
}

fn apply(
    tools: &Tools,
    (input, output): (&Path, &Path),
    filter: &str,
    target: Target,
) -> Result<(), EngineError> {
    let filter = format!("{filter},aresample=48000");
    Arguments::new("error")
        .input(&[], input)
        .with([
            "-map",
            "0:a:0",
            "-af",
            filter.as_str(),
            "-ar",
            "48000",
            "-ac",
            &target.channels.to_string(),
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
        .output(output)
        .run(tools, target.limit)
        .map(drop)
}
