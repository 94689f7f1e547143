//! Images that carry an ICC profile: what is kept of them looks as they did, in sRGB.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use moxcms::ColorProfile;

use super::*;
use crate::icc::Profile;

const SIZE: (u32, u32) = (64, 48);

impl Fixture {
    /// Prepares a file as a cover, and reads its middle.
    fn cover(&self, path: &Path) -> [u8; 3] {
        let (_, out) = self.prepared(path, UploadPurpose::Cover);
        self.colour(&out, (SIZE.0 / 2, SIZE.1 / 2))
    }

    fn jpeg(&self, colour: [u8; 3], profile: Vec<u8>) -> PathBuf {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 100);
        encoder.set_icc_profile(profile).unwrap();
        encoder
            .encode_image(&RgbImage::from_pixel(SIZE.0, SIZE.1, Rgb(colour)))
            .unwrap();
        self.put("a.jpg", &bytes)
    }

    fn png(&self, levels: &[u8], kind: ExtendedColorType, profile: Vec<u8>) -> PathBuf {
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile).unwrap();
        let pixels = usize::try_from(SIZE.0 * SIZE.1).unwrap();
        encoder
            .write_image(&levels.repeat(pixels), SIZE.0, SIZE.1, kind)
            .unwrap();
        self.put("a.png", &bytes)
    }
}

#[track_caller]
fn assert_near(found: [u8; 3], wanted: [u8; 3]) {
    let off = found.iter().zip(wanted).map(|(own, wanted)| own.abs_diff(wanted));
    assert!(off.max().unwrap() <= 4, "{found:?}, not {wanted:?}");
}

#[test]
fn photos_of_a_wider_gamut_are_converted_to_srgb() {
    let fixture = Fixture::new();
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    let adobe = ColorProfile::new_adobe_rgb().encode().unwrap();
    let srgb = ColorProfile::new_srgb().encode().unwrap();
    let red = [200, 30, 30];
    for (profile, wanted) in [(&p3, [218, 0, 6]), (&adobe, [233, 24, 24]), (&srgb, red)] {
        assert_near(fixture.cover(&fixture.jpeg(red, profile.clone())), wanted);
        assert_near(
            fixture.cover(&fixture.png(&red, ExtendedColorType::Rgb8, profile.clone())),
            wanted,
        );
        let opaque = [200, 30, 30, 255];
        assert_near(
            fixture.cover(&fixture.png(&opaque, ExtendedColorType::Rgba8, profile.clone())),
            wanted,
        );
    }
    // Red of sRGB as a phone writes it.
    assert_near(
        fixture.cover(&fixture.jpeg([234, 51, 35], p3.clone())),
        [255, 0, 0],
    );
    let webp = fixture.png(&red, ExtendedColorType::Rgb8, p3);
    let webp = ["-i", webp.to_str().unwrap(), "-c:v", "libwebp", "-lossless", "1"];
    let plain = fs::read(fixture.made("plain.webp", &webp)).unwrap();
    let path = fixture.put(
        "p3.webp",
        &with_profile(&plain, &ColorProfile::new_display_p3().encode().unwrap()),
    );
    assert_near(fixture.cover(&path), [218, 0, 6]);
}

/// A WebP in the extended form, with a profile; a simple one is taken as it comes from the encoder.
fn with_profile(webp: &[u8], profile: &[u8]) -> Vec<u8> {
    let chunk = |name: &[u8; 4], body: &[u8]| {
        let length = u32::try_from(body.len()).unwrap().to_le_bytes();
        let pad = vec![0; body.len() % 2];
        [&name[..], &length, body, &pad].concat()
    };
    let (wide, high) = (SIZE.0 - 1, SIZE.1 - 1);
    let side = |side: u32| side.to_le_bytes()[..3].to_vec();
    let head = [&[0x20, 0, 0, 0][..], &side(wide), &side(high)].concat();
    let at = webp.windows(4).position(|name| name == b"VP8L").unwrap();
    let body = [&chunk(b"VP8X", &head), &chunk(b"ICCP", profile), &webp[at..]].concat();
    chunk(b"RIFF", &[b"WEBP", &body[..]].concat())
}

#[test]
fn a_grey_scan_with_its_own_gamma_keeps_its_lightness() {
    let fixture = Fixture::new();
    let profile = ColorProfile::new_gray_with_gamma(1.8).encode().unwrap();
    // 128 at a gamma of 1.8 is a light of 0.289, which is 147 in sRGB.
    assert_near(
        fixture.cover(&fixture.png(&[128], ExtendedColorType::L8, profile)),
        [147; 3],
    );
}

