//! Files that cannot be taken, and whether the refusal says what is wrong with them.

use domain::asset::UploadPurpose::{Avatar, Cover, Music};

use super::*;

impl Fixture {
    /// The whole refusal, which names neither paths nor memory.
    fn refusal(&self, path: &Path, purpose: UploadPurpose) -> String {
        let said = inspect(&self.tools, path, Some(purpose)).unwrap_err().to_string();
        assert!(
            !said.contains("@ 0x") && !said.contains("file:") && !said.contains("Error"),
            "{said}"
        );
        said
    }
}

const NOISE: &str = "testsrc2=s=320x180:d=4,noise=alls=20:allf=t";

/// A video with its index in front, so that everything behind `mdat` is image.
fn video(fixture: &Fixture) -> Vec<u8> {
    let options = [
        "-f",
        "lavfi",
        "-i",
        NOISE,
        "-c:v",
        "libx264",
        "-g",
        "15",
        "-movflags",
        "+faststart",
    ];
    fs::read(fixture.made("video.mp4", &options)).unwrap()
}

fn position(bytes: &[u8], name: &[u8]) -> usize {
    bytes.windows(name.len()).position(|part| part == name).unwrap()
}

#[test]
fn a_video_of_shreds_is_damaged() {
    let fixture = Fixture::new();
    let mut bytes = video(&fixture);
    assert!(inspect(&fixture.tools, &fixture.put("good.mp4", &bytes), Some(Avatar)).is_ok());
    let data = position(&bytes, b"mdat") + 4;
    // One byte in two thousand, at places without a pattern.
    let mut place = 12_345_usize;
    for _ in 0..bytes.len() / 2_000 {
        place = place
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let at = data + (place >> 20) % (bytes.len() - data);
        bytes[at] ^= 0x5a;
    }
    let said = fixture.refusal(&fixture.put("damaged.mp4", &bytes), Avatar);
    assert!(said.starts_with("input_corrupt: it is damaged: "), "{said}");
}

#[test]
fn an_encrypted_video_is_called_encrypted() {
    let fixture = Fixture::new();
    let mut bytes = video(&fixture);
    let entry = position(&bytes, b"avc1\0\0\0\0");
    bytes[entry..entry + 4].copy_from_slice(b"encv");
    let said = fixture.refusal(&fixture.put("encrypted.mp4", &bytes), Avatar);
    assert_eq!(said, "input_encrypted: it is encrypted");
}

#[test]
fn a_form_without_a_decoder_is_named() {
    let fixture = Fixture::new();
    for (letters, name) in [(b"dav1", "Dolby Vision profile 10"), (b"xyz9", "of a form")] {
        let mut bytes = video(&fixture);
        let entry = position(&bytes, b"avc1\0\0\0\0");
        bytes[entry..entry + 4].copy_from_slice(letters);
        let said = fixture.refusal(&fixture.put("unknown.mp4", &bytes), Avatar);
        assert!(
            said.starts_with("input_codec_not_allowed: its image is "),
            "{said}"
        );
        assert!(said.contains(name), "{said}");
    }
    let sound = ["-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac", "-f", "mp4"];
    let sound = fs::read(fixture.made("s.m4a", &sound)).unwrap();
    for (letters, name) in [(b"ac-4", "AC-4"), (b"mhm1", "MPEG-H"), (b"iamf", "IAMF")] {
        let mut bytes = sound.clone();
        for (own, other) in [(b"mp4a", letters), (b"esds", b"free")] {
            let at = position(&bytes, own);
            bytes[at..at + 4].copy_from_slice(other);
        }
        let said = fixture.refusal(&fixture.put("s.m4a", &bytes), Music);
        let wanted = format!("input_codec_not_allowed: its sound is {name}, which is not taken");
        assert_eq!(said, wanted);
    }
}

