//! The mix: its graph as text, music behind a voice, and one loudness whatever comes in.

use std::path::PathBuf;

use super::*;
use crate::compose::compose;
use crate::composition::LoudnessPreset;
use crate::loudness::{self, Loudness, METER};
use crate::testing;

const WAV: SoundForm = SoundForm::Wav { channels: 2 };

fn audio(music: Option<Music>) -> Audio {
    Audio {
        voice: Some("voice.wav".into()),
        music,
        ..Audio::default()
    }
}

#[test]
fn a_voice_alone_is_padded_and_cut_to_the_video() {
    let graph = graph(&audio(None), &[], 20_005, 0);
    assert!(
        graph.contains("apad,atrim=0:20.005") && graph.ends_with("[mix]"),
        "{graph}"
    );
    assert!(!graph.contains("sidechain"));
}

#[test]
fn music_is_ducked_only_when_asked() {
    let music = Music::new(Path::new("m.mp3"));
    let plain = Music {
        ducking: false,
        ..music.clone()
    };
    assert!(graph(&audio(Some(music)), &[], 5_000, 0).contains("sidechaincompress"));
    assert!(!graph(&audio(Some(plain)), &[], 5_000, 0).contains("sidechaincompress"));
}

#[test]
fn the_end_of_the_video_fades_everything() {
    assert!(graph(&audio(None), &[], 5_000, 400).contains("afade=t=out:st=4.600:d=0.400"));
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

/// Loudness of a part of a file behind a filter.
pub(super) fn loudness_of(path: &Path, filter: &str) -> f64 {
    let filter = format!("{filter},{METER}");
    let output = Arguments::new("info")
        .input(&[], path)
        .with(["-af", filter.as_str(), "-f", "null", "-"])
        .run(&testing::tools(), limit_for(10_000))
        .unwrap();
    loudness::parse(&output.stderr).unwrap().integrated_lufs
}

/// Writes a sound out of one of ffmpeg's sources.
pub(super) fn made(folder: &Path, name: &str, source: &str, options: &[&str]) -> PathBuf {
    let path = folder.join(name);
    Arguments::new("error")
        .with(["-f", "lavfi", "-i", source])
        .with(options)
        .output(&path)
        .run(&testing::tools(), limit_for(20_000))
        .unwrap();
    path
}

/// A grey still with sound; small, because only the sound is looked at.
fn video(folder: &Path, duration_ms: u64, audio: Audio) -> Composition {
    let image = folder.join("grey.png");
    image::RgbImage::from_pixel(64, 64, image::Rgb([120; 3]))
        .save(&image)
        .unwrap();
    let document = serde_json::json!({
        "version": 1, "width": 64, "height": 64, "fps": 5,
        "scenes": [{"image": image, "start_ms": 0, "duration_ms": duration_ms}],
    });
    Composition {
        audio,
        ..Composition::from_json(&document.to_string()).unwrap()
    }
}

#[test]
fn music_is_lower_by_several_decibels_while_the_voice_speaks_and_comes_back() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let path = folder.path();
    let voice = made(path, "v.wav", "sine=f=3000:d=3,volume=8dB", &[]);
    let music = made(path, "m.wav", "sine=f=200:d=8,volume=-6dB", &[]);
    let audio = Audio {
        voice: Some(voice),
        music: Some(Music {
            gain_db: 0.0,
            ..Music::new(&music)
        }),
        ..Audio::default()
    };
    let out = path.join("mix.wav");
    mix(&tools, &video(path, 8_000, audio), &out, WAV).unwrap();
    let low = "lowpass=f=400,lowpass=f=400,lowpass=f=400";
    let under = loudness_of(&out, &format!("atrim=1:2.8,{low}"));
    let after = loudness_of(&out, &format!("atrim=5:6.5,{low}"));
    let ducked_db = after - under;
    assert!((6.0..20.0).contains(&ducked_db), "{under} under, {after} after");
    let end = loudness_of(&out, &format!("atrim=7.5:8,{low}"));
    assert!(end < after - 6.0, "{end} at the end, where the music fades out");
}

#[test]
fn a_track_is_heard_at_its_time_and_for_its_length_only() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let path = folder.path();
    let chime = made(path, "c.wav", "sine=f=900:d=5", &[]);
    let audio = Audio {
        tracks: vec![Track {
            from_ms: 1_000,
            length_ms: Some(1_500),
            fade_in_ms: 200,
            fade_out_ms: 200,
            ..Track::new(&chime, 2_000)
        }],
        ..Audio::default()
    };
    let out = path.join("mix.wav");
    mix(&tools, &video(path, 6_000, audio), &out, WAV).unwrap();
    assert_eq!(crate::wav::duration_ms(&out).unwrap(), 6_000);
    assert!(loudness_of(&out, "atrim=0:1.9") < -60.0);
    assert!(loudness_of(&out, "atrim=2.3:3.2") > -30.0);
    assert!(loudness_of(&out, "atrim=3.6:6") < -60.0);
}

