//! Looks at a finished video the way a careful viewer would, and says what is wrong with it.

use std::fmt::Display;
use std::path::Path;

use serde::Serialize;

use crate::error::EngineError;
use crate::ffmpeg::{Arguments, limit_for, must_exist};
use crate::loudness::{self, Loudness};
use crate::number::{real_u64, round_u64};
use crate::probe::{Probe, read};
use crate::tools::Tools;
use crate::yuv_image::{self, YuvImage};

mod captions;
mod expectation;

pub use captions::check_composition;
pub use expectation::Expectation;

/// Loudness may differ from its target by this much, the product's own tolerance.
const LOUDNESS_TOLERANCE_LU: f64 = 1.0;
/// The true peak is known to a tenth; this is the meter's rounding.
const PEAK_TOLERANCE_DB: f64 = 0.05;
/// Mean luma of a thumbnail below which it is black to the eye; black itself is 16.
const DARK_LUMA: f64 = 20.0;
/// Largest rate of a 1080p short that is not an encoder gone wrong.
const RATE_KBPS_MAX: f64 = 25_000.0;

/// Brands of MP4 that every player of the last ten years opens.
const BRANDS: [&str; 6] = ["isom", "iso2", "iso5", "iso6", "mp41", "mp42"];
/// A sample so near to full scale was cut off there, or will be by a player.
const CLIPPED_DBFS: f64 = -0.1;

/// The outcome of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable name of the rule.
    pub code: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What was found.
    pub measured: String,
    /// What was wanted.
    pub wanted: String,
}

/// All rules with their outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckReport {
    /// Whether every rule holds.
    pub passed: bool,
    /// One per rule, also the ones that hold.
    pub findings: Vec<Finding>,
    /// The file as it is.
    pub probe: Probe,
    /// `None` without sound.
    pub loudness: Option<Loudness>,
}

impl CheckReport {
    /// The rules that do not hold.
    pub fn failures(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| !finding.ok)
    }
}

/// Decodes a video once and compares it with what it should be.
///
/// # Errors
/// Only when the file cannot be read or decoded at all; a bad video is a report, not an error.
pub fn check(tools: &Tools, path: &Path, wanted: &Expectation) -> Result<CheckReport, EngineError> {
    must_exist(path)?;
    let report = decode(tools, path, wanted.duration_ms)?;
    let probe = read(path, &report)?;
    let loudness = probe.audio.as_ref().and_then(|_| loudness::parse(&report));
    let mut list = Findings::default();
    list.container(&probe);
    list.video(&probe, wanted);
    list.audio(&probe);
    list.timing(&probe, wanted);
    list.spans(&report, wanted);
    list.loudness(loudness, wanted);
    list.clipping(peak_dbfs(&report));
    if let Some(thumbnail) = &wanted.thumbnail {
        list.thumbnail(thumbnail);
    }
    let findings = list.0;
    Ok(CheckReport {
        passed: findings.iter().all(|finding| finding.ok),
        findings,
        probe,
        loudness,
    })
}

#[expect(
    clippy::fn_params_excessive_bools,
    reason = "the flag is the rule itself, written out at the call"
)]
fn finding(code: &'static str, ok: bool, measured: impl Into<String>, wanted: impl Into<String>) -> Finding {
    Finding {
        code,
        ok,
        measured: measured.into(),
        wanted: wanted.into(),
    }
}

/// One pass over image and sound; the image is made small first, which changes no answer and halves the time.
fn decode(tools: &Tools, path: &Path, duration_ms: u64) -> Result<String, EngineError> {
    let image = "scale=-2:480:flags=area,blackdetect=d=0.1:pic_th=0.98:pix_th=0.06,freezedetect=n=-68dB:d=1";
    let sound = "silencedetect=noise=-50dB:d=1,astats=measure_perchannel=none:measure_overall=Peak_level,\
                 ebur128=peak=true:framelog=quiet";
    let output = Arguments::new("info")
        .input(&[], path)
        .with([
            "-map", "0:v:0?", "-map", "0:a:0?", "-vf", image, "-af", sound, "-f", "null", "-",
        ])
        .run(tools, limit_for(duration_ms))?;
    Ok(output.stderr)
}

