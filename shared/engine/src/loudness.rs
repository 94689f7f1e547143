//! Loudness: measured by EBU R 128, set by gain and a true-peak limiter.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::EngineError;
use crate::ffmpeg::Arguments;
use crate::mux::SoundForm;
use crate::tools::Tools;

/// Below this ebur128 has found nothing but silence.
const SILENCE_LUFS: f64 = -60.0;
/// Good enough: the product asks for 1 LU, the encoder moves it by less than 0.1.
const TOLERANCE_LU: f64 = 0.3;
/// Limiting takes loudness away again; one trial reaches the tolerance on most speech, the others are a reserve.
const CORRECTIONS_MAX: usize = 3;
/// Gain that makes up for the limiter, where the trials begin: LU for each squared decibel by which peaks are over.
///
/// Measured on eight languages of espeak-ng, two of them over music, a telephone, a few words in a long silence, bursts
/// and clicks of noise, at -14 and -16 LUFS: the loss was 0.0 to 0.1 LU at 2 dB, 0.3 to 0.6 at 3.4, 0.7 to 1.0 at 5 to
/// 6.4 dB. The 24 cases that need a limiter took 28 trials instead of 45, the fewest of 0.04, 0.05 and 0.06.
const MAKE_UP_LU: f64 = 0.05;
/// Nothing that was measured needed more; a single loud click in a quiet recording needs none.
const MAKE_UP_LU_MAX: f64 = 2.0;
/// Part of a change of gain that a limiter lets through at least; keeps a correction from running away.
const SLOPE_MIN: f64 = 0.4;
/// AAC overshoots the peaks it is given, by up to this much at the bit rates used here.
const ENCODER_HEADROOM_DB: f64 = 1.0;
/// More gain only lifts the noise of a nearly silent recording.
const GAIN_DB_MAX: f64 = 40.0;

/// Reports loudness and true peak at the end of a run at log level `info`, and passes the sound on.
pub(crate) const METER: &str = "ebur128=peak=true:framelog=quiet";

/// The same without the search for peaks between samples, which is a third of its work.
pub(crate) const QUICK_METER: &str = "ebur128=peak=sample:framelog=quiet";

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

/// What [`QUICK_METER`] finds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw {
    /// In LUFS; -70 for silence.
    pub(crate) integrated_lufs: f64,
    /// Highest sample, in dBFS; the sound between samples may go higher.
    pub(crate) sample_peak_dbfs: f64,
}

/// The loudness wanted, and the file form to write.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) integrated_lufs: f64,
    pub(crate) true_peak_dbtp: f64,
    pub(crate) form: SoundForm,
    pub(crate) limit: Duration,
}

/// Measures what is to be set by [`normalise`].
pub(crate) fn measure_raw(tools: &Tools, path: &Path, limit: Duration) -> Result<Raw, EngineError> {
    measure_through(tools, path, QUICK_METER, limit).map(Raw::from)
}

/// Measures the sound of a file.
///
/// # Errors
/// [`EngineError::Media`] of a file without sound.
pub fn measure(tools: &Tools, path: &Path, limit: Duration) -> Result<Loudness, EngineError> {
    measure_through(tools, path, METER, limit)
}

/// Writes a sound as a stereo WAV of the wanted loudness; its peaks stay below the wanted true peak.
///
/// # Errors
/// As [`measure`].
pub fn level_stereo(
    tools: &Tools,
    input: &Path,
    output: &Path,
    wanted: Loudness,
    limit: Duration,
) -> Result<(), EngineError> {
    let before = measure_raw(tools, input, limit)?;
    let target = Target {
        integrated_lufs: wanted.integrated_lufs,
        true_peak_dbtp: wanted.true_peak_dbtp,
        form: SoundForm::Wav { channels: 2 },
        limit,
    };
    normalise(tools, (input, before), output, &target)
}

/// Measures what a chain of filters, the meter among them, would make of a file.
fn measure_through(
    tools: &Tools,
    path: &Path,
    filter: &str,
    limit: Duration,
) -> Result<Loudness, EngineError> {
    let output = Arguments::new("info")
        .input(&[], path)
        .with(["-map", "0:a:0", "-af", filter, "-f", "null", "-"])
        .run(tools, limit)?;
    read_meter(path, &output.stderr)
}

impl From<Loudness> for Raw {
    /// Both meters print the same words.
    fn from(found: Loudness) -> Self {
        Self {
            integrated_lufs: found.integrated_lufs,
            sample_peak_dbfs: found.true_peak_dbtp,
        }
    }
}

