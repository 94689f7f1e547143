//! Checks: the reports of ffmpeg's detectors, and a video that is wrong in every way.

use super::*;
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
