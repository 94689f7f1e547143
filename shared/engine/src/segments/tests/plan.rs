//! Where videos are cut.

use serde_json::json;

use crate::composition::Composition;
use crate::segments::plan;

fn cuts(lengths_ms: &[u64]) -> Vec<[u64; 2]> {
    let mut start_ms = 0;
    let mut scenes = Vec::new();
    for length_ms in lengths_ms {
        scenes.push(json!({"image": "a", "start_ms": start_ms, "duration_ms": length_ms}));
        start_ms += length_ms;
    }
    let document = json!({"version": 1, "width": 64, "height": 64, "fps": 10, "scenes": scenes});
    let composition = Composition::from_json(&document.to_string()).unwrap();
    plan(&composition)
        .into_iter()
        .map(|part| [part.start, part.end])
        .collect()
}

#[test]
fn each_scene_is_a_segment() {
    assert_eq!(cuts(&[3_000, 2_000, 4_000]), [[0, 30], [30, 50], [50, 90]]);
}

#[test]
fn scenes_of_less_than_a_second_share_one() {
    assert_eq!(cuts(&[300, 300, 300, 300, 2_000]), [[0, 12], [12, 32]]);
    assert_eq!(cuts(&[2_000, 300]), [[0, 23]]);
    assert_eq!(cuts(&[300]), [[0, 3]]);
}

#[test]
fn a_long_scene_is_cut_into_equal_parts() {
    assert_eq!(cuts(&[20_000]), [[0, 200]]);
    assert_eq!(
        cuts(&[1_000, 50_000]),
        [[0, 10], [10, 176], [176, 343], [343, 510]]
    );
}
