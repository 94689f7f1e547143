//! Voices before and after.

use std::f64::consts::TAU;

use super::*;
use crate::loudness::measure;
use crate::number::{floor_i32, index, real};
use crate::testing;

#[test]
fn a_quiet_voice_comes_out_at_the_target_without_its_silent_start() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let (raw, out) = (folder.path().join("raw.wav"), folder.path().join("out.wav"));
    testing::voice(&raw, 2_500, 0.05);
    let (mut samples, rate) = wav::read_mono(&raw).unwrap();
    samples.splice(0..0, vec![0; index(rate)]);
    wav::write_mono(&raw, &samples, rate).unwrap();
    let report = normalise_voice(
        &tools,
        &raw,
        &out,
        VoiceOptions {
            target_lufs: -16.0,
            ..VoiceOptions::default()
        },
    )
    .unwrap();
    assert!((900..=1_010).contains(&report.lead_trimmed_ms), "{report:?}");
    assert!(report.duration_ms <= 2_600, "{report:?}");
    let measured = measure(&tools, &out, limit_for(3_000)).unwrap();
    assert!((measured.integrated_lufs + 16.0).abs() < 1.0, "{measured:?}");
    assert!(measured.true_peak_dbtp <= -1.5, "{measured:?}");
}

#[test]
fn silence_stays_silent_and_an_empty_file_is_refused() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let (raw, out) = (folder.path().join("raw.wav"), folder.path().join("out.wav"));
    wav::write_mono(&raw, &vec![0; 24_000], 24_000).unwrap();
    let report = normalise_voice(&tools, &raw, &out, VoiceOptions::default()).unwrap();
    assert_eq!((report.duration_ms, report.lead_trimmed_ms), (1_000, 0));
    std::fs::write(&raw, b"").unwrap();
    let error = normalise_voice(&tools, &raw, &out, VoiceOptions::default()).unwrap_err();
    assert_eq!(error.code(), "MediaUnreadable");
}

#[test]
fn a_playlist_that_names_another_file_is_not_opened() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let (list, secret, out) = (
        folder.path().join("a.wav"),
        folder.path().join("s.wav"),
        folder.path().join("o.wav"),
    );
    testing::voice(&secret, 500, 0.5);
    std::fs::write(
        &list,
        format!("#EXTM3U\n#EXTINF:1,\n{}\n#EXT-X-ENDLIST\n", secret.display()),
    )
    .unwrap();
    assert_eq!(
        normalise_voice(&tools, &list, &out, VoiceOptions::default())
            .unwrap_err()
            .code(),
        "MediaUnreadable"
    );
}

/// A tone of 440 Hz.
fn tone(path: &Path, length_ms: u64) {
    let count = usize::try_from(48 * length_ms).unwrap();
    let wave = |number| (TAU * 440.0 * real(number) / 48_000.0).sin();
    let samples: Vec<i16> = (0..count)
        .map(|number| i16::try_from(floor_i32(wave(number) * 9_000.0)).unwrap())
        .collect();
    wav::write_mono(path, &samples, 48_000).unwrap();
}

/// Frequency in hertz, by the zero crossings upwards in the middle of a file.
fn pitch(path: &Path) -> f64 {
    let (samples, rate) = wav::read_mono(path).unwrap();
    let middle = &samples[samples.len() / 4..samples.len() * 3 / 4];
    let crossings: Vec<f64> = middle
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0] < 0 && pair[1] >= 0)
        .map(|(number, pair)| {
            let (before, after) = (f64::from(pair[0]), f64::from(pair[1]));
            real(number) - before / (after - before)
        })
        .collect();
    let (first, last) = (crossings[0], crossings[crossings.len() - 1]);
    real(crossings.len() - 1) * f64::from(rate) / (last - first)
}

#[test]
fn another_speed_changes_the_length_and_not_the_pitch() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let (raw, out) = (folder.path().join("raw.wav"), folder.path().join("out.wav"));
    tone(&raw, 6_000);
    for speed in [0.5, 0.8, 1.0, 1.25, 1.5, 2.0] {
        let options = VoiceOptions {
            speed,
            trim_silence: false,
            ..VoiceOptions::default()
        };
        let report = normalise_voice(&tools, &raw, &out, options).unwrap();
        let wanted_ms = round_u64(6_000.0 / speed);
        assert!(
            report.duration_ms.abs_diff(wanted_ms) <= 40,
            "{speed}: {report:?}"
        );
        let cents = 1_200.0 * (pitch(&out) / 440.0).log2();
        assert!(cents.abs() <= 5.0, "{speed}: off by {cents:.2} cents");
        assert!(
            report.moved(3_000).abs_diff(wanted_ms / 2) <= 20,
            "{speed}: {report:?}"
        );
    }
}

#[test]
fn long_pauses_are_shortened_and_word_times_move_with_them() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let (raw, out) = (folder.path().join("raw.wav"), folder.path().join("out.wav"));
    // A second of silence, then words at 1.0 s, 3.5 s and 4.7 s, each 500 ms long.
    let mut samples = vec![0_i16; 48 * 5_200];
    for start_ms in [1_000_usize, 3_500, 4_700] {
        for (number, sample) in samples[48 * start_ms..48 * (start_ms + 500)]
            .iter_mut()
            .enumerate()
        {
            *sample = if number % 200 < 100 { 6_000 } else { -6_000 };
        }
    }
    wav::write_mono(&raw, &samples, 48_000).unwrap();
    let options = VoiceOptions {
        pause_ms_max: Some(300),
        ..VoiceOptions::default()
    };
    let report = normalise_voice(&tools, &raw, &out, options).unwrap();
    assert_eq!(report.lead_trimmed_ms, 940);
    let cuts: Vec<u64> = report.cuts.iter().map(|cut| cut.length_ms).collect();
    assert_eq!(cuts, [1_700, 400]);
    let (samples, _) = wav::read_mono(&out).unwrap();
    for (word_ms, moved_ms) in [(1_000, 60), (3_500, 860), (4_700, 1_660)] {
        assert_eq!(report.moved(word_ms), moved_ms);
        let at = usize::try_from(48 * moved_ms).unwrap();
        let level =
            |from: usize, to: usize| samples[from..to].iter().map(|s| s.unsigned_abs()).max().unwrap();
        assert!(level(at - 48 * 20, at - 48) < 400, "silent before {moved_ms} ms");
        assert!(level(at, at + 48 * 20) > 2_000, "sounds after {moved_ms} ms");
    }
    assert_eq!(
        report.moved(2_500),
        560 + 150,
        "a moment that was cut is where its pause is cut"
    );
}

#[test]
fn options_out_of_range_are_refused_by_name() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let refused = |options: VoiceOptions| {
        let path = folder.path().join("x.wav");
        normalise_voice(&tools, &path, &path, options)
            .unwrap_err()
            .to_string()
    };
    let plain = VoiceOptions::default();
    for speed in [0.49, 2.01, f64::NAN] {
        assert!(refused(VoiceOptions { speed, ..plain }).starts_with("speed: "));
    }
    let pause_ms_max = Some(100);
    assert!(
        refused(VoiceOptions {
            pause_ms_max,
            ..plain
        })
        .starts_with("pause_ms_max: ")
    );
}