#[test]
fn a_profile_that_cannot_be_read_or_is_of_another_kind_is_passed_over() {
    let fixture = Fixture::new();
    let red = [200, 30, 30];
    let whole = ColorProfile::new_display_p3().encode().unwrap();
    let grey = ColorProfile::new_gray_with_gamma(2.2).encode().unwrap();
    for profile in [b"no profile".to_vec(), whole[..200].to_vec(), grey] {
        assert_near(fixture.cover(&fixture.jpeg(red, profile)), red);
    }
}

/// A press whose inks mix by their shares of paper, with a table of its 16 full mixtures; a profile of form `mft1`.
fn press() -> Vec<u8> {
    let tables: Vec<u8> = (0..=255).collect();
    // Lab of paper, cyan, magenta and yellow as offset prints them; a mixture takes the light of each.
    let lab = |inks: [bool; 4]| -> [u8; 3] {
        let [cyan, magenta, yellow, black] = inks;
        match (black, cyan, magenta, yellow) {
            (true, ..) => [0, 128, 128],
            (_, true, false, true) => [128, 70, 150],
            (_, true, false, false) => [140, 98, 78],
            (_, false, false, false) => [255, 128, 128],
            _ => [110, 160, 140],
        }
    };
    let grid = (0..16_u8).flat_map(|mix| lab([8, 4, 2, 1].map(|bit| mix & bit != 0)));
    let mut lut = b"mft1\0\0\0\0\x04\x03\x02\0".to_vec();
    for at in 0..9 {
        let one: u32 = if at % 4 == 0 { 0x0001_0000 } else { 0 };
        lut.extend(one.to_be_bytes());
    }
    lut.extend(tables.repeat(4));
    lut.extend(grid);
    lut.extend(tables.repeat(3));
    let total = u32::try_from(128 + 4 + 12 + lut.len()).unwrap();
    let mut profile = vec![0; 128];
    profile[..4].copy_from_slice(&total.to_be_bytes());
    profile[8..12].copy_from_slice(&[2, 0x40, 0, 0]);
    profile[12..24].copy_from_slice(b"prtrCMYKLab ");
    profile[36..40].copy_from_slice(b"acsp");
    for (at, value) in [(68, 0xf6d6_u32), (72, 0x0001_0000), (76, 0xd32d)] {
        profile[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }
    profile.extend(1_u32.to_be_bytes());
    profile.extend(b"A2B0");
    profile.extend(144_u32.to_be_bytes());
    profile.extend(u32::try_from(lut.len()).unwrap().to_be_bytes());
    profile.extend(lut);
    profile
}

/// A grey JPEG of eight by eight pixels in four equal planes is what no encoder of ours writes, so it is written here.
fn jpeg_of_inks(inks: [u8; 4], adobe: Option<u8>, profile: &[u8]) -> Vec<u8> {
    let segment = |marker: u8, body: &[u8]| {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker][..], &length, body].concat()
    };
    let mut bytes = b"\xff\xd8".to_vec();
    if let Some(transform) = adobe {
        bytes.extend(segment(
            0xee,
            &[b"Adobe\0\x64\0\0\0\0", &[transform][..]].concat(),
        ));
    }
    bytes.extend(segment(0xe2, &[b"ICC_PROFILE\0\x01\x01", profile].concat()));
    bytes.extend(segment(0xdb, &[&[0][..], &[1; 64]].concat()));
    let planes: Vec<u8> = (1..=4).flat_map(|plane| [plane, 0x11, 0]).collect();
    bytes.extend(segment(0xc0, &[&[8, 0, 8, 0, 8, 4][..], &planes].concat()));
    // One code for each class of a difference, 12 of four bits; and the end of a block, one bit.
    let classes: Vec<u8> = (0..12).collect();
    let lengths = |at: usize, count: u8| {
        let mut lengths = [0_u8; 16];
        lengths[at - 1] = count;
        lengths
    };
    bytes.extend(segment(0xc4, &[&[0x00][..], &lengths(4, 12), &classes].concat()));
    bytes.extend(segment(0xc4, &[&[0x10][..], &lengths(1, 1), &[0]].concat()));
    let scan: Vec<u8> = (1..=4).flat_map(|plane| [plane, 0]).collect();
    bytes.extend(segment(0xda, &[&[4][..], &scan, &[0, 63, 0]].concat()));
    let coded = inks.map(|ink| {
        // The mean of a block, eight times its level, around the middle.
        let value = (i32::from(ink) - 128) * 8;
        let class = usize::try_from(32 - value.unsigned_abs().leading_zeros()).unwrap();
        let coded = if value < 0 {
            value + (1 << class) - 1
        } else {
            value
        };
        let coded = if class == 0 {
            String::new()
        } else {
            format!("{coded:0class$b}")
        };
        format!("{class:04b}{coded}0")
    });
    let mut bits = coded.concat();
    bits += &"1".repeat(bits.len().next_multiple_of(8) - bits.len());
    for byte in bits.as_bytes().chunks(8) {
        let byte = u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap();
        bytes.push(byte);
        if byte == 0xff {
            bytes.push(0);
        }
    }
    bytes.extend(b"\xff\xd9");
    bytes
}

