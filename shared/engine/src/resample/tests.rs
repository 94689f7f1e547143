//! The renderer: exact where it must be, close everywhere else, the same on any number of threads.

use super::*;
use crate::blend::weight;
use crate::composition::{Motion, MotionKind};
use crate::number::real;

/// An image whose luma is a ramp along one axis, so that a shift can be read off as a value.
fn ramp(width: u32, height: u32, slope: f64) -> YuvImage {
    let mut yuv = YuvImage::black(width, height);
    let columns = yuv.width;
    let [luma, ..] = yuv.planes_mut();
    for (number, value) in luma.iter_mut().enumerate() {
        *value = crate::number::byte(16.0 + slope * real(number % columns));
    }
    yuv
}

fn shot(yuv: &Arc<YuvImage>, view: View) -> FrameLayers {
    FrameLayers {
        under: Layer {
            yuv: Arc::clone(yuv),
            view,
        },
        over: None,
        brightness: FULL,
    }
}

const WHOLE: View = View {
    left: 0.0,
    top: 0.0,
    size: 1.0,
};

#[test]
fn a_still_image_of_the_frames_size_is_copied() {
    let yuv = Arc::new(ramp(64, 66, 3.0));
    let mut frame = YuvImage::black(64, 66);
    Renderer::new(64, 66, 3).draw(&shot(&yuv, WHOLE), &mut frame);
    assert_eq!(frame, *yuv);
}

#[test]
fn a_view_is_sampled_where_geometry_says() {
    // Luma is 16 + 0.8 x, so the value of a pixel tells the source position it came from.
    let yuv = Arc::new(ramp(240, 240, 0.8));
    let mut frame = YuvImage::black(200, 200);
    for step in 0..20 {
        let view = Motion {
            kind: MotionKind::ZoomIn,
            amount: 0.2,
        }
        .view(real(step) / 19.0);
        Renderer::new(200, 200, 2).draw(&shot(&yuv, view), &mut frame);
        for x in [20_usize, 77, 100, 160] {
            let source = 240.0 * view.left + (real(x) + 0.5) * 240.0 * view.size / 200.0 - 0.5;
            let value = f64::from(frame.planes()[0][200 * 90 + x]);
            assert!((value - (16.0 + 0.8 * source)).abs() <= 1.0, "step {step}, x {x}");
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let yuv = Arc::new(ramp(140, 120, 1.3));
    let view = Motion {
        kind: MotionKind::PanUp,
        amount: 0.3,
    }
    .view(0.4);
    let frames = [1, 2, 5, 64].map(|threads| {
        let mut frame = YuvImage::black(100, 86);
        Renderer::new(100, 86, threads).draw(&shot(&yuv, view), &mut frame);
        frame
    });
    assert!(frames.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_cross_fade_passes_through_the_mean() {
    let dark = Arc::new(YuvImage::black(32, 32));
    let mut light = YuvImage::black(32, 32);
    light.planes_mut()[0].fill(216);
    let layer = Layer {
        yuv: Arc::new(light),
        view: WHOLE,
    };
    let mut frame = YuvImage::black(32, 32);
    for (weight, expected) in [(0, 16), (FULL / 2, 116), (FULL, 216)] {
        let shot = FrameLayers {
            over: Some((layer.clone(), Change::Fade(weight))),
            ..shot(&dark, WHOLE)
        };
        Renderer::new(32, 32, 2).draw(&shot, &mut frame);
        assert_eq!(frame.planes()[0][100], expected);
    }
}

#[test]
fn no_brightness_is_black_in_luma_and_chroma() {
    let mut bright = YuvImage::black(16, 16);
    bright.planes_mut().into_iter().for_each(|plane| plane.fill(240));
    let yuv = Arc::new(bright);
    let mut frame = YuvImage::black(16, 16);
    Renderer::new(16, 16, 1).draw(
        &FrameLayers {
            brightness: 0,
            ..shot(&yuv, WHOLE)
        },
        &mut frame,
    );
    assert_eq!(frame, YuvImage::black(16, 16));
}

#[test]
fn weights_stay_between_nothing_and_full() {
    assert_eq!(
        [-1.0, 0.0, 0.5, 1.0, 7.0, f64::NAN].map(weight),
        [0, 0, 128, 256, 256, 0]
    );
}
