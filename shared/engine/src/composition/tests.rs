//! The composition: its defaults, its rules, and the field each error names.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn minimal() -> Value {
    json!({
        "version": 1, "width": 1080, "height": 1920,
        "scenes": [
            {"image": "a.png", "start_ms": 0, "duration_ms": 2000},
            {"image": "b.png", "start_ms": 2000, "duration_ms": 3000, "motion": {"kind": "zoom_in"},
             "transition_in": {"kind": "fade", "duration_ms": 500}},
        ],
        "captions": {"language": "en", "words": [
            {"text": "Hello", "start_ms": 0, "end_ms": 400}, {"text": "there", "start_ms": 400, "end_ms": 900},
        ]},
        "audio": {"voice": "voice.wav", "music": {"path": "music.mp3"}},
    })
}

/// The minimal document with one value replaced or added.
fn with(pointer: &str, value: Value) -> Value {
    let mut document = minimal();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        parent => parent[key] = value,
    }
    document
}

#[test]
fn defaults_are_those_of_the_product() {
    let read = Composition::from_json(&minimal().to_string()).unwrap();
    let captions = read.captions.as_ref().unwrap();
    assert_eq!(
        (read.fps, captions.font_px, captions.position_pct),
        (30, 48.0, 75.0)
    );
    assert_eq!((read.audio.target_lufs, read.audio.true_peak_dbtp), (-14.0, -1.0));
    assert_eq!(captions.colours.text, crate::colour::Colour::WHITE);
    assert_eq!(read.scenes[0].motion.kind, MotionKind::None);
    assert_eq!((read.duration_ms(), read.frames()), (5_000, 150));
}

#[test]
fn what_is_written_is_read_back() {
    let read = Composition::from_json(&minimal().to_string()).unwrap();
    let again = Composition::from_json(&serde_json::to_string(&read).unwrap()).unwrap();
    assert_eq!(read, again);
}

