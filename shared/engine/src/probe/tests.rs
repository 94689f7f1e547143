//! Probes: ffmpeg's description as values, and the order of boxes.

use super::*;
use crate::testing;

const REPORT: &str = "Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:a.mp4':
  Metadata:
    title           : x: Video: fake
  Duration: 00:01:20.02, start: 0.000000, bitrate: 1501 kb/s
  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709, progressive), 1080x1920 [SAR 1:1 DAR 9:16], 1400 kb/s, 29.97 fps, 30 tbr, 15360 tbn (default)
  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 48000 Hz, stereo, fltp, 160 kb/s (default)
Output #0, null, to 'pipe:':
  Stream #0:0: Video: wrapped_avframe, rgb24, 2x2, 1 fps";

#[test]
fn a_description_is_read_field_by_field() {
    let probe = describe(REPORT).unwrap();
    assert_eq!(
        (probe.container.as_str(), probe.duration_ms),
        ("mov,mp4,m4a,3gp,3g2,mj2", 80_020)
    );
    let audio = AudioStream {
        index: 1,
        codec: "aac".into(),
        sample_rate: 48_000,
        channels: 2,
        right: None,
    };
    assert_eq!(probe.audio, Some(audio));
}

#[test]
fn a_title_cannot_pretend_to_be_a_stream() {
    let video = describe(REPORT).unwrap().video.unwrap();
    assert_eq!(
        (
            video.codec.as_str(),
            video.profile.as_str(),
            video.pixel_format.as_str()
        ),
        ("h264", "High", "yuv420p")
    );
    assert_eq!((video.width, video.height), (1_080, 1_920));
    assert!((video.fps - 29.97).abs() < 1e-9);
}

#[test]
fn the_order_of_boxes_decides_faststart() {
    let folder = testing::folder();
    let path = folder.path().join("a.mp4");
    let atom = |kind: &[u8; 4], length: u32| {
        [
            &length.to_be_bytes()[..],
            kind,
            &vec![0; crate::number::index(length) - 8],
        ]
        .concat()
    };
    for (order, expected) in [
        (
            vec![atom(b"ftyp", 24), atom(b"moov", 40), atom(b"mdat", 40)],
            true,
        ),
        (
            vec![
                atom(b"ftyp", 24),
                atom(b"free", 8),
                atom(b"mdat", 40),
                atom(b"moov", 40),
            ],
            false,
        ),
        (vec![atom(b"ftyp", 24)], false),
        (vec![vec![0; 100]], false),
        (vec![], false),
    ] {
        std::fs::write(&path, order.concat()).unwrap();
        assert_eq!(
            index_first(&mut File::open(&path).unwrap()).unwrap(),
            expected,
            "{order:?}"
        );
    }
}

#[test]
fn a_file_that_is_no_media_is_an_error() {
    let folder = testing::folder();
    let path = folder.path().join("a.mp4");
    for bytes in [b"PK\x03\x04 a zip".as_slice(), b""] {
        std::fs::write(&path, bytes).unwrap();
        let refused = probe(&testing::tools(), &path).unwrap_err();
        assert_eq!(refused.code(), "MediaUnreadable", "{bytes:?}");
    }
}

const TRACKS: &str = "Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'file:a.mov':
  Duration: 00:00:02.00, start: 0.000000, bitrate: 1501 kb/s
  Stream #0:0[0x1]: Video: mjpeg (Baseline), yuvj420p(pc), 600x600, 90k tbr (attached pic)
  Stream #0:1[0x2](und): Video: h264 (High), yuv420p, 320x240, 30 fps
  Stream #0:2[0x3](und): Video: h264 (High), yuv420p, 640x480, 30 fps (default)
      Metadata:
        comment         : x
  Stream #0:3[0x4](eng): Audio: pcm_s16le (sowt), 48000 Hz, mono, s16, 705 kb/s (default)
  Stream #0:4[0x5](eng): Audio: pcm_s16le (sowt), 48000 Hz, mono, s16, 705 kb/s";

#[test]
fn the_default_streams_are_shown_and_heard() {
    let probe = describe(TRACKS).unwrap();
    assert_eq!(probe.video.map(|video| video.index), Some(2));
    assert_eq!(
        probe.audio.map(|audio| (audio.index, audio.right)),
        Some((3, Some(4)))
    );
    let second = TRACKS.replace("705 kb/s (default)", "705 kb/s") + " (default)";
    let audio = describe(&second).unwrap().audio.unwrap();
    assert_eq!((audio.index, audio.right), (4, None));
    for other in [
        TRACKS.replace("[0x5](eng)", "[0x5](fra)"),
        TRACKS.replacen("mono", "stereo", 1),
        format!("{TRACKS}\n  Stream #0:5: Audio: pcm_s16le, 48000 Hz, mono, s16"),
    ] {
        assert_eq!(describe(&other).unwrap().audio.unwrap().right, None, "{other}");
    }
}

#[test]
fn transparency_beside_a_stream_is_told() {
    let webm = "Input #0, matroska,webm, from 'file:a.webm':
  Stream #0:0: Video: vp9 (Profile 0), yuv420p(tv), 640x360, SAR 1:1 DAR 16:9, 25 fps, 25 tbr, 1k tbn
    Metadata:
      alpha_mode      : 1";
    assert!(describe(webm).unwrap().video.unwrap().has_alpha);
    for other in ["alpha_mode      : 0", "title           : alpha_mode      : 1"] {
        let other = webm.replace("alpha_mode      : 1", other);
        assert!(!describe(&other).unwrap().video.unwrap().has_alpha, "{other}");
    }
    let inside = webm.replace("yuv420p(tv)", "yuva420p(tv)").replace(": 1", ": 0");
    assert!(describe(&inside).unwrap().video.unwrap().has_alpha);
}