#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    #[expect(
        clippy::fn_params_excessive_bools,
        reason = "the flag is the rule itself, written out at the call"
    )]
    fn add(&mut self, code: &'static str, ok: bool, measured: impl Into<String>, wanted: impl Into<String>) {
        self.0.push(finding(code, ok, measured, wanted));
    }

    fn equal<T: PartialEq + Display>(&mut self, code: &'static str, measured: &T, wanted: &T) {
        self.add(code, measured == wanted, measured.to_string(), wanted.to_string());
    }

    fn container(&mut self, probe: &Probe) {
        let is_mp4 = probe.container.split(',').any(|name| name == "mp4");
        self.add("container", is_mp4, probe.container.as_str(), "mp4");
        self.equal("faststart", &probe.faststart, &true);
        let brand = probe.brand.as_str();
        self.add("brand", BRANDS.contains(&brand), brand, BRANDS.join(" "));
    }

    fn video(&mut self, probe: &Probe, wanted: &Expectation) {
        let video = probe.video.clone().unwrap_or_default();
        self.equal("video_codec", &video.codec.as_str(), &"h264");
        self.equal("video_profile", &video.profile.as_str(), &"High");
        self.equal("pixel_format", &video.pixel_format.as_str(), &"yuv420p");
        let tags: Vec<&str> = video.colours.split(", ").collect();
        let tagged = tags.contains(&"tv") && tags.contains(&"bt709");
        self.add("colours", tagged, video.colours.as_str(), "tv, bt709");
        let size = |width: u32, height: u32| format!("{width}x{height}");
        self.equal(
            "frame_size",
            &size(video.width, video.height),
            &size(wanted.width, wanted.height),
        );
        let fps_ok = (video.fps - f64::from(wanted.fps)).abs() < 0.01;
        self.add(
            "frame_rate",
            fps_ok,
            video.fps.to_string(),
            wanted.fps.to_string(),
        );
    }

    fn audio(&mut self, probe: &Probe) {
        let audio = probe.audio.clone().unwrap_or_default();
        self.equal("audio_codec", &audio.codec.as_str(), &"aac");
        self.equal("sample_rate", &audio.sample_rate, &48_000);
        self.equal("channels", &audio.channels, &2);
    }

    fn timing(&mut self, probe: &Probe, wanted: &Expectation) {
        // ffmpeg tells lengths to 10 ms, and the last AAC frame may reach past the image by its 21 ms.
        let tolerance_ms = round_u64(1000.0 / f64::from(wanted.fps.max(1))).max(22) + 10;
        let ok = probe.duration_ms.abs_diff(wanted.duration_ms) <= tolerance_ms;
        let range = format!("{} ± {tolerance_ms} ms", wanted.duration_ms);
        self.add("duration", ok, format!("{} ms", probe.duration_ms), range);
        let rate_kbps = real_u64(probe.size_bytes) * 8.0 / real_u64(probe.duration_ms).max(1.0);
        let rate_ok = rate_kbps > 0.0 && rate_kbps <= RATE_KBPS_MAX;
        self.add(
            "bit_rate",
            rate_ok,
            format!("{rate_kbps:.0} kbit/s"),
            format!("at most {RATE_KBPS_MAX} kbit/s"),
        );
    }

    fn spans(&mut self, report: &str, wanted: &Expectation) {
        let end_ms = wanted.duration_ms;
        let black_ms: u64 = numbers(report, "black_duration:").into_iter().sum();
        let limit_ms = wanted.black_ms_max;
        self.add(
            "black",
            black_ms <= limit_ms,
            format!("{black_ms} ms"),
            format!("at most {limit_ms} ms"),
        );
        if let Some(limit_ms) = wanted.frozen_ms_max {
            let frozen_ms = longest(report, ["freeze_start:", "freeze_duration:"], end_ms);
            self.add(
                "frozen",
                frozen_ms <= limit_ms,
                format!("{frozen_ms} ms"),
                format!("at most {limit_ms} ms"),
            );
        }
        if let Some(limit_ms) = wanted.silence_ms_max {
            let silent_ms = longest(report, ["silence_start:", "silence_duration:"], end_ms);
            self.add(
                "silence",
                silent_ms <= limit_ms,
                format!("{silent_ms} ms"),
                format!("at most {limit_ms} ms"),
            );
        }
    }

    fn loudness(&mut self, loudness: Option<Loudness>, wanted: &Expectation) {
        let Some(target) = wanted.target_lufs else { return };
        if wanted.may_be_silent && loudness.is_none_or(Loudness::is_silent) {
            return;
        }
        let measured = loudness.unwrap_or(Loudness {
            integrated_lufs: -70.0,
            true_peak_dbtp: -120.0,
        });
        let off_lu = (measured.integrated_lufs - target).abs();
        self.add(
            "loudness",
            off_lu <= LOUDNESS_TOLERANCE_LU,
            format!("{} LUFS", measured.integrated_lufs),
            format!("{target} ± {LOUDNESS_TOLERANCE_LU} LUFS"),
        );
        self.add(
            "true_peak",
            measured.true_peak_dbtp <= wanted.true_peak_dbtp + PEAK_TOLERANCE_DB,
            format!("{} dBTP", measured.true_peak_dbtp),
            format!("at most {} dBTP", wanted.true_peak_dbtp),
        );
    }

    fn clipping(&mut self, peak_dbfs: Option<f64>) {
        let Some(peak_dbfs) = peak_dbfs else { return };
        self.add(
            "clipping",
            peak_dbfs < CLIPPED_DBFS,
            format!("{peak_dbfs:.1} dBFS"),
            format!("below {CLIPPED_DBFS} dBFS"),
        );
    }

    fn thumbnail(&mut self, path: &Path) {
        let luma = image::open(path).map(|image| {
            let image = YuvImage::from_rgb(&image.into_rgb8());
            yuv_image::mean(image.planes()[0])
        });
        let measured = luma
            .as_ref()
            .map_or_else(ToString::to_string, |luma| format!("mean luma {luma:.0}"));
        let ok = luma.is_ok_and(|luma| luma > DARK_LUMA);
        self.add(
            "thumbnail",
            ok,
            measured,
            format!("an image with a mean luma above {DARK_LUMA}"),
        );
    }
}

/// The loudest sample, as `astats` prints it; `None` without sound.
fn peak_dbfs(report: &str) -> Option<f64> {
    let value = report
        .rsplit("Peak level dB: ")
        .next()?
        .split_whitespace()
        .next()?;
    match value {
        "-inf" => Some(-120.0),
        number => number.parse().ok(),
    }
}

/// All values of a field in seconds, as milliseconds.
fn numbers(report: &str, field: &str) -> Vec<u64> {
    report
        .split(field)
        .skip(1)
        .filter_map(|rest| rest.split_whitespace().next()?.parse::<f64>().ok())
        .map(|seconds| round_u64(seconds * 1000.0))
        .collect()
}

/// The longest span; one that has a start but no length lasts to the end.
fn longest(report: &str, [start, length]: [&str; 2], end_ms: u64) -> u64 {
    let (starts, lengths) = (numbers(report, start), numbers(report, length));
    let open = starts
        .last()
        .filter(|_| starts.len() > lengths.len())
        .map(|start| end_ms.saturating_sub(*start));
    lengths.into_iter().chain(open).max().unwrap_or_default()
}

#[cfg(test)]
mod tests;
