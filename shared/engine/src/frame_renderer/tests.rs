//! Any composition that is accepted can be drawn: no panic, and every frame has the video's size.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::testing;
use crate::yuv_image::YuvImage;

/// Pieces of texts of all scripts, of none, and of what people paste.
const FRAGMENTS: [&str; 28] = [
    "شهد العسل",
    "دבש",
    "น้ำผึ้งเก็บได้นานเป็นพันปี",
    "蜂蜜可以保存一千年不会变质",
    "ハチミツは腐らない",
    "꿀은 상하지 않는다",
    "शहद अच्छा है",
    "ĞőŠẞﬁ",
    "🐝🍯👨‍👩‍👧‍👦🇰🇷",
    "a\u{301}\u{301}\u{301}",
    "\u{202e}abc\u{202c}",
    "\u{2067}x\u{2066}y",
    "\u{2069}\u{2069}",
    "one\u{2029}דבש\u{2028}two",
    "\u{200f}\u{200e}\u{200d}\u{200c}\u{200b}\u{2060}\u{feff}",
    "\u{ad}\u{a0}\u{3000}\u{1680}",
    "\r\n\t\u{b}\u{85}\0\u{7f}\u{1b}[31m",
    "\u{fe0f}\u{20e3}\u{e0067}\u{e007f}",
    "\u{e000}\u{fffd}\u{ffff}\u{10ffff}",
    "क्ष्म्यि्‍ॐ",
    "กำ้ๆฯ\u{e33}\u{e47}",
    "ᄒ\u{1161}\u{11ab}",
    "﷽",
    "supercalifragilisticexpialidocious",
    "「（。、！？）」",
    "$1,000.00—50%-off…",
    "</b>&amp;%s{}",
    " ",
];

/// No kind of text may be longer than the shortest of them may.
const TEXT_CHARS_MAX: usize = 80;

/// Texts as they are written, random ones, and pieces thrown together.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(FRAGMENTS.to_vec()), 1..6);
    prop_oneof![
        "[a-zA-Z ,.!-]{1,40}",
        "\\PC{1,24}",
        prop::collection::vec(any::<char>(), 1..30).prop_map(String::from_iter),
        pieces.prop_map(|pieces| pieces.concat()),
    ]
    .prop_map(|text| text.chars().take(TEXT_CHARS_MAX).collect::<String>())
    .prop_filter("a text of spaces alone is refused", |text| {
        !text.trim().is_empty()
    })
    // Boxed here and below: without optimisation, strategies by value are larger than a test's stack.
    .boxed()
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
        .boxed()
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
    .boxed()
}

fn scene(number: u64) -> impl Strategy<Value = Value> {
    let motion = prop::sample::select(vec!["zoom_in", "zoom_out", "pan_left", "pan_right", "pan_up"]);
    let change = prop::sample::select(vec!["fade", "slide", "wipe", "blur"]);
    let direction = prop::sample::select(vec!["left", "right", "up", "down"]);
    (card(), layout(), (motion, 0.01..0.5), (change, direction), 1..=1_000_u64)
        .prop_map(move |(card, layout, (motion, amount), (change, direction), change_ms)| {
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
        })
        .boxed()
}

fn captions() -> impl Strategy<Value = Value> {
    let presets = vec!["classic", "pill", "karaoke", "pop", "typewriter", "minimal"];
    let areas = vec!["frame", "tiktok", "reels", "shorts", "every"];
    let languages = vec![
        "en", "ru", "ko", "zh", "zh-tw", "ja", "ar", "he", "hi", "th", "xx",
    ];
    (
        (prop::sample::select(presets), prop::sample::select(areas)),
        prop::sample::select(languages),
        prop::collection::vec((text(), 0..300_u64, 0..400_u64), 0..8),
        (12.0..200.0, 10.0..90.0),
        [colour(), colour(), colour()],
    )
        .prop_map(|((preset, area), language, words, (size, place), colours)| {
            let mut now_ms = 0;
            let words = words.iter().map(|(text, pause_ms, length_ms)| {
                now_ms += pause_ms;
                json!({"text": text, "start_ms": now_ms.min(1_999), "end_ms": now_ms.min(1_999) + length_ms})
            });
            json!({
                "language": language, "preset": preset, "safe_area": area, "words": words.collect::<Vec<_>>(),
                "font_px": size, "position_pct": place,
                "colours": {"text": colours[0], "active": colours[1], "outline": colours[2]},
            })
        })
        .boxed()
}

