//! Safe areas: inside of the frame, and the strictest one inside of all others.

use super::*;

#[test]
fn every_area_keeps_all_other_areas() {
    let [left, top, right, bottom] = SafeArea::Every.limits((1080, 1920));
    for area in SafeArea::ALL {
        let other = area.limits((1080, 1920));
        assert!(left >= other[0] || area == SafeArea::Frame, "{area:?}");
        assert!(
            top >= other[1] && right <= other[2] && bottom <= other[3],
            "{area:?}"
        );
    }
}

#[test]
fn captions_are_in_the_middle_and_inside_of_the_limits() {
    for area in SafeArea::ALL {
        for frame in [(1080, 1920), (360, 640), (1080, 1080), (1920, 1080)] {
            let [left, top, width, height] = area.captions(frame);
            let limits = area.limits((crate::number::index(frame.0), crate::number::index(frame.1)));
            assert!((2.0 * left + width - f64::from(frame.0)).abs() < 1e-6);
            assert!(left + 1e-6 >= limits[0] && left + width <= limits[2] + 1e-6);
            assert!(top + 1e-6 >= limits[1] && top + height <= limits[3] + 1e-6);
            assert!(width > 0.3 * f64::from(frame.0) && height > 0.4 * f64::from(frame.1));
        }
    }
}

#[test]
fn the_names_are_those_of_the_document() {
    let read = |name: &str| serde_json::from_value::<SafeArea>(serde_json::json!(name));
    assert_eq!(read("tiktok").unwrap(), SafeArea::Tiktok);
    assert_eq!(read("reels").unwrap(), SafeArea::Reels);
    assert_eq!(read("shorts").unwrap(), SafeArea::Shorts);
    assert!(read("snapchat").is_err());
}
