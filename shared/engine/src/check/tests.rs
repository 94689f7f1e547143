//! Checks: the reports of ffmpeg's detectors, and a video that is wrong in every way.

use serde_json::{Value, json};

use super::*;
use crate::composition::Composition;
use crate::ffmpeg::Arguments;
use crate::testing;

#[test]
fn spans_are_added_up_and_an_open_one_lasts_to_the_end() {
    let report = "[blackdetect @ 0x1] black_start:0 black_end:0.5 black_duration:0.5\n\
                  [blackdetect @ 0x1] black_start:3 black_end:3.25 black_duration:0.25\n\
                  freeze_start: 1.5\nfreeze_duration: 1.2\nfreeze_end: 2.7\nfreeze_start: 6";
    assert_eq!(numbers(report, "black_duration:"), [500, 250]);
    assert_eq!(
        longest(report, ["freeze_start:", "freeze_duration:"], 10_000),
        4_000
    );
    assert_eq!(
        longest(report, ["silence_start:", "silence_duration:"], 10_000),
        0
    );
}

#[test]
fn a_black_frozen_silent_video_fails_by_name() {
    let (tools, folder) = (testing::tools(), testing::folder());
    let path = folder.path().join("black.mp4");
    Arguments::new("error")
        .with([
            "-f",
            "lavfi",
            "-i",
            "color=black:s=320x240:r=25:d=6",
            "-f",
            "lavfi",
            "-i",
            "anullsrc=r=44100:cl=mono",
        ])
        .with([
            "-t",
            "6",
            "-c:v",
            "libx264",
            "-profile:v",
            "baseline",
            "-preset",
            "ultrafast",
            "-c:a",
            "aac",
        ])
        .output(&path)
        .run(&tools, limit_for(6_000))
        .unwrap();
    let wanted = Expectation {
        duration_ms: 20_000,
        width: 1_080,
        height: 1_920,
        ..Expectation::any_short()
    };
    let report = check(
        &tools,
        &path,
        &wanted.with_thumbnail(&folder.path().join("none.jpg")),
    )
    .unwrap();
    let failed: Vec<_> = report.failures().map(|finding| finding.code).collect();
    assert_eq!(
        failed,
        [
            "faststart",
            "video_profile",
            "colours",
            "frame_size",
            "frame_rate",
            "sample_rate",
            "channels",
            "duration",
            "black",
            "frozen",
            "silence",
            "loudness",
            "thumbnail"
        ]
    );
    assert!(!report.passed);
}

#[test]
fn a_file_that_cannot_be_decoded_is_an_error_and_not_a_report() {
    let folder = testing::folder();
    let path = folder.path().join("a.mp4");
    std::fs::write(&path, [0; 500]).unwrap();
    assert!(check(&testing::tools(), &path, &Expectation::any_short()).is_err());
}

/// How a video that passes is made; each test changes one of these.
#[derive(Clone)]
struct Recipe {
    image: &'static str,
    filter: &'static str,
    sound: &'static str,
    codec: &'static [&'static str],
    output: &'static [&'static str],
}

const GOOD: Recipe = Recipe {
    image: "testsrc2=s=320x240:r=30:d=4",
    filter: "format=yuv420p,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709",
    // Both channels at -14 dB against full scale are -14 LUFS.
    sound: "sine=f=997:d=4:r=48000,volume=7.07dB",
    codec: &[
        "-c:v",
        "libx264",
        "-profile:v",
        "high",
        "-preset",
        "veryfast",
        "-c:a",
        "aac",
    ],
    output: &["-ar", "48000", "-ac", "2", "-movflags", "+faststart", "-f", "mp4"],
};

fn wanted() -> Expectation {
    Expectation {
        duration_ms: 4_000,
        width: 320,
        height: 240,
        silence_ms_max: Some(1_500),
        ..Expectation::any_short()
    }
}

/// The rules that a video breaks.
fn broken(recipe: &Recipe, wanted: &Expectation) -> Vec<&'static str> {
    let (tools, folder) = (testing::tools(), testing::folder());
    let path = folder.path().join("video");
    Arguments::new("error")
        .with([
            "-f",
            "lavfi",
            "-i",
            recipe.image,
            "-f",
            "lavfi",
            "-i",
            recipe.sound,
        ])
        .with(["-vf", recipe.filter])
        .with(recipe.codec)
        .with(recipe.output)
        .output(&path)
        .run(&tools, limit_for(4_000))
        .unwrap();
    let report = check(&tools, &path, wanted).unwrap();
    report.failures().map(|finding| finding.code).collect()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one row for each fault")]
