//! Uploads as people and attackers make them, each made right here.

use std::fs;
use std::path::PathBuf;

use domain::asset::check_declared;
use engine::ffmpeg::{Arguments, limit_for};
use engine::{measure_loudness, probe};
use image::{Rgb, RgbImage, Rgba, RgbaImage};
use tempfile::TempDir;

use super::*;
use crate::testing;

mod hostile;
mod machine;
mod named;
mod ordinary;
mod profiles;
mod recordings;

/// A folder with files out of ffmpeg's own sources.
struct Fixture {
    tools: Tools,
    folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self {
            tools: testing::tools(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn made(&self, name: &str, arguments: &[&str]) -> PathBuf {
        Arguments::new("error")
            .with(arguments)
            .output(&self.path(name))
            .run(&self.tools, limit_for(5_000))
            .unwrap();
        self.path(name)
    }

    fn refused(&self, path: &Path, kind: Option<UploadPurpose>) -> &'static str {
        inspect(&self.tools, path, kind).unwrap_err().code()
    }

    fn prepared(&self, path: &Path, kind: UploadPurpose) -> (Inspection, PathBuf) {
        let out = self.path("out");
        (prepare(&self.tools, path, kind, &out).unwrap(), out)
    }

    /// Red, green, blue of a place in the first frame of a prepared video or image.
    fn colour(&self, path: &Path, (x, y): (u32, u32)) -> [u8; 3] {
        let frame = self.path("frame.png");
        Arguments::new("error")
            .with(["-i".as_ref(), path.as_os_str()])
            .with(["-frames:v", "1", "-update", "1"])
            .output(&frame)
            .run(&self.tools, limit_for(0))
            .unwrap();
        image::open(&frame).unwrap().into_rgb8().get_pixel(x, y).0
    }
}

/// Red above, blue below.
const FLAG: &str = "color=red:s=160x60:d=1:r=30,pad=160:120:0:0:blue";

#[test]
fn a_turned_phone_video_is_prepared_upright_with_its_sound() {
    let fixture = Fixture::new();
    let flat = fixture.made(
        "flat.mp4",
        &[
            "-f", "lavfi", "-i", FLAG, "-f", "lavfi", "-i", "sine=d=1", "-pix_fmt", "yuv420p",
        ],
    );
    let flat = flat.to_str().unwrap();
    let turned = fixture.made(
        "turned.mp4",
        &["-display_rotation", "90", "-i", flat, "-c", "copy"],
    );
    let (found, out) = fixture.prepared(&turned, UploadPurpose::Avatar);
    assert_eq!((found.rotation_deg, found.shown), (270, Some((120, 160))));
    let probe = probe(&fixture.tools, &out).unwrap();
    let video = probe.video.unwrap();
    assert_eq!((video.width, video.height, probe.faststart), (120, 160, true));
    assert!(probe.audio.is_some());
    // Turned counter-clockwise, what was above is at the left.
    let ([left, ..], [_, _, right]) = (fixture.colour(&out, (10, 80)), fixture.colour(&out, (110, 80)));
    assert!(left > 180 && right > 180, "{left} {right}");
}

#[test]
fn a_variable_frame_rate_odd_sides_and_square_pixels_are_mended() {
    let fixture = Fixture::new();
    let odd = fixture.made(
        "odd.mp4",
        &[
            "-f",
            "lavfi",
            "-i",
            "testsrc2=s=161x121:d=2:r=30,format=yuv444p,setsar=2",
            "-vf",
            "select='not(mod(n,3))+lt(n,20)'",
            "-fps_mode",
            "vfr",
            "-c:v",
            "libx264",
        ],
    );
    let (found, out) = fixture.prepared(&odd, UploadPurpose::Background);
    assert_eq!((found.shown, found.audio), (Some((322, 121)), None));
    let probe = probe(&fixture.tools, &out).unwrap();
    let video = probe.video.unwrap();
    assert_eq!(
        (video.width, video.height, video.pixel_format.as_str()),
        (322, 120, "yuv420p")
    );
    assert!(
        (video.fps - 30.0).abs() < 0.01 && probe.duration_ms.abs_diff(2_000) < 80,
        "{video:?}"
    );
    assert_eq!(probe.audio, None, "a silent video stays silent");
}

#[test]
fn an_hdr_video_is_brought_to_standard_light() {
    let fixture = Fixture::new();
    for curve in ["arib-std-b67", "smpte2084"] {
        // Half of the signal: mid grey in SDR, near reference white in HLG and PQ.
        let source = format!(
            "color=0x808080:s=128x96:d=1:r=24,format=yuv420p10le,\
             setparams=color_trc={curve}:color_primaries=bt2020:colorspace=bt2020nc:range=tv"
        );
        let codec = [
            "-c:v",
            "libx265",
            "-x265-params",
            "log-level=error",
            "-tag:v",
            "hvc1",
        ];
        let arguments = [&["-f", "lavfi", "-i", source.as_str()], &codec[..]].concat();
        let (found, out) = fixture.prepared(&fixture.made("hdr.mp4", &arguments), UploadPurpose::Avatar);
        assert!(found.hdr, "{curve}");
        let said = Arguments::new("info")
            .input(&[], &out)
            .with(["-t", "0", "-f", "null", "-"])
            .run(&fixture.tools, limit_for(0))
            .unwrap()
            .stderr;
        assert!(said.contains("yuv420p(tv, bt709"), "{said}");
        let [red, green, blue] = fixture.colour(&out, (60, 40));
        assert!(
            red.abs_diff(green) < 12 && green.abs_diff(blue) < 12,
            "{curve}: grey stays grey"
        );
        assert!((60..250).contains(&green), "{curve}: {green}");
    }
}

#[test]
fn transparency_lies_on_white_and_a_turned_jpeg_stands_upright() {
    let fixture = Fixture::new();
    let clear = fixture.path("clear.png");
    RgbaImage::from_fn(40, 30, |x, _| Rgba([0, 0, 200, if x < 20 { 0 } else { 255 }]))
        .save(&clear)
        .unwrap();
    let (found, out) = fixture.prepared(&clear, UploadPurpose::Cover);
    assert_eq!((found.format, found.shown), (Format::Png, Some((40, 30))));
    assert!(fixture.colour(&out, (5, 15)).iter().all(|level| *level > 245));
    assert!(fixture.colour(&out, (34, 15))[0] < 40);

    let mut plain = Vec::new();
    let image = RgbImage::from_fn(80, 40, |x, _| {
        if x < 40 {
            Rgb([220, 0, 0])
        } else {
            Rgb([0, 0, 220])
        }
    });
    image
        .write_to(&mut std::io::Cursor::new(&mut plain), image::ImageFormat::Jpeg)
        .unwrap();
    // An EXIF block whose only field says "turn by 90 degrees".
    let exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    plain.splice(2..2, exif.iter().copied());
    let (found, out) = fixture.prepared(&fixture.put("turned.jpg", &plain), UploadPurpose::Cover);
    assert_eq!((found.rotation_deg, found.shown), (90, Some((40, 80))));
    assert_eq!(
        image::ImageReader::open(&out)
            .unwrap()
            .with_guessed_format()
            .unwrap()
            .into_dimensions()
            .unwrap(),
        (40, 80)
    );
    let (top, bottom) = (fixture.colour(&out, (20, 10)), fixture.colour(&out, (20, 70)));
    assert!(top[0] > 150 && bottom[2] > 150, "{top:?} {bottom:?}");
}

#[test]
fn still_and_animated_webp_give_their_first_image() {
    let fixture = Fixture::new();
    let moving = fixture.made("m.webp", &["-f", "lavfi", "-i", FLAG, "-c:v", "libwebp_anim"]);
    let still = fixture.made(
        "s.webp",
        &["-f", "lavfi", "-i", FLAG, "-frames:v", "1", "-c:v", "libwebp"],
    );
    for path in [moving, still] {
        let (found, out) = fixture.prepared(&path, UploadPurpose::Cover);
        assert_eq!((found.format, found.shown), (Format::Webp, Some((160, 120))));
        assert!(fixture.colour(&out, (80, 20))[0] > 180);
    }
}

#[test]
fn a_telephone_recording_becomes_loud_enough_stereo_mp3() {
    let fixture = Fixture::new();
    let phone = fixture.made(
        "phone.wav",
        &[
            "-f",
            "lavfi",
            "-i",
            "sine=f=700:d=2",
            "-ar",
            "8000",
            "-ac",
            "1",
            "-c:a",
            "pcm_mulaw",
        ],
    );
    let (found, out) = fixture.prepared(&phone, UploadPurpose::Music);
    assert_eq!(
        found.audio.map(|audio| (audio.sample_rate, audio.channels)),
        Some((8_000, 1))
    );
    let probe = probe(&fixture.tools, &out).unwrap();
    assert_eq!(probe.container, "mp3");
    let loudness = measure_loudness(&fixture.tools, &out, limit_for(0)).unwrap();
    assert!((loudness.integrated_lufs + 16.0).abs() < 1.0, "{loudness:?}");
}

#[test]
fn the_rules_of_each_kind_are_kept() {
    let fixture = Fixture::new();
    let sound = fixture.made("s.mp3", &["-f", "lavfi", "-i", "sine=d=1"]);
    let code = |kind| fixture.refused(&sound, Some(kind));
    assert_eq!(code(UploadPurpose::Avatar), "input_type_not_allowed");
    assert_eq!(code(UploadPurpose::Cover), "input_type_not_allowed");
    assert!(inspect(&fixture.tools, &sound, Some(UploadPurpose::Music)).is_ok());
    let silent = fixture.made("m.m4a.mp4", &["-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac"]);
    assert_eq!(
        fixture.refused(&silent, Some(UploadPurpose::Avatar)),
        "input_without_video"
    );
    let declared =
        |kind, name, size| check_declared(kind, name, size).map_err(|error| error.refusal.as_str());
    assert_eq!(declared(UploadPurpose::Cover, "image/webp", 10 << 20), Ok(()));
    assert_eq!(
        declared(UploadPurpose::Cover, "image/webp", (10 << 20) + 1),
        Err("input_too_large")
    );
    assert_eq!(
        declared(UploadPurpose::Music, "audio/mpeg", 0),
        Err("input_empty")
    );
    assert_eq!(
        declared(UploadPurpose::Avatar, "audio/mpeg", 1),
        Err("input_type_not_allowed")
    );
    assert_eq!(
        declared(UploadPurpose::LipSyncVideo, "video/quicktime", 100 << 20),
        Ok(())
    );
}
