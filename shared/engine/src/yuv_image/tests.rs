//! Images: colour conversion, fitting, and what is refused.

use image::{Rgb, RgbImage};

use super::*;
use crate::testing;

fn plain(colour: [u8; 3]) -> [u8; 3] {
    let yuv = YuvImage::from_rgb(&RgbImage::from_pixel(4, 4, Rgb(colour)));
    yuv.planes().map(|plane| plane[0])
}

#[test]
fn plain_colours_become_their_bt_709_values() {
    assert_eq!(plain([0, 0, 0]), [16, 128, 128]);
    assert_eq!(plain([255, 255, 255]), [235, 128, 128]);
    assert_eq!(plain([255, 0, 0]), [63, 102, 240]);
    assert_eq!(plain([0, 255, 0]), [173, 42, 26]);
    assert_eq!(plain([0, 0, 255]), [32, 240, 118]);
}

#[test]
fn an_odd_row_and_column_are_dropped() {
    let yuv = YuvImage::from_rgb(&RgbImage::from_pixel(7, 5, Rgb([9, 9, 9])));
    assert_eq!((yuv.width, yuv.height, yuv.bytes().len()), (6, 4, 36));
}

#[test]
fn a_wide_image_is_cropped_around_its_middle() {
    let folder = testing::folder();
    let path = folder.path().join("wide.png");
    let image = RgbImage::from_fn(300, 100, |x, _| {
        if (100..200).contains(&x) {
            Rgb([255; 3])
        } else {
            Rgb([0; 3])
        }
    });
    image.save(&path).unwrap();
    let yuv = load(&path, (100, 100), 1.0).unwrap();
    assert!(mean(yuv.planes()[0]) > 230.0);
}

#[test]
fn bands_make_the_image_that_one_piece_would_have_made() {
    let image = RgbImage::from_fn(301, 457, |x, y| {
        let [wave, ..] = (x * y + 7 * x).to_le_bytes();
        Rgb([wave, wave.wrapping_mul(3), wave.wrapping_add(90)])
    });
    for (width, height) in [(200, 300), (402, 600), (100, 700), (640, 262)] {
        let source = ImageRef::new(301, 457, image.as_raw(), PixelType::U8x3).unwrap();
        let mut target = Image::new(width, height, PixelType::U8x3);
        let options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom))
            .fit_into_destination(None);
        Resizer::new().resize(&source, &mut target, &options).unwrap();
        let whole = RgbImage::from_raw(width, height, target.into_vec()).unwrap();
        let whole = YuvImage::from_rgb(&whole);
        let banded = cover(&image, width, height).unwrap();
        let off = banded
            .bytes()
            .iter()
            .zip(whole.bytes())
            .filter(|(a, b)| a.abs_diff(**b) > 1);
        assert_eq!(off.count(), 0, "{width}x{height}");
    }
}

#[test]
fn magnification_makes_the_image_larger_than_the_frame() {
    let folder = testing::folder();
    let path = folder.path().join("a.jpg");
    RgbImage::from_pixel(64, 64, Rgb([200, 10, 10]))
        .save(&path)
        .unwrap();
    let yuv = load(&path, (100, 50), 1.12).unwrap();
    assert_eq!((yuv.width, yuv.height), (112, 56));
}

#[test]
fn a_missing_a_broken_and_a_foreign_file_are_told_apart() {
    let folder = testing::folder();
    let path = folder.path().join("a.png");
    assert_eq!(load(&path, (64, 64), 1.0).unwrap_err().code(), "Io");
    for bytes in [
        &b""[..],
        b"PK\x03\x04 not an image",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    ] {
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(load(&path, (64, 64), 1.0).unwrap_err().code(), "ImageUnreadable");
    }
}
