//! Any composition that is accepted can be drawn: no panic, and every frame has the video's size.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::picture::Picture;
use crate::testing;

/// Texts of all scripts, of none, and of what people paste.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z ,.!-]{1,40}",
        "\\PC{1,24}",
        prop::sample::select(vec![
            "شهد العسل",
            "דבש",
            "น้ำผึ้งเก็บได้นานเป็นพันปี",
            "蜂蜜可以保存一千年不会变质",
            "शहद अच्छा है",
            "🐝🍯",
            "a\u{301}\u{301}\u{301}",
            "\u{202e}abc\u{202c}",
            "one\u{2029}דבש\u{2028}two",
            "supercalifragilisticexpialidocious",
        ])
        .prop_map(str::to_owned),
    ]
    .prop_filter("a text of spaces alone is refused", |text| {
        !text.trim().is_empty()
    })
}

fn colour() -> impl Strategy<Value = String> {
    (0_u32..0x100_0000).prop_map(|value| format!("#{value:06x}"))
}

fn card() -> impl Strategy<Value = Value> {
    let style = prop::sample::select(vec!["title", "quote"]);
    (
        colour(),
        prop::option::of(colour()),
        style,
        prop::option::of(text()),
        prop::option::of(text()),
    )
        .prop_map(|(top, foot, style, title, subtitle)| {
            let mut card = json!({"top": top, "style": style});
            let fields = [("foot", foot), ("title", title), ("subtitle", subtitle)];
            for (name, value) in fields
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
            {
                card[name] = json!(value);
            }
            card
        })
}

fn layout() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("full")),
        card().prop_map(|card| json!({"split": {"second": {"card": card}}})),
        card().prop_map(|card| json!({"before_after": {"second": {"card": card}}})),
        (card(), 10.0..60.0, any::<bool>()).prop_map(|(card, size, round)| {
            json!({"picture_in_picture": {"second": {"card": card}, "size_pct": size, "round": round}})
        }),
    ]
}

fn scene(number: u64) -> impl Strategy<Value = Value> {
    let motion = prop::sample::select(vec!["zoom_in", "zoom_out", "pan_left", "pan_right", "pan_up"]);
    let change = prop::sample::select(vec!["fade", "slide", "wipe", "blur"]);
    let direction = prop::sample::select(vec!["left", "right", "up", "down"]);
    (card(), layout(), (motion, 0.01..0.5), (change, direction), 1..=1_000_u64).prop_map(
        move |(card, layout, (motion, amount), (change, direction), change_ms)| {
            let mut scene = json!({
                "card": card, "layout": layout, "start_ms": 1_000 * number, "duration_ms": 1_000,
                "motion": {"kind": motion, "amount": amount}, "tint": {"colour": "#203040", "opacity": 0.3},
            });
            if number > 0 {
                scene["transition_in"] = json!({"kind": change, "duration_ms": change_ms});
                if ["slide", "wipe"].contains(&change) {
                    scene["transition_in"]["direction"] = json!(direction);
                }
            }
            scene
        },
    )
}

fn composition() -> impl Strategy<Value = Value> {
    let side = || (32_u32..140).prop_map(|half| 2 * half);
    let presets = vec!["classic", "pill", "karaoke", "pop", "typewriter", "minimal"];
    let captions = (
        prop::sample::select(presets),
        prop::collection::vec(text(), 0..8),
        12.0..200.0,
    );
    let block = (text(), 0.0..100.0, 0.0..100.0, 10.0..100.0, 1..8_usize);
    ((side(), side()), (scene(0), scene(1)), captions, block, 0.0..1.0).prop_map(
        |((width, height), (first, second), (preset, words, size), (text, x, y, room, lines), vignette)| {
            let words: Vec<Value> = words
                .iter()
                .enumerate()
                .map(|(number, word)| json!({"text": word, "start_ms": 200 * number, "end_ms": 200 * number + 190}))
                .collect();
            json!({
                "version": 1, "width": width, "height": height, "scenes": [first, second],
                "captions": {"language": "en", "preset": preset, "words": words, "font_px": size},
                "texts": [{
                    "text": text, "start_ms": 0, "end_ms": 2_000, "x_pct": x, "y_pct": y, "width_pct": room,
                    "lines_max": lines, "entrance": "rise",
                }],
                "progress_bar": {}, "vignette": vignette, "fade_in_ms": 200, "fade_out_ms": 300,
            })
        },
    )
}

/// `PROPTEST_CASES` counts eighths of a case: each loads the fonts and draws frames.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: (usual.cases / 8).max(1),
        ..usual
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_accepted_composition_can_be_drawn_in_its_size(document in composition()) {
        let composition = Composition::from_json(&document.to_string()).unwrap();
        let mut film = Film::new(&testing::tools(), &composition).unwrap();
        let mut frame = Picture::black(composition.width, composition.height);
        let size = frame.bytes().len();
        for number in [0, 11, 29, 30, 34, 47, 59] {
            film.draw(number, &mut frame).unwrap();
            prop_assert_eq!(frame.bytes().len(), size);
        }
    }
}
