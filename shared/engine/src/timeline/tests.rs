//! The timeline: who is seen, how far along, and how brightly.

use super::*;

fn composition() -> Composition {
    serde_json::from_value(serde_json::json!({
        "version": 1, "width": 64, "height": 64, "fade_in_ms": 200, "fade_out_ms": 400,
        "scenes": [
            {"image": "a", "start_ms": 0, "duration_ms": 1000},
            {"image": "b", "start_ms": 1000, "duration_ms": 1000, "transition_in": {"kind": "fade", "duration_ms": 500}},
            {"image": "c", "start_ms": 2000, "duration_ms": 1000},
        ],
    }))
    .unwrap()
}

#[test]
fn a_fade_shows_both_scenes_and_ends_with_the_new_one() {
    let composition = composition();
    let middle = at(&composition, 1_250.0).unwrap();
    assert_eq!(middle.under.scene, 0);
    assert_eq!(
        middle.over.map(|(visible, share)| (visible.scene, share)),
        Some((1, 0.5))
    );
    let after = at(&composition, 1_500.0).unwrap();
    assert_eq!((after.under.scene, after.over), (1, None));
}

#[test]
fn a_cut_changes_from_one_frame_to_the_next() {
    let composition = composition();
    assert_eq!(at(&composition, 1_999.9).unwrap().under.scene, 1);
    assert_eq!(at(&composition, 2_000.0).unwrap().under.scene, 2);
    assert_eq!(at(&composition, 2_000.0).unwrap().over, None);
}

#[test]
fn a_scene_goes_on_moving_while_the_next_one_fades_in() {
    let composition = composition();
    let progress = |now_ms| at(&composition, now_ms).unwrap().under.progress;
    assert!((progress(750.0) - 0.5).abs() < 1e-9);
    assert!((progress(1_499.0) - 1_499.0 / 1_500.0).abs() < 1e-9);
}

#[test]
fn the_video_comes_from_black_and_goes_to_black() {
    let composition = composition();
    let brightness = |now_ms| at(&composition, now_ms).unwrap().brightness;
    assert_eq!(
        [0.0, 100.0, 200.0, 2_600.0, 2_800.0, 3_000.0].map(brightness),
        [0, 128, 256, 256, 128, 0]
    );
}

#[test]
fn frames_are_seen_at_their_middle() {
    assert!((frame_ms(0, 30) - 16.666).abs() < 0.01);
    assert!((frame_ms(29, 30) - 983.333).abs() < 0.01);
}
