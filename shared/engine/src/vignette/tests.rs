//! The vignette: nothing in the middle, even on all sides, black stays black.

use super::*;
use crate::yuv_image::YuvImage;

#[test]
fn the_middle_keeps_its_light_and_the_corners_lose_it() {
    let mut frame = YuvImage::black(160, 90);
    frame.planes_mut()[0].fill(200);
    Vignette::new((160, 90), 1.0).unwrap().draw(&mut frame);
    let luma = frame.planes()[0];
    let corners = [luma[0], luma[159], luma[89 * 160], luma[89 * 160 + 159]];
    assert!(corners.iter().all(|corner| *corner == corners[0]));
    assert!((50..70).contains(&corners[0]), "{corners:?}");
    assert_eq!(luma[45 * 160 + 80], 200);
}

#[test]
fn black_and_grey_stay_what_they_are() {
    let mut frame = YuvImage::black(64, 64);
    Vignette::new((64, 64), 0.7).unwrap().draw(&mut frame);
    assert_eq!(frame, YuvImage::black(64, 64));
}

#[test]
fn no_strength_is_no_vignette() {
    assert!(Vignette::new((64, 64), 0.0).is_none());
}
