//! Shared frames: each image in its place, whole pixels, the same twice.

use super::*;
use crate::composition::{BeforeAfter, Inset, Split, Visual};

const SIZES: [(u32, u32); 4] = [(90, 160), (120, 120), (160, 90), (66, 98)];

fn second() -> Visual {
    Visual::Image("b.png".into())
}

fn layouts() -> Vec<Layout> {
    let corners = [
        Corner::TopLeft,
        Corner::TopRight,
        Corner::BottomLeft,
        Corner::BottomRight,
    ];
    let inset = |corner, round| {
        Layout::PictureInPicture(Inset {
            second: second(),
            corner,
            size_pct: 36.0,
            round,
            border: Colour::WHITE,
        })
    };
    let mut layouts: Vec<Layout> = corners
        .into_iter()
        .map(|corner| inset(corner, corner == corners[0]))
        .collect();
    layouts.push(Layout::Split(Split {
        second: second(),
        divider: Colour::WHITE,
    }));
    layouts.push(Layout::BeforeAfter(BeforeAfter {
        second: second(),
        divider: Colour::WHITE,
    }));
    layouts
}

fn scene(layout: Layout) -> Scene {
    Scene {
        layout,
        ..Scene::new(Visual::Image("a.png".into()), 0, 4_000)
    }
}

/// Both images in one even light each.
fn drawn(layout: &Layout, frame: (u32, u32), progress: f64) -> YuvImage {
    let scene = scene(layout.clone());
    let source = |(place, luma): (Place, u8)| {
        let mut yuv = YuvImage::black(place[2], place[3]);
        yuv.planes_mut()[0].fill(luma);
        Source::Still(Arc::new(yuv))
    };
    let sources = places(layout, frame)
        .into_iter()
        .zip([60, 180])
        .map(source)
        .collect();
    let mut set = SceneImages::new(&scene, sources, frame);
    let layer = set.layer(&scene, (progress * 4_000.0, 30), progress).unwrap();
    (*layer.yuv).clone()
}

fn share(frame: &YuvImage, luma: u8) -> f64 {
    let plane = frame.planes()[0];
    real(
        plane
            .iter()
            .map(|value| usize::from(*value == luma))
            .sum::<usize>(),
    ) / real(plane.len())
}

#[test]
fn every_place_is_even_and_inside_of_the_frame() {
    for frame in SIZES {
        for layout in layouts() {
            for [x, y, width, height] in places(&layout, frame) {
                assert!(
                    [x, y, width, height].iter().all(|side| side % 2 == 0),
                    "{layout:?} {frame:?}"
                );
                assert!(
                    x + width <= frame.0 && y + height <= frame.1,
                    "{layout:?} {frame:?}"
                );
            }
        }
    }
}

#[test]
fn halves_are_halves_and_an_inset_is_as_large_as_asked() {
    for frame in SIZES {
        let split = drawn(&layouts()[4], frame, 0.5);
        assert!((share(&split, 60) - 0.5).abs() < 0.08 && (share(&split, 180) - 0.5).abs() < 0.08);
        let inset = drawn(&layouts()[1], frame, 0.5);
        let wanted = (0.36 * f64::from(frame.0.min(frame.1))).powi(2) / f64::from(frame.0 * frame.1);
        assert!(
            (share(&inset, 180) / wanted - 1.0).abs() < 0.25,
            "{frame:?}: {}",
            share(&inset, 180)
        );
    }
}

#[test]
fn a_before_and_after_goes_from_one_to_the_other_by_the_middle() {
    let layout = &layouts()[5];
    for frame in SIZES {
        let seen = |progress| drawn(layout, frame, progress);
        assert!((share(&seen(0.0), 60) - 1.0).abs() < 1e-9);
        assert!((share(&seen(1.0), 180) - 1.0).abs() < 1e-9);
        let middle = seen(0.5);
        assert!(
            share(&middle, 60) > 0.42 && share(&middle, 180) > 0.42,
            "{frame:?}"
        );
    }
}

#[test]
fn the_same_scene_gives_the_same_frame_twice() {
    for frame in SIZES {
        for layout in layouts() {
            assert!(
                drawn(&layout, frame, 0.44) == drawn(&layout, frame, 0.44),
                "{layout:?}"
            );
        }
    }
}