#[test]
fn a_photo_with_little_of_its_data_is_incomplete() {
    let fixture = Fixture::new();
    let options = [
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=640x480",
        "-frames:v",
        "1",
        "-q:v",
        "3",
    ];
    let photo = fs::read(fixture.made("p.jpg", &options)).unwrap();
    assert!(inspect(&fixture.tools, &fixture.put("good.jpg", &photo), Some(Cover)).is_ok());
    let scan = position(&photo, b"\xff\xda");
    for kept in [200, 2_000, (photo.len() - scan) / 2] {
        let short = [&photo[..scan + kept], b"\xff\xd9"].concat();
        let said = fixture.refusal(&fixture.put("short.jpg", &short), Cover);
        assert_eq!(
            said, "input_corrupt: its image is damaged or incomplete",
            "{kept}"
        );
    }
}

#[test]
fn an_avi_a_wmv_and_a_wav_that_were_cut_short_are_truncated() {
    let fixture = Fixture::new();
    let sources = [
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=160x120:d=8",
        "-f",
        "lavfi",
        "-i",
        "sine=d=8",
    ];
    let avi = [&sources[..], &["-c:v", "mpeg4", "-c:a", "libmp3lame"]].concat();
    let wmv = [&sources[..], &["-c:v", "wmv2", "-c:a", "wmav2"]].concat();
    for (name, arguments, purpose) in [
        ("t.avi", &avi[..], Avatar),
        ("t.wmv", &wmv, Avatar),
        ("t.wav", &["-f", "lavfi", "-i", "sine=d=8"], Music),
    ] {
        let whole = fs::read(fixture.made(name, arguments)).unwrap();
        let cut = fixture.put(&format!("cut.{name}"), &whole[..whole.len() * 6 / 10]);
        let said = fixture.refusal(&cut, purpose);
        assert!(
            said.starts_with("input_truncated: its end is missing: "),
            "{name}: {said}"
        );
    }
    // What is written into a pipe says 4 GiB, and is whole.
    let mut piped = fs::read(fixture.path("t.wav")).unwrap();
    piped[4..8].fill(0xff);
    assert!(inspect(&fixture.tools, &fixture.put("piped.wav", &piped), Some(Music)).is_ok());
}

#[test]
fn what_is_too_large_is_told_the_limit() {
    let fixture = Fixture::new();
    let options = ["-f", "lavfi", "-i", "color=white:s=9000x8000", "-frames:v", "1"];
    let said = fixture.refusal(&fixture.made("large.png", &options), Cover);
    assert_eq!(
        said,
        "input_too_many_pixels: it is 9000x8000: at most 64 million pixels are taken"
    );
}

#[test]
fn rare_foreign_formats_are_named() {
    let fixture = Fixture::new();
    let photo = [&b"\0\0\0\x18ftypheic\0\0\0\0"[..], &[0xff, 0xfb, 0x90, 0x64]].concat();
    let cases: [(&[u8], &str); 10] = [
        (&photo, "a HEIF or AVIF image"),
        (b"\0\0\0\x10moof\0\0\0\x08", "a piece of an MP4"),
        (b"\0\0\0\x18ftypmif3\0\0\0\0", "a HEIF or AVIF image"),
        (b"\0\0\0\x18ftypheim\0\0\0\0", "a HEIF or AVIF image"),
        (b"\0\0\0\x18ftyphevm\0\0\0\0", "a HEIF or AVIF image"),
        (b"\0\0\0\x18ftypavis\0\0\0\0", "a HEIF or AVIF image"),
        (b"V\xe0\x44 and frames", "an AAC sound in LATM"),
        (b"#!AMR\n\x3c", "an AMR recording"),
        (b"FORM\0\0\0\0AIFF", "an AIFF sound"),
        (b"\xff\xfej\0u\0s\0t\0", "no image, video or sound"),
    ];
    for (bytes, name) in cases {
        let said = fixture.refusal(&fixture.put("x", bytes), Cover);
        assert!(
            said.starts_with("input_type_unknown: it is ") && said.contains(name),
            "{said}"
        );
    }
}