fn composition() -> impl Strategy<Value = Value> {
    let side = || (32_u32..140).prop_map(|half| 2 * half);
    let block = (text(), 0.0..100.0, 0.0..100.0, 10.0..100.0, 1..8_usize);
    ((side(), side()), (scene(0), scene(1)), captions(), block, 0.0..1.0).prop_map(
        |((width, height), (first, second), captions, (text, x, y, room, lines), vignette)| {
            json!({
                "version": 1, "width": width, "height": height, "scenes": [first, second],
                "captions": captions,
                "texts": [{
                    "text": text, "start_ms": 0, "end_ms": 2_000, "x_pct": x, "y_pct": y, "width_pct": room,
                    "lines_max": lines, "entrance": "rise",
                }],
                "lower_third": {"text": text, "start_ms": 100, "end_ms": 1_900},
                "progress_bar": {}, "vignette": vignette, "fade_in_ms": 200, "fade_out_ms": 300,
            })
        },
    )
}

/// What a program or a person may write where something else belongs.
fn odd() -> impl Strategy<Value = Value> {
    let numbers = vec![
        -1.0, 0.0, 1e-300, 0.5, 1.0, 2.0, 3.0, 63.0, 64.0, 99.5, 100.0, 255.0, 999.0, 4_096.0, 1e6, 1e308,
        -1e308,
    ];
    let whole = vec![0, 1, 2, 30, 60, 64, 500, 1_000, 1_999, 2_000, 1_800_000, u64::MAX];
    let others = vec![
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!([[]]),
        json!("#12"),
        json!("fade"),
        json!("../../etc/passwd"),
    ];
    prop_oneof![
        prop::sample::select(numbers).prop_map(Value::from),
        prop::sample::select(whole).prop_map(Value::from),
        prop::sample::select(others),
        text().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
    ]
}

/// Every place in a document, as JSON pointers.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    let children: Vec<(String, &Value)> = match value {
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(number, child)| (number.to_string(), child))
            .collect(),
        Value::Object(map) => map.iter().map(|(name, child)| (name.clone(), child)).collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        places(child, &format!("{here}/{name}"), found);
    }
}

/// Larger frames show nothing that smaller ones do not, and take seconds.
const PIXELS_MAX: u32 = 1 << 20;

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
        let mut renderer = FrameRenderer::new(&testing::tools(), &composition).unwrap();
        let mut frame = YuvImage::black(composition.width, composition.height);
        let size = frame.bytes().len();
        for number in [0, 11, 29, 30, 34, 47, 59] {
            renderer.draw(number, &mut frame).unwrap();
            prop_assert_eq!(frame.bytes().len(), size);
        }
    }

    #[test]
    fn a_document_with_anything_in_any_place_is_refused_by_field_or_drawn(
        document in composition(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), odd()), 1..4),
    ) {
        let mut document = document;
        for (place, value) in changes {
            let mut found = Vec::new();
            places(&document, "", &mut found);
            let here = &found[place.index(found.len())];
            *document.pointer_mut(here).unwrap() = value;
        }
        match Composition::from_json(&document.to_string()) {
            Err(error) => prop_assert_eq!(error.code(), "BadInput"),
            Ok(composition) if composition.width * composition.height > PIXELS_MAX => {}
            Ok(composition) => match FrameRenderer::new(&testing::tools(), &composition) {
                Err(error) => prop_assert_ne!(error.code(), "Internal"),
                Ok(mut renderer) => {
                    let mut frame = YuvImage::black(composition.width, composition.height);
                    let last = composition.frames() - 1;
                    for number in [0, last / 3, last / 2, last] {
                        renderer.draw(number, &mut frame).unwrap();
                    }
                }
            },
        }
    }

    #[test]
    fn frames_are_the_same_wherever_the_drawing_begins(document in composition(), first in 1_u64..59) {
        let composition = Composition::from_json(&document.to_string()).unwrap();
        let tools = testing::tools();
        let [mut whole, mut part] = [(); 2].map(|()| YuvImage::black(composition.width, composition.height));
        let mut renderer = FrameRenderer::new(&tools, &composition).unwrap();
        let mut wound = FrameRenderer::ready(&tools, &composition).unwrap();
        wound.wind_to(&tools, &(first..60));
        for number in 0..60 {
            renderer.draw(number, &mut whole).unwrap();
            if number >= first {
                wound.draw(number, &mut part).unwrap();
                prop_assert!(whole == part, "frame {} after a start at {}", number, first);
            }
        }
    }
}