#[test]
fn a_jpeg_of_a_press_shows_its_inks_by_their_profile() {
    let fixture = Fixture::new();
    let profile = press();
    // Cyan and yellow in full, as Adobe's programs write them (light, not ink), by two ways, and as others do.
    let green_light = [0, 255, 0, 255];
    // The same through Y, Cb and Cr: red 255, green 0 and blue 255 are what cyan and yellow take away.
    let green_ycck = [105, 212, 235, 255];
    let wanted = lab_to_srgb([128.0 / 255.0 * 100.0, 70.0 - 128.0, 150.0 - 128.0]);
    for (inks, adobe) in [
        (green_light, Some(0)),
        (green_ycck, Some(2)),
        ([255, 0, 255, 0], None),
    ] {
        let path = fixture.put("inks.jpg", &jpeg_of_inks(inks, adobe, &profile));
        let (_, out) = fixture.prepared(&path, UploadPurpose::Cover);
        let found = fixture.colour(&out, (4, 4));
        let off = found
            .iter()
            .zip(wanted)
            .map(|(own, wanted)| own.abs_diff(wanted))
            .max()
            .unwrap();
        assert!(off <= 8, "{adobe:?}: {found:?}, not {wanted:?}");
    }
}

/// # Source
/// CIE 15, and IEC 61966-2-1 with the matrix of D50 by Bradford.
fn lab_to_srgb([light, green_red, blue_yellow]: [f64; 3]) -> [u8; 3] {
    let middle = (light + 16.0) / 116.0;
    let linear = |value: f64| {
        if value > 6.0 / 29.0 {
            value.powi(3)
        } else {
            3.0 * (6.0_f64 / 29.0).powi(2) * (value - 4.0 / 29.0)
        }
    };
    let x = 0.9642 * linear(middle + green_red / 500.0);
    let y = linear(middle);
    let z = 0.8249 * linear(middle - blue_yellow / 200.0);
    let rgb = [
        3.1339 * x - 1.6169 * y - 0.4906 * z,
        -0.9788 * x + 1.9161 * y + 0.0335 * z,
        0.0719 * x - 0.2290 * y + 1.4052 * z,
    ];
    rgb.map(|level| {
        let level = level.clamp(0.0, 1.0);
        let curved = if level <= 0.003_130_8 {
            12.92 * level
        } else {
            1.055 * level.powf(1.0 / 2.4) - 0.055
        };
        engine::number::byte(curved * 255.0)
    })
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 200, ..proptest::prelude::ProptestConfig::default() })]

    #[test]
    fn no_profile_of_any_bytes_panics(
        changes in proptest::collection::vec((0_usize..3_000, proptest::prelude::any::<u8>()), 1..12),
        which in 0_usize..3,
    ) {
        let mut profile = match which {
            0 => ColorProfile::new_display_p3().encode().unwrap(),
            1 => ColorProfile::new_gray_with_gamma(2.2).encode().unwrap(),
            _ => press(),
        };
        for (at, byte) in changes {
            let at = at % profile.len();
            profile[at] = byte;
        }
        if let Some(profile) = Profile::read(&profile) {
            let image = RgbImage::from_pixel(4, 4, Rgb([200, 30, 30]));
            let converted = profile.to_srgb(image.into());
            proptest::prop_assert_eq!((converted.width(), converted.height()), (4, 4));
            let _converted = profile.inks_to_srgb(&jpeg_of_inks([1, 2, 3, 4], Some(0), &[]));
        }
    }
}