/// Place, wrong value, field that the error must name.
#[expect(clippy::too_many_lines, reason = "one row for each rule")]
fn broken() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("/version", json!(2), "version"),
        ("/width", json!(1081), "width"),
        ("/height", json!(9000), "height"),
        ("/fps", json!(0), "fps"),
        ("/scenes", json!([]), "scenes.length"),
        ("/scenes/0/image", json!(""), "scenes[0].image"),
        ("/scenes/1/start_ms", json!(1999), "scenes[1].start_ms"),
        ("/scenes/0/duration_ms", json!(99), "scenes[0].duration_ms"),
        (
            "/scenes/1/motion",
            json!({"kind": "zoom_in", "amount": 0.6}),
            "scenes[1].motion.amount",
        ),
        (
            "/scenes/1/motion",
            json!({"kind": "pan_up", "amount": 0.0}),
            "scenes[1].motion.amount",
        ),
        (
            "/scenes/0/transition_in",
            json!({"kind": "fade", "duration_ms": 10}),
            "scenes[0].transition_in.duration_ms",
        ),
        (
            "/scenes/1/transition_in",
            json!({"kind": "fade", "duration_ms": 2001}),
            "scenes[1].transition_in.duration_ms",
        ),
        (
            "/scenes/1/transition_in",
            json!({"kind": "cut", "duration_ms": 1}),
            "scenes[1].transition_in.duration_ms",
        ),
        (
            "/scenes/1/transition_in/kind",
            json!("spin"),
            "scenes[1].transition_in.kind",
        ),
        (
            "/scenes/1/transition_in",
            json!({"kind": "blur", "duration_ms": 300, "direction": "up"}),
            "scenes[1].transition_in.direction",
        ),
        ("/scenes/1/clip", json!({"path": "a.mp4"}), "scenes[1]"),
        (
            "/scenes/0",
            json!({"start_ms": 0, "duration_ms": 2000}),
            "scenes[0]",
        ),
        (
            "/scenes/0",
            json!({"clip": {"path": "a.mp4", "length_ms": 5}, "start_ms": 0, "duration_ms": 2000}),
            "scenes[0].clip.length_ms",
        ),
        (
            "/scenes/0",
            json!({"card": {"top": "#101218", "label": "x".repeat(61)}, "start_ms": 0, "duration_ms": 2000}),
            "scenes[0].card.label",
        ),
        (
            "/scenes/0/tint",
            json!({"colour": "#000000", "opacity": 1.5}),
            "scenes[0].tint.opacity",
        ),
        (
            "/scenes/0/layout",
            json!({"split": {"second": {"image": ""}}}),
            "scenes[0].layout.split.second.image",
        ),
        (
            "/scenes/0/layout",
            json!({"picture_in_picture": {"second": {"image": "b.png"}, "size_pct": 90}}),
            "scenes[0].layout.picture_in_picture.size_pct",
        ),
        ("/vignette", json!(1.01), "vignette"),
        ("/logo", json!({"path": ""}), "logo.path"),
        ("/logo", json!({"path": "a.png", "size_pct": 99}), "logo.size_pct"),
        (
            "/progress_bar",
            json!({"height_px": 99}),
            "progress_bar.height_px",
        ),
        (
            "/texts",
            json!([{"text": " ", "start_ms": 0, "end_ms": 900}]),
            "texts[0].text",
        ),
        (
            "/texts",
            json!([{"text": "x", "start_ms": 0, "end_ms": 499}]),
            "texts[0].end_ms",
        ),
        (
            "/texts",
            json!([{"text": "x", "start_ms": 0, "end_ms": 900, "plate": {"colour": "#000000", "opacity": 2}}]),
            "texts[0].plate.opacity",
        ),
        ("/captions/font_px", json!(5), "captions.font_px"),
        ("/captions/position_pct", json!(99), "captions.position_pct"),
        ("/captions/language", json!("x"), "captions.language"),
        ("/captions/preset", json!("neon"), "captions.preset"),
        (
            "/captions/words/1/start_ms",
            json!(5_000),
            "captions.words[1].start_ms",
        ),
        ("/captions/words/1/end_ms", json!(300), "captions.words[1].end_ms"),
        (
            "/captions/words/1/end_ms",
            json!(u64::MAX),
            "captions.words[1].end_ms",
        ),
        ("/captions/words/0/text", json!(" "), "captions.words[0].text"),
        (
            "/captions/words/0/start_ms",
            json!(500),
            "captions.words[0].end_ms",
        ),
        (
            "/captions/colours",
            json!({"text": "red"}),
            "captions.colours.text",
        ),
        (
            "/lower_third",
            json!({"text": "x", "start_ms": 0, "end_ms": 100}),
            "lower_third.end_ms",
        ),
        ("/audio/target_lufs", json!(0), "audio.target_lufs"),
        ("/output", json!({"crf": 51}), "output.crf"),
        ("/fade_in_ms", json!(5_001), "fade_out_ms"),
        ("/surprise", json!(1), "surprise"),
    ]
}

#[test]
fn every_broken_rule_names_its_field() {
    for (pointer, value, expected) in broken() {
        match Composition::from_json(&with(pointer, value).to_string()) {
            Err(EngineError::BadInput { field, .. }) => assert_eq!(field, expected, "{pointer}"),
            other => panic!("{pointer}: {other:?}"),
        }
    }
}

#[test]
fn a_document_that_is_no_json_is_refused() {
    for text in ["", "{", "[]", "null", "\u{feff}{}"] {
        assert!(Composition::from_json(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn no_value_in_any_place_panics(
        pointer in prop::sample::select(vec![
            "/width", "/height", "/fps", "/scenes/0/start_ms", "/scenes/0/duration_ms", "/scenes/1/duration_ms",
            "/scenes/1/motion", "/captions/words/0/start_ms", "/captions/font_px", "/fade_in_ms", "/audio/target_lufs",
        ]),
        number in prop_oneof![
            any::<f64>().prop_map(|value| json!(value)), any::<u64>().prop_map(|value| json!(value)),
            any::<i64>().prop_map(|value| json!(value)), Just(json!(null)), Just(json!({})), Just(json!("x")),
        ],
    ) {
        if let Ok(read) = Composition::from_json(&with(pointer, number).to_string()) {
            prop_assert!(read.frames() <= 1_800 * 60);
        }
    }
}
