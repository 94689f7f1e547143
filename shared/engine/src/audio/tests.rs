//! Sound: the graph as text, and a real voice before and after.

use super::*;
use crate::composition::Music;
use crate::loudness::{self, Loudness};
use crate::testing;

fn audio(music: Option<Music>) -> Audio {
    Audio {
        voice: Some("voice.wav".into()),
        music,
        ..Audio::default()
    }
}

#[test]
fn a_voice_alone_is_padded_and_cut_to_the_video() {
    let graph = graph(&audio(None), 20_005, 0);
    assert!(
        graph.contains("apad,atrim=0:20.005") && graph.ends_with("[mix]"),
        "{graph}"
    );
    assert!(!graph.contains("sidechain"));
}

#[test]
fn music_is_ducked_only_when_asked() {
    let music = Music {
        path: "m.mp3".into(),
        gain_db: -18.0,
        ducking: true,
    };
    assert!(graph(&audio(Some(music.clone())), 5_000, 0).contains("sidechaincompress"));
    assert!(
        !graph(
            &audio(Some(Music {
                ducking: false,
                ..music
            })),
            5_000,
            0
        )
        .contains("sidechaincompress")
    );
}

#[test]
fn the_end_of_the_video_fades_everything() {
    assert!(graph(&audio(None), 5_000, 400).contains("afade=t=out:st=4.600:d=0.400"));
}

#[test]
fn the_summary_of_the_meter_is_read() {
    let report = "  Integrated loudness:\n    I:         -14.3 LUFS\n    Threshold: -24.5 LUFS\n\n  Loudness range:\n    \
                  LRA:         2.1 LU\n\n  True peak:\n    Peak:       -1.6 dBFS\n";
    let expected = Loudness {
        integrated_lufs: -14.3,
        true_peak_dbtp: -1.6,
    };
    assert_eq!(loudness::parse(report), Some(expected));
    assert_eq!(loudness::parse("nothing"), None);
}

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
            trim_silence: true,
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
        "ToolFailed"
    );
}