#[test]
fn five_kinds_of_sound_leave_the_encoder_at_the_wanted_loudness() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let path = folder.path();
    let spoken = |name: &str, amplitude: f64| {
        let out = path.join(name);
        testing::voice(&out, 7_000, amplitude);
        out
    };
    let (normal, quiet, clipped) = (spoken("n.wav", 0.4), spoken("q.wav", 0.03), spoken("l.wav", 6.0));
    let music = made(
        path,
        "m.mp3",
        "aevalsrc='0.3*sin(2*PI*220*t)+0.2*sin(2*PI*330*t)*sin(2*PI*0.7*t)+0.1*random(0)':d=5:s=44100",
        &["-c:a", "libmp3lame"],
    );
    let phone = path.join("phone.wav");
    Arguments::new("error")
        .input(&[], &normal)
        .with(["-af", "highpass=f=300,lowpass=f=3400,volume=-9dB"])
        .with(["-ar", "8000", "-ac", "1", "-c:a", "pcm_mulaw"])
        .output(&phone)
        .run(&tools, limit_for(0))
        .unwrap();
    let sparse = path.join("sparse.wav");
    Arguments::new("error")
        .input(&[], &normal)
        .with(["-af", "atrim=0:1.2,adelay=2500,apad=pad_dur=4,volume=-20dB"])
        .output(&sparse)
        .run(&tools, limit_for(0))
        .unwrap();
    let voice = |voice| Audio {
        voice: Some(voice),
        ..Audio::default()
    };
    let bed = Some(Music::new(&music));
    let over_music = Audio {
        music: bed.clone(),
        ..voice(normal)
    };
    let music_only = Audio {
        music: bed,
        ..Audio::default()
    };
    let cases = [
        ("quiet speech", voice(quiet)),
        ("clipped speech", voice(clipped)),
        ("speech over music", over_music),
        ("a telephone", voice(phone)),
        ("a few words in a long silence", voice(sparse)),
        ("music alone", music_only),
    ];
    for (name, audio) in cases {
        let out = path.join("out.mp4");
        let video = video(path, 7_000, audio);
        let report = compose(&tools, &video, &out, &mut |_| {}).unwrap();
        let loudness = report.loudness.unwrap();
        assert!(
            (loudness.integrated_lufs + 14.0).abs() <= 1.0,
            "{name}: {loudness:?}"
        );
        let sketch = path.join("draft.m4a");
        let told = draft(&tools, &video.preview(), &sketch).unwrap();
        let heard = loudness::measure(&tools, &sketch, limit_for(0)).unwrap();
        let off = (heard.integrated_lufs + 14.0).abs();
        assert!(off <= 2.0, "a draft of {name}: {heard:?}");
        assert!(
            (told.integrated_lufs - heard.integrated_lufs).abs() <= 0.3,
            "{name}: {told:?} {heard:?}"
        );
        assert!(loudness.true_peak_dbtp <= -1.0, "{name}: {loudness:?}");
    }
}

#[test]
fn peaks_between_samples_bring_in_the_limiter() {
    let (tools, folder) = (testing::tools(), testing::folder());
    // A quarter of the rate, met at 45 degrees: between samples it goes 3 dB higher than at any.
    let tone = made(
        folder.path(),
        "tone.wav",
        "aevalsrc='0.1*sin(2*PI*12000*t+PI/4)':d=4:s=48000:c=stereo",
        &["-c:a", "pcm_s16le"],
    );
    let before = loudness::measure_raw(&tools, &tone, limit_for(0)).unwrap();
    let between = loudness::measure(&tools, &tone, limit_for(0))
        .unwrap()
        .true_peak_dbtp;
    assert!(between > before.sample_peak_dbfs + 2.0, "{before:?} {between}");
    let target = Target {
        integrated_lufs: before.integrated_lufs - 2.5 - before.sample_peak_dbfs,
        true_peak_dbtp: -1.0,
        form: WAV,
        limit: limit_for(0),
    };
    let out = folder.path().join("out.wav");
    normalise(&tools, (&tone, before), &out, &target).unwrap();
    let after = loudness::measure(&tools, &out, limit_for(0)).unwrap();
    assert!(after.true_peak_dbtp <= -1.0, "{after:?}");
}

#[test]
fn a_preset_decides_the_loudness_of_the_video() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let voice = folder.path().join("v.wav");
    testing::voice(&voice, 4_000, 0.3);
    let audio = Audio {
        voice: Some(voice),
        loudness_preset: Some(LoudnessPreset::Podcast),
        ..Audio::default()
    };
    let out = folder.path().join("out.mp4");
    let report = compose(&tools, &video(folder.path(), 4_000, audio), &out, &mut |_| {}).unwrap();
    let loudness = report.loudness.unwrap();
    assert!((loudness.integrated_lufs + 16.0).abs() <= 1.0, "{loudness:?}");
}

#[test]
fn an_image_where_sound_should_be_is_named_as_bad_media() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let path = folder.path();
    let mute = made(path, "mute.mp4", "color=red:s=64x64:d=1", &["-c:v", "libx264"]);
    let audio = Audio {
        tracks: vec![Track::new(&mute, 0)],
        ..Audio::default()
    };
    let error = mix(&tools, &video(path, 1_000, audio), &path.join("mix.wav"), WAV).unwrap_err();
    assert_eq!(error.code(), "MediaUnreadable", "{error}");
    assert!(error.to_string().contains("mute.mp4"), "{error}");
}
