//! Clips out of real files, made by ffmpeg on the spot.

use std::path::{Path, PathBuf};

use super::*;
use crate::testing;

/// A second of video whose light rises from frame to frame, so that a frame tells its number.
fn video(folder: &Path, name: &str, filter: &str, output: &[&str]) -> PathBuf {
    let path = folder.join(name);
    Arguments::new("error")
        .with(["-f", "lavfi", "-i", filter, "-t", "1"])
        .with(output)
        .output(&path)
        .run(&testing::tools(), limit_for(1_000))
        .unwrap();
    path
}

/// Luma rises by 6 a frame, from 30, at 30 frames a second.
fn ramp(folder: &Path) -> PathBuf {
    let filter = "nullsrc=s=160x120:r=30,format=yuv420p,geq=lum=30+6*N:cb=128:cr=128";
    video(folder, "ramp.mp4", filter, &["-c:v", "libx264", "-qp", "0"])
}

fn reader(path: &Path, change: impl FnOnce(&mut Clip)) -> ClipReader {
    let mut clip = Clip {
        path: path.to_path_buf(),
        from_ms: 0,
        length_ms: None,
        at_end: AtEnd::Hold,
        sound: None,
    };
    change(&mut clip);
    let frames = Frames {
        size: (64, 64),
        fps: 30,
        tint: None,
        video_ms: 4_000,
    };
    ClipReader::new(&testing::tools(), &clip, frames)
}

fn light(reader: &mut ClipReader, number: u64) -> f64 {
    let yuv = reader.frame(number).unwrap();
    crate::yuv_image::mean(yuv.planes()[0])
}

fn assert_light(reader: &mut ClipReader, number: u64, source: u32) {
    let (seen, wanted) = (light(reader, number), f64::from(30 + 6 * source));
    assert!(
        (seen - wanted).abs() < 1.5,
        "frame {number}: {seen}, not {wanted}"
    );
}

#[test]
fn each_frame_of_the_video_is_the_clips_frame_of_that_moment() {
    let folder = testing::folder();
    let mut reader = reader(&ramp(folder.path()), |_| {});
    for number in [0_u32, 1, 7, 29] {
        assert_light(&mut reader, number.into(), number);
    }
}

#[test]
fn a_clip_that_ends_early_holds_its_last_frame() {
    let folder = testing::folder();
    let mut reader = reader(&ramp(folder.path()), |clip| clip.length_ms = Some(500));
    assert_light(&mut reader, 14, 14);
    assert_light(&mut reader, 80, 14);
}

#[test]
fn a_part_begins_where_it_is_asked_to_and_may_be_repeated() {
    let folder = testing::folder();
    let mut reader = reader(&ramp(folder.path()), |clip| {
        clip.from_ms = 500;
        clip.length_ms = Some(200);
        clip.at_end = AtEnd::Loop;
    });
    assert_light(&mut reader, 0, 15);
    assert_light(&mut reader, 5, 20);
    assert_light(&mut reader, 6, 15);
    assert_light(&mut reader, 16, 19);
}

#[test]
fn a_clip_may_begin_at_any_of_its_frames() {
    let folder = testing::folder();
    let path = ramp(folder.path());
    for first in [1_u32, 3, 17, 29] {
        let mut reader = reader(&path, |_| {});
        assert_light(&mut reader, first.into(), first);
        assert_light(&mut reader, u64::from(first) + 20, (first + 20).min(29));
    }
    let part = |clip: &mut Clip| {
        clip.from_ms = 500;
        clip.length_ms = Some(200);
    };
    let mut held = reader(&path, part);
    assert_light(&mut held, 40, 20);
    let mut repeated = reader(&path, |clip| {
        part(clip);
        clip.at_end = AtEnd::Loop;
    });
    assert_light(&mut repeated, 40, 15 + 40 % 6);
    assert_light(&mut repeated, 41, 15 + 41 % 6);
    assert_light(&mut repeated, 42, 15);
}

#[test]
fn another_frame_rate_is_brought_to_the_videos() {
    let folder = testing::folder();
    let filter = "nullsrc=s=64x64:r=10,format=yuv420p,geq=lum=30+18*N:cb=128:cr=128";
    let path = video(
        folder.path(),
        "slow.mp4",
        filter,
        &["-c:v", "libx264", "-qp", "0"],
    );
    let mut reader = reader(&path, |_| {});
    // Frame 15 at 30 a second is frame 5 at 10.
    assert!((light(&mut reader, 15) - 120.0).abs() < 2.0);
}

#[test]
fn a_turned_phone_video_stands_upright() {
    let folder = testing::folder();
    // The upper half is bright; with a quarter turn its side is.
    let filter = "nullsrc=s=128x64:r=30,format=yuv420p,geq=lum='if(lt(Y,32),220,40)':cb=128:cr=128";
    let flat = video(folder.path(), "flat.mp4", filter, &["-c:v", "libx264"]);
    let turned = folder.path().join("turned.mp4");
    Arguments::new("error")
        .with(["-display_rotation", "90"])
        .input(&[], &flat)
        .with(["-c", "copy"])
        .output(&turned)
        .run(&testing::tools(), limit_for(1_000))
        .unwrap();
    let mut reader = reader(&turned, |_| {});
    let yuv = reader.frame(0).unwrap();
    let row = &yuv.planes()[0][64 * 32..][..64];
    let (left, right) = (f64::from(row[8]), f64::from(row[55]));
    assert!(left - right > 100.0, "left {left}, right {right}");
}

#[test]
fn high_dynamic_range_is_brought_down_and_keeps_its_greys() {
    let folder = testing::folder();
    // Reference white of HLG is at 75 % of the signal, 721 of 1023 in ten bits of limited range.
    let light = "nullsrc=s=64x64:r=30,format=yuv420p10le,geq=lum='if(lt(X,32),721,300)':cb=512:cr=512";
    let tags = "color_trc=arib-std-b67:color_primaries=bt2020:colorspace=bt2020nc:range=tv";
    let filter = format!("{light},setparams={tags}");
    let path = video(folder.path(), "hlg.mp4", &filter, &["-c:v", "libx264"]);
    let mut reader = reader(&path, |_| {});
    let yuv = reader.frame(0).unwrap();
    let [luma, blue, red] = yuv.planes();
    let row = &luma[64 * 32..][..64];
    assert!(
        row[8] > 170 && row[8] < 236 && row[55] < 110,
        "white {}, dark {}",
        row[8],
        row[55]
    );
    assert!(
        [blue, red]
            .iter()
            .all(|plane| (crate::yuv_image::mean(plane) - 128.0).abs() < 3.0)
    );
}

#[test]
fn what_is_no_video_is_refused_by_name() {
    let folder = testing::folder();
    let gone = reader(&folder.path().join("gone.mp4"), |_| {})
        .frame(0)
        .unwrap_err();
    assert_eq!(gone.code(), "Io");
    let text = folder.path().join("text.mp4");
    std::fs::write(&text, "#EXTM3U\nfile:///etc/passwd\n").unwrap();
    assert!(reader(&text, |_| {}).frame(0).is_err());
    let late = reader(&ramp(folder.path()), |clip| clip.from_ms = 5_000)
        .frame(0)
        .unwrap_err();
    assert_eq!(late.code(), "MediaUnreadable");
}

#[test]
fn moments_of_a_scene_have_whole_frame_numbers() {
    assert_eq!(
        [-3.0, 0.0, 16.7, 33.4, 983.4].map(|moment| frame_number(moment, 30)),
        [0, 0, 0, 1, 29]
    );
}
