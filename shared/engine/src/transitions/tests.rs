//! Transitions: exact at both ends, where geometry says in between, the same twice.

use std::sync::Arc;

use super::*;
use crate::motion::View;
use crate::resample::{FrameLayers, Layer, Renderer};
use crate::yuv_image::YuvImage;

/// What the product is seen in, small.
const SIZES: [(u32, u32); 3] = [(90, 160), (120, 120), (160, 90)];

fn every_change(share: f64) -> Vec<Change> {
    let mut changes = vec![Change::Fade(weight(share)), Change::Blur(share)];
    for direction in Direction::ALL {
        changes.extend([Change::Slide(direction, share), Change::Wipe(direction, share)]);
    }
    changes
}

/// An image with a texture of its own, so that a moved pixel is told from a kept one.
fn image((width, height): (u32, u32), seed: u8) -> Arc<YuvImage> {
    let mut image = YuvImage::black(width, height);
    for plane in image.planes_mut() {
        for (number, value) in plane.iter_mut().enumerate() {
            *value = u8::try_from((number * 7 + number / 90 * usize::from(seed)) % 200).unwrap() + 20;
        }
    }
    Arc::new(image)
}

fn layer(image: &Arc<YuvImage>) -> Layer {
    let view = View {
        left: 0.0,
        top: 0.0,
        size: 1.0,
    };
    Layer {
        yuv: Arc::clone(image),
        view,
    }
}

fn drawn(size: (u32, u32), change: Change, threads: usize) -> YuvImage {
    let shot = FrameLayers {
        under: layer(&image(size, 3)),
        over: Some((layer(&image(size, 11)), change)),
        brightness: FULL,
    };
    let mut frame = YuvImage::black(size.0, size.1);
    Renderer::new(size.0, size.1, threads).draw(&shot, &mut frame);
    frame
}

#[test]
fn every_transition_begins_with_the_old_scene_and_ends_with_the_new_one() {
    for size in SIZES {
        for change in every_change(0.0) {
            assert!(drawn(size, change, 1) == *image(size, 3), "{change:?} {size:?}");
        }
        for change in every_change(1.0) {
            assert!(drawn(size, change, 1) == *image(size, 11), "{change:?} {size:?}");
        }
    }
}

#[test]
fn every_transition_is_the_same_twice_and_on_any_number_of_threads() {
    for size in SIZES {
        for share in [0.1, 0.37, 0.5, 0.83] {
            for change in every_change(share) {
                let once = drawn(size, change, 1);
                assert!(once == drawn(size, change, 1), "{change:?}");
                assert!(once == drawn(size, change, 3), "{change:?}");
            }
        }
    }
}

#[test]
fn half_way_every_transition_shows_something_of_both() {
    let size = SIZES[0];
    for change in every_change(0.5) {
        let frame = drawn(size, change, 2);
        assert!(
            frame != *image(size, 3) && frame != *image(size, 11),
            "{change:?}"
        );
    }
}

#[test]
fn a_slide_pushes_the_old_scene_out_by_as_much_as_the_new_one_is_in() {
    let size = (160, 90);
    let frame = drawn(size, Change::Slide(Direction::Left, 0.25), 1);
    let (old, new) = (image(size, 3), image(size, 11));
    let rows = |image: &YuvImage| {
        image.planes()[0]
            .chunks(160)
            .map(<[u8]>::to_vec)
            .collect::<Vec<_>>()
    };
    for ((row, old), new) in rows(&frame).iter().zip(rows(&old)).zip(rows(&new)) {
        assert_eq!(row[..120], old[40..]);
        assert_eq!(row[120..], new[..40]);
    }
}

#[test]
fn a_wipe_has_a_soft_edge_between_two_sharp_sides() {
    let mut weights = Vec::new();
    Change::Wipe(Direction::Right, 0.5).columns(&mut weights, 1000);
    let soft = weights
        .iter()
        .filter(|weight| (1..FULL).contains(*weight))
        .count();
    assert!((90..=130).contains(&soft), "{soft} columns are mixed");
    assert_eq!((weights[0], weights[999]), (FULL, 0));
    assert!(weights.is_sorted_by(|left, right| left >= right));
}

#[test]
fn a_blur_keeps_an_even_plane_and_the_light_of_any_other() {
    let mut even = vec![77; 64 * 48];
    Blur::default().soften(&mut even, 64, 9);
    assert!(even.iter().all(|value| *value == 77));
    let mut spot = vec![20; 65 * 65];
    spot[32 * 65 + 32] = 250;
    Blur::default().soften(&mut spot, 65, 4);
    assert!(spot[32 * 65 + 32] < 40 && spot[32 * 65 + 36] > 20);
}

#[test]
fn a_divider_rests_at_both_ends_and_in_the_middle() {
    for (progress, place) in [(0.0, 1.0), (0.1, 1.0), (0.5, 0.5), (0.9, 0.0), (1.0, 0.0)] {
        let off: f64 = divider(progress) - place;
        assert!(off.abs() < 1e-9, "{progress}");
    }
    let places: Vec<i32> = (0..=100)
        .map(|step| divider_px(real(step) / 100.0, 1080))
        .collect();
    assert!(
        places.is_sorted_by(|before, after| before >= after) && places.iter().all(|place| place % 2 == 0)
    );
}