fn each_fault_is_found_and_no_other_is() {
    let h264 = |profile, format: &'static str| -> Recipe {
        let codec: &[&str] = match profile {
            "main" => &["-c:v", "libx264", "-profile:v", "main", "-c:a", "aac"],
            _ => &["-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac"],
        };
        Recipe {
            codec,
            filter: format,
            ..GOOD
        }
    };
    let tagged_422 =
        "format=yuv422p,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709";
    let black = "drawbox=c=black:t=fill:enable='between(t,1,2)',format=yuv420p,\
                 setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709";
    let stuck = "trim=0:0.6,tpad=stop_mode=clone:stop_duration=3.4,format=yuv420p,\
                 setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709";
    let sound = |sound| Recipe { sound, ..GOOD };
    let image = |image| Recipe { image, ..GOOD };
    let output = |output| Recipe { output, ..GOOD };
    let cases: [(&[&str], Recipe); 16] = [
        (&[], GOOD),
        (
            &["container", "faststart", "brand"],
            output(&["-ar", "48000", "-ac", "2", "-f", "matroska"]),
        ),
        (
            &["brand"],
            output(&["-ar", "48000", "-ac", "2", "-movflags", "+faststart", "-f", "mov"]),
        ),
        (&["faststart"], output(&["-ar", "48000", "-ac", "2", "-f", "mp4"])),
        (&["video_profile"], h264("main", GOOD.filter)),
        (&["video_profile", "pixel_format"], h264("", tagged_422)),
        (&["colours"], h264("", "format=yuv420p")),
        (&["frame_size"], image("testsrc2=s=322x240:r=30:d=4")),
        (&["frame_rate"], image("testsrc2=s=320x240:r=25:d=4")),
        (
            &["audio_codec"],
            Recipe {
                codec: &[
                    "-c:v",
                    "libx264",
                    "-profile:v",
                    "high",
                    "-preset",
                    "veryfast",
                    "-c:a",
                    "libmp3lame",
                ],
                ..GOOD
            },
        ),
        (
            &["sample_rate"],
            output(&["-ar", "44100", "-ac", "2", "-movflags", "+faststart", "-f", "mp4"]),
        ),
        (
            &["black"],
            Recipe {
                filter: black,
                ..GOOD
            },
        ),
        (
            &["frozen"],
            Recipe {
                filter: stuck,
                ..GOOD
            },
        ),
        (
            &["silence"],
            sound("sine=f=997:d=4:r=48000,volume=7.07dB,volume=0:enable='between(t,1,3)'"),
        ),
        (&["loudness"], sound("sine=f=997:d=4:r=48000,volume=4dB")),
        (
            &["duration"],
            Recipe {
                image: "testsrc2=s=320x240:r=30:d=3",
                ..sound("sine=f=997:d=3:r=48000,volume=7.07dB")
            },
        ),
    ];
    for (expected, recipe) in cases {
        assert_eq!(broken(&recipe, &wanted()), expected, "{}", recipe.filter);
    }
}

#[test]
fn peaks_clipping_and_a_black_thumbnail_are_found_and_nothing_else_is() {
    let strict = Expectation {
        true_peak_dbtp: -20.0,
        ..wanted()
    };
    assert_eq!(broken(&GOOD, &strict), ["true_peak"]);
    let any_level = Expectation {
        target_lufs: None,
        ..wanted()
    };
    let loud = Recipe {
        sound: "sine=f=997:d=4:r=48000,volume=21.5dB",
        ..GOOD
    };
    assert_eq!(broken(&loud, &any_level), ["clipping"]);
    let folder = testing::folder();
    let cover = folder.path().join("black.jpg");
    image::RgbImage::new(64, 64).save(&cover).unwrap();
    assert_eq!(broken(&GOOD, &wanted().with_thumbnail(&cover)), ["thumbnail"]);
}

#[test]
fn a_file_far_too_large_for_its_length_is_found() {
    let mut list = Findings::default();
    let probe = Probe {
        duration_ms: 4_000,
        size_bytes: 20_000_000,
        ..Probe::default()
    };
    list.timing(&probe, &wanted());
    let failed: Vec<_> = list
        .0
        .iter()
        .filter(|finding| !finding.ok)
        .map(|finding| finding.code)
        .collect();
    assert_eq!(failed, ["bit_rate"]);
}

#[test]
fn a_video_whose_only_sound_is_a_clip_has_its_loudness_or_none_at_all() {
    let clip = |sound: Value| {
        let scene =
            json!({"clip": {"path": "clip.mp4", "sound": sound}, "start_ms": 0, "duration_ms": 4_000});
        let document = json!({"version": 1, "width": 320, "height": 240, "fps": 30, "scenes": [scene]});
        Expectation::of(&Composition::from_json(&document.to_string()).unwrap())
    };
    let mute = clip(Value::Null);
    assert_eq!(mute.target_lufs, None);
    let heard = clip(json!({}));
    assert_eq!((heard.target_lufs, heard.may_be_silent), (Some(-14.0), true));
    let only_clips = Expectation {
        may_be_silent: true,
        silence_ms_max: None,
        ..wanted()
    };
    let sound = |sound| Recipe { sound, ..GOOD };
    assert_eq!(broken(&GOOD, &only_clips), [""; 0]);
    assert_eq!(
        broken(&sound("anullsrc=r=48000:cl=stereo:d=4"), &only_clips),
        [""; 0]
    );
    assert_eq!(
        broken(&sound("sine=f=997:d=4:r=48000,volume=-9dB"), &only_clips),
        ["loudness"]
    );
}
