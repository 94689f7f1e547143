//! Files that pretend, that end too early, and that unpack to more than anybody has.

use proptest::prelude::*;

use super::*;

#[test]
fn what_is_no_medium_is_refused_by_what_it_is() {
    let fixture = Fixture::new();
    let cases: [(&[u8], &str); 9] = [
        (b"PK\x03\x04 a lot of files", "ZIP"),
        (b"<!DOCTYPE html><video src=x>", "HTML"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "playlist"),
        (
            b"ffconcat version 1.0\nfile '/etc/passwd'\n",
            "list of other files",
        ),
        (b"<?xml version='1.0'?><svg onload='x'/>", "SVG"),
        (b"\xef\xbb\xbf  <svg xmlns='x'/>", "SVG"),
        (b"GIF89a\xff\xff\xff\xff", "GIF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIF"),
        (b"just words", "no image"),
    ];
    for (bytes, name) in cases {
        let path = fixture.put("fake.mp4", bytes);
        let error = inspect(&fixture.tools, &path, None).unwrap_err();
        assert_eq!(error.code(), "input_type_unknown");
        assert!(error.to_string().contains(name), "{error}");
    }
    assert_eq!(
        fixture.refused(&fixture.put("none.mp4", b""), None),
        "input_empty"
    );
    assert_eq!(fixture.refused(fixture.folder.path(), None), "input_type_unknown");
}

#[test]
fn what_is_cut_off_is_refused_as_cut_off() {
    let fixture = Fixture::new();
    let noise = "nullsrc=s=160x120:d=6:r=30,geq=random(1)*255:128:128";
    let early = fixture.made(
        "early.mp4",
        &["-f", "lavfi", "-i", noise, "-movflags", "+faststart"],
    );
    let late = fixture.made("late.mp4", &["-f", "lavfi", "-i", noise]);
    let web = fixture.made(
        "web.webm",
        &["-f", "lavfi", "-i", noise, "-c:v", "libvpx", "-b:v", "1M"],
    );
    for path in [early, late, web] {
        let bytes = fs::read(&path).unwrap();
        let half = fixture.put("half", &bytes[..bytes.len() / 2]);
        assert_eq!(
            fixture.refused(&half, None),
            "input_truncated",
            "{}",
            path.display()
        );
    }
    let image = fixture.path("noise.png");
    RgbImage::from_fn(60, 60, |x, y| Rgb([u8::try_from(x * y % 251).unwrap(), 3, 9]))
        .save(&image)
        .unwrap();
    for (name, format) in [("noise.png", "png"), ("noise.jpg", "jpg")] {
        image::open(&image)
            .unwrap()
            .into_rgb8()
            .save(fixture.path(name))
            .unwrap();
        let bytes = fs::read(fixture.path(name)).unwrap();
        let half = fixture.put("half", &bytes[..bytes.len() / 2]);
        let code = fixture.refused(&half, None);
        assert!(
            ["input_truncated", "input_corrupt"].contains(&code),
            "{format}: {code}"
        );
    }
}

/// The head of a PNG that says how large it is, and nothing else.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    RgbImage::new(1, 1)
        .write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png)
        .unwrap();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = bytes[12..29].iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                0xedb8_8320 ^ (sum >> 1)
            } else {
                sum >> 1
            }
        })
    });
    bytes[29..33].copy_from_slice(&(!sum).to_be_bytes());
    bytes
}

#[test]
fn a_bomb_is_refused_by_its_size_before_it_is_unpacked() {
    let fixture = Fixture::new();
    for size in [(40_000, 40_000), (16_000, 16_000), (u32::MAX >> 1, u32::MAX >> 1)] {
        let bomb = fixture.put("bomb.png", &png_of(size.0, size.1));
        assert_eq!(fixture.refused(&bomb, None), "input_too_many_pixels", "{size:?}");
    }
    let wide = ["-f", "lavfi", "-i", "color=red:s=9000x9000:d=0.04:r=25"];
    let video = fixture.made(
        "wide.mkv",
        &[&wide[..], &["-c:v", "mjpeg", "-pix_fmt", "yuvj420p"]].concat(),
    );
    assert_eq!(fixture.refused(&video, None), "input_too_many_pixels");
}

#[test]
fn a_file_that_is_two_things_is_only_its_image_afterwards() {
    let fixture = Fixture::new();
    let path = fixture.path("p.png");
    RgbImage::from_pixel(8, 8, Rgb([9, 99, 9])).save(&path).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend(b"PK\x03\x04<script>alert(1)</script>");
    let (_, out) = fixture.prepared(&fixture.put("both.png", &bytes), UploadPurpose::Cover);
    let clean = fs::read(out).unwrap();
    assert!(!clean.windows(8).any(|part| part == b"<script>"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_behind_a_known_beginning_panic_or_hang(
        start in 0_usize..7,
        bytes in prop::collection::vec(any::<u8>(), 0..3_000),
    ) {
        let starts: [&[u8]; 7] = [
            b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", b"RIFF\xff\xff\0\0WAVE", b"RIFF\xff\xff\0\0WEBPVP8X",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xe1", b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", b"OggS\0",
        ];
        let fixture = Fixture::new();
        let path = fixture.put("x", &[starts[start], &bytes].concat());
        // Anything but a panic or a failure of ours is right.
        if let Err(error) = inspect(&fixture.tools, &path, None) {
            prop_assert!(error.code().starts_with("input_"), "{error}");
        }
    }

    #[test]
    fn no_damage_to_a_good_file_is_a_failure_of_ours(
        hits in prop::collection::vec((0.0..1.0_f64, any::<u8>()), 1..40),
    ) {
        let fixture = Fixture::new();
        let good = fixture.made("g.mp4", &["-f", "lavfi", "-i", FLAG, "-f", "lavfi", "-i", "sine=d=1"]);
        let mut bytes = fs::read(good).unwrap();
        for (place, value) in hits {
            let place = engine::number::round_usize(place * engine::number::real(bytes.len() - 1));
            bytes[place] = value;
        }
        if let Err(error) = inspect(&fixture.tools, &fixture.put("bad.mp4", &bytes), None) {
            prop_assert!(error.code().starts_with("input_"), "{error}");
        }
    }
}
