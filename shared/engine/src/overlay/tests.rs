//! Overlays: exact at both ends of transparency, safe at the edges of the frame.

use proptest::prelude::*;
use tiny_skia::{Color, Pixmap};

use super::*;
use crate::yuv_image::YuvImage;

fn plain(size: u32, colour: Color) -> Pixmap {
    let mut pixmap = Pixmap::new(size, size).unwrap();
    pixmap.fill(colour);
    pixmap
}

#[test]
fn full_transparency_changes_nothing() {
    let mut frame = YuvImage::black(32, 32);
    Overlay::new(&plain(16, Color::TRANSPARENT), 4, 4).blend(&mut frame, FULL);
    assert_eq!(frame, YuvImage::black(32, 32));
}

#[test]
fn opaque_white_becomes_the_white_of_video() {
    let mut frame = YuvImage::black(32, 32);
    Overlay::new(&plain(16, Color::WHITE), 8, 8).blend(&mut frame, FULL);
    let [luma, blue, red] = frame.planes();
    assert_eq!(
        (
            luma[32 * 8 + 8],
            luma[32 * 23 + 23],
            luma[32 * 7 + 8],
            luma[32 * 24 + 8]
        ),
        (235, 235, 16, 16)
    );
    assert!(
        [blue[16 * 6 + 6], red[16 * 6 + 6]]
            .iter()
            .all(|value| (127..=129).contains(value))
    );
}

#[test]
fn half_the_opacity_is_half_the_way() {
    let mut frame = YuvImage::black(16, 16);
    Overlay::new(&plain(16, Color::WHITE), 0, 0).blend(&mut frame, FULL / 2);
    assert!(frame.planes()[0][40].abs_diff(125) <= 1);
}

proptest! {
    #[test]
    fn an_overlay_may_lie_anywhere(x in -80..80_i32, y in -80..80_i32, size in 1..60_u32) {
        let mut frame = YuvImage::black(32, 48);
        Overlay::new(&plain(size, Color::WHITE), x, y).blend(&mut frame, FULL);
        prop_assert!(frame.planes()[0].iter().all(|value| (16..=235).contains(value)));
    }
}