/// What a meter inside of a run has found; the peak of a [`QUICK_METER`] is that of samples.
pub(crate) fn read_meter(path: &Path, report: &str) -> Result<Loudness, EngineError> {
    parse(report).ok_or_else(|| EngineError::media(path, "its loudness could not be measured"))
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

/// Writes `input`, which is as loud as `before`, at the wanted loudness.
///
/// # Promises
/// Only gain where that is enough; a limiter only where peaks would go over. Silence stays as it is.
pub(crate) fn normalise(
    tools: &Tools,
    (input, before): (&Path, Raw),
    output: &Path,
    target: &Target,
) -> Result<(), EngineError> {
    if before.integrated_lufs <= SILENCE_LUFS {
        return apply(tools, (input, output), "aresample=48000", target).map(drop);
    }
    let ceiling_db = target.true_peak_dbtp - ENCODER_HEADROOM_DB;
    let gain_db = (target.integrated_lufs - before.integrated_lufs).min(GAIN_DB_MAX);
    if before.sample_peak_dbfs + gain_db <= ceiling_db {
        let filter = format!("volume={gain_db:.3}dB,aresample=48000,{METER}");
        let report = apply(tools, (input, output), &filter, target)?;
        if read_meter(input, &report)?.true_peak_dbtp <= ceiling_db {
            return Ok(());
        }
    }
    let gain_db = driven(tools, (input, before), ceiling_db, target)?;
    apply(tools, (input, output), &oversampled(gain_db, ceiling_db), target).map(drop)
}

/// The same about to its target in one go, without trials and without a look between samples; answers with what a
/// [`QUICK_METER`] finds of it.
pub(crate) fn at_once(
    tools: &Tools,
    (input, before): (&Path, Raw),
    output: &Path,
    target: &Target,
) -> Result<Loudness, EngineError> {
    let ceiling_db = target.true_peak_dbtp - ENCODER_HEADROOM_DB;
    let filter = if before.integrated_lufs <= SILENCE_LUFS {
        QUICK_METER.to_owned()
    } else {
        let gain_db = first_gain(before, ceiling_db, target);
        let limiter = limiter(ceiling_db);
        format!("volume={gain_db:.3}dB,{limiter},aresample=48000,{QUICK_METER}")
    };
    let report = apply(tools, (input, output), &filter, target)?;
    read_meter(input, &report)
}

/// The gain that is tried first.
fn first_gain(before: Raw, ceiling_db: f64, target: &Target) -> f64 {
    let wanted_db = target.integrated_lufs - before.integrated_lufs;
    let over_db = (before.sample_peak_dbfs + wanted_db - ceiling_db).max(0.0);
    let make_up_db = (MAKE_UP_LU * over_db * over_db).min(MAKE_UP_LU_MAX);
    (wanted_db + make_up_db).min(GAIN_DB_MAX)
}

/// The gain that reaches the target although the limiter takes some of it away.
///
/// Tried without oversampling, which changes the loudness by less than a tenth and takes a third of the time.
fn driven(
    tools: &Tools,
    (input, before): (&Path, Raw),
    ceiling_db: f64,
    target: &Target,
) -> Result<f64, EngineError> {
    let (mut known_db, mut known_lufs) = (0.0, before.integrated_lufs);
    let mut gain_db = first_gain(before, ceiling_db, target);
    for _ in 0..CORRECTIONS_MAX {
        let trial = format!("volume={gain_db:.3}dB,{},{QUICK_METER}", limiter(ceiling_db));
        let reached_lufs = measure_through(tools, input, &trial, target.limit)?.integrated_lufs;
        let missing_lu = target.integrated_lufs - reached_lufs;
        if missing_lu.abs() <= TOLERANCE_LU || gain_db >= GAIN_DB_MAX {
            break;
        }
        let slope = (reached_lufs - known_lufs) / (gain_db - known_db);
        (known_db, known_lufs) = (gain_db, reached_lufs);
        // Not a number when the gain has not moved yet.
        let slope = if slope.is_finite() {
            slope.clamp(SLOPE_MIN, 1.0)
        } else {
            1.0
        };
        gain_db = (gain_db + missing_lu / slope).min(GAIN_DB_MAX);
    }
    Ok(gain_db)
}

fn limiter(ceiling_db: f64) -> String {
    let ceiling = 10_f64.powf(ceiling_db / 20.0);
    format!("alimiter=limit={ceiling:.5}:level=false:attack=3:release=60:latency=true")
}

/// The limiter runs at four times the rate, so that it sees the peaks between samples.
///
/// The way back in single precision saves a tenth of the run; of 2,880,000 samples of a voice 382 differ, by one step.
fn oversampled(gain_db: f64, ceiling_db: f64) -> String {
    let limiter = limiter(ceiling_db);
    format!("volume={gain_db:.3}dB,aresample=192000,{limiter},aformat=sample_fmts=flt,aresample=48000")
}

/// Writes what filters make of a file; answers with what they report.
fn apply(
    tools: &Tools,
    (input, output): (&Path, &Path),
    filter: &str,
    target: &Target,
) -> Result<String, EngineError> {
    // In any form the samples of the WAV: who encodes that gets the same sound.
    let filter = format!("{filter},aformat=sample_fmts=s16");
    let written = Arguments::new("info")
        .input(&[], input)
        .with(["-map", "0:a:0", "-af", &filter])
        .with(target.form.arguments().iter().map(String::as_str))
        .output(output)
        .run(tools, target.limit)?;
    Ok(written.stderr)
}
