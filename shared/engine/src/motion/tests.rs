//! Motion: the camera stays inside of the image and never jumps.

use proptest::prelude::*;

use super::*;

const KINDS: [MotionKind; 6] = [
    MotionKind::ZoomIn,
    MotionKind::ZoomOut,
    MotionKind::PanLeft,
    MotionKind::PanRight,
    MotionKind::PanUp,
    MotionKind::None,
];

#[test]
fn a_zoom_goes_from_the_whole_image_to_its_middle() {
    let motion = Motion {
        kind: MotionKind::ZoomIn,
        amount: 0.25,
    };
    assert_eq!(
        motion.view(0.0),
        View {
            left: 0.0,
            top: 0.0,
            size: 1.0
        }
    );
    let end = motion.view(1.0);
    assert!((end.size - 0.8).abs() < 1e-9 && (end.left - 0.1).abs() < 1e-9);
    assert_eq!(
        Motion {
            kind: MotionKind::ZoomOut,
            ..motion
        }
        .view(1.0),
        motion.view(0.0)
    );
}

#[test]
fn neighbouring_scenes_move_differently() {
    for scene in 0..10 {
        assert_ne!(Motion::gentle(scene).kind, Motion::gentle(scene + 1).kind);
    }
}

proptest! {
    #[test]
    fn the_camera_never_leaves_the_image(kind in prop::sample::select(KINDS.to_vec()), amount in 0.0..0.5, progress in -1.0..2.0) {
        let View { left, top, size } = Motion { kind, amount }.view(progress);
        let slack = 1e-9;
        prop_assert!(size > 0.6 && left >= -slack && top >= -slack);
        prop_assert!(left + size <= 1.0 + slack && top + size <= 1.0 + slack);
    }

    #[test]
    fn a_small_step_in_time_is_a_small_step_of_the_camera(kind in prop::sample::select(KINDS.to_vec()), progress in 0.0..0.99) {
        let motion = Motion { kind, amount: 0.2 };
        let (one, two) = (motion.view(progress), motion.view(progress + 0.01));
        let step = (one.left - two.left).abs().max((one.top - two.top).abs()).max((one.size - two.size).abs());
        prop_assert!(step < 0.005);
    }
}
