//! Logo, bar and texts: where and when they are seen, and that they are the same twice.

use serde_json::{Value, json};

use super::*;
use crate::testing;
use crate::yuv_image::BLACK_LUMA;
use crate::yuv_image::YuvImage;

const SIZES: [(u32, u32); 3] = [(180, 320), (240, 240), (320, 180)];

fn composition((width, height): (u32, u32), extras: &Value) -> Composition {
    let mut document = json!({
        "version": 1, "width": width, "height": height,
        "scenes": [{"image": "a.png", "start_ms": 0, "duration_ms": 4_000}],
    });
    for (name, value) in extras.as_object().unwrap() {
        document[name] = value.clone();
    }
    Composition::from_json(&document.to_string()).unwrap()
}

fn drawn(composition: &Composition, now_ms: f64) -> YuvImage {
    let mut frame = YuvImage::black(composition.width, composition.height);
    let mut fonts = testing::fonts("en");
    Overlays::new(&mut fonts, composition)
        .unwrap()
        .draw(&mut frame, now_ms, FULL);
    frame
}

/// Left, top, right and bottom of what is not black.
fn ink(frame: &YuvImage) -> Option<[usize; 4]> {
    let width = frame.width;
    let bright = frame.planes()[0]
        .iter()
        .enumerate()
        .filter(|(_, value)| **value > BLACK_LUMA + 8);
    bright
        .map(|(place, _)| (place % width, place / width))
        .fold(None, |known, (x, y)| {
            let [left, top, right, bottom] = known.unwrap_or([x, y, x, y]);
            Some([left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)])
        })
}

#[test]
fn a_bar_has_grown_by_as_much_as_has_been_played() {
    for size in SIZES {
        for edge in ["top", "bottom"] {
            let composition = composition(
                size,
                &json!({"progress_bar": {"colour": "#ffffff", "edge": edge}}),
            );
            let row = if edge == "top" { 0 } else { index(size.1) - 1 };
            for (now_ms, share) in [(0.0, 0.0), (1_000.0, 0.25), (4_000.0, 1.0)] {
                let frame = drawn(&composition, now_ms);
                let played = frame.planes()[0][row * frame.width..][..frame.width]
                    .iter()
                    .filter(|value| **value > 200)
                    .count();
                assert!(
                    (real(played) / real(frame.width) - share).abs() < 0.01,
                    "{size:?} {edge} {now_ms}"
                );
            }
        }
    }
}

#[test]
fn a_logo_stands_in_its_corner_inside_of_the_margin() {
    let folder = testing::folder();
    let path = folder.path().join("logo.png");
    RgbaImage::from_fn(80, 40, |x, _| {
        image::Rgba([255, 255, 255, if x < 4 { 0 } else { 255 }])
    })
    .save(&path)
    .unwrap();
    for size in SIZES {
        for corner in ["top_left", "top_right", "bottom_left", "bottom_right"] {
            let logo = json!({"logo": {"path": path, "corner": corner, "size_pct": 20, "opacity": 1}});
            let composition = composition(size, &logo);
            let [left, top, right, bottom] = ink(&drawn(&composition, 0.0)).unwrap();
            let free = SafeArea::Frame.limits((index(size.0), index(size.1)));
            assert!(
                real(left) >= free[0] - 2.0 && real(right) <= free[2] + 1.0,
                "{size:?} {corner}"
            );
            assert!(
                real(top) >= free[1] - 2.0 && real(bottom) <= free[3] + 1.0,
                "{size:?} {corner}"
            );
            assert_eq!(
                corner.contains("left"),
                left < index(size.0) / 2,
                "{size:?} {corner}"
            );
            assert_eq!(
                corner.contains("top"),
                top < index(size.1) / 2,
                "{size:?} {corner}"
            );
        }
    }
}

#[test]
fn a_missing_logo_is_named() {
    let composition = composition(SIZES[0], &json!({"logo": {"path": "/no/logo.png"}}));
    let error = Overlays::new(&mut testing::fonts("en"), &composition).unwrap_err();
    assert_eq!(error.code(), "Io");
    assert!(error.to_string().contains("logo.png"));
}

#[test]
fn a_text_is_seen_between_its_times_and_inside_of_the_frame() {
    for size in SIZES {
        for (x, y, plate) in [
            (50, 50, json!(null)),
            (0, 0, json!({"colour": "#c8102e"})),
            (100, 100, json!(null)),
        ] {
            let block = json!({"texts": [{
                "text": "Honey never spoils, say those who have tasted it after three thousand years.",
                "start_ms": 1_000, "end_ms": 3_000, "x_pct": x, "y_pct": y, "plate": plate, "entrance": "rise",
            }]});
            let composition = composition(size, &block);
            assert_eq!(ink(&drawn(&composition, 999.0)), None);
            assert_eq!(ink(&drawn(&composition, 3_000.0)), None);
            let [left, top, right, bottom] = ink(&drawn(&composition, 2_000.0)).unwrap();
            assert!(right <= index(size.0) && bottom <= index(size.1));
            assert!(
                right - left > index(size.0) / 3 && bottom - top < index(size.1) * 3 / 4,
                "{size:?}"
            );
        }
    }
}

#[test]
fn letters_that_their_plate_would_hide_are_made_readable() {
    let block = json!({"texts": [{
        "text": "Science", "start_ms": 0, "end_ms": 4_000, "plate": {"colour": "#ffffff", "opacity": 1},
    }]});
    let composition = composition(SIZES[1], &block);
    let frame = drawn(&composition, 2_000.0);
    let [left, top, right, bottom] = ink(&frame).unwrap();
    let plane = frame.planes()[0];
    let dark = (top + 4..bottom - 4)
        .flat_map(|row| &plane[row * frame.width..][left + 4..right - 4])
        .filter(|value| **value < 140)
        .count();
    assert!(dark > 40, "{dark} dark pixels");
}

#[test]
fn everything_together_is_the_same_twice() {
    let extras = json!({
        "vignette": 0.6, "progress_bar": {},
        "texts": [{"text": "Twice", "start_ms": 0, "end_ms": 4_000, "plate": {"colour": "#101218", "full_width": true}}],
    });
    for size in SIZES {
        let composition = composition(size, &extras);
        assert!(drawn(&composition, 1_234.0) == drawn(&composition, 1_234.0));
    }
}
