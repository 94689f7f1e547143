//! Frames against what they were when a person last looked at them: small grids of means, kept as text.
//!
//! `UPDATE_GOLDEN=1 cargo test -p engine golden` writes them anew; look at `make gallery` before they are committed.
//!
//! Tolerance: a cell is the mean of 20 x 20 pixels. Other vector instructions round a resized or decoded pixel by one
//! level at most, so no mean moves by more than one, and half a level is lost when a mean is written as a whole
//! number. A line of captions that is one pixel off moves the cells along its edges by 5 to 10 levels.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::*;
use crate::number::{byte, index, real};
use crate::testing;
use crate::yuv_image::YuvImage;
use crate::yuv_image::mean;

const SIZE: (u32, u32) = (360, 640);
const CELL: usize = 20;
const TOLERANCE: f64 = 1.5;

/// An image with soft and hard edges, of a colour of its own.
fn image(folder: &Path, number: u32) -> PathBuf {
    let path = folder.join(format!("{number}.png"));
    let image = image::RgbImage::from_fn(480, 720, |x, y| {
        let board = if (x / 48 + y / 60) % 2 == 0 { 40 } else { 0 };
        let slope = crate::number::low_byte(y * 160 / 720);
        image::Rgb(
            [60 + slope, 40 + board + slope / 2, 200 - slope + board / 2]
                .map(|level| level.wrapping_add(crate::number::low_byte(number * 12))),
        )
    });
    image.save(&path).unwrap();
    path
}

fn words(text: &str) -> Vec<Value> {
    let timed = |(number, word)| {
        let start_ms: usize = 250 * number;
        json!({"text": word, "start_ms": start_ms, "end_ms": start_ms + 240})
    };
    text.split(' ').enumerate().map(timed).collect()
}

fn composition(scenes: &[Value; 2], more: &Value) -> Composition {
    let mut document = json!({"version": 1, "width": SIZE.0, "height": SIZE.1, "scenes": scenes});
    for (name, value) in more.as_object().unwrap() {
        document[name] = value.clone();
    }
    Composition::from_json(&document.to_string()).unwrap()
}

/// The means of a frame: luma in cells, then both chroma planes as a whole.
fn grid(frame: &YuvImage) -> (Vec<Vec<f64>>, [f64; 2]) {
    let [luma, blue, red] = frame.planes();
    let rows = luma.chunks_exact(frame.width * CELL).map(|rows| {
        let cell = |column: usize| {
            let lines = rows.chunks_exact(frame.width);
            let means = lines.map(|line| mean(&line[column * CELL..(column + 1) * CELL]));
            means.sum::<f64>() / real(CELL)
        };
        (0..frame.width / CELL).map(cell).collect()
    });
    (rows.collect(), [mean(blue), mean(red)])
}

/// Text that a diff shows well: a line of two-digit hexadecimal means for each row of cells.
fn written(frames: &[(u64, YuvImage)]) -> String {
    let mut text = String::new();
    for (number, frame) in frames {
        let (rows, [blue, red]) = grid(frame);
        writeln!(text, "frame {number} chroma {blue:.2} {red:.2}").unwrap();
        for row in rows {
            let row: Vec<String> = row
                .into_iter()
                .map(|mean| format!("{:02x}", byte(mean)))
                .collect();
            writeln!(text, "{}", row.join(" ")).unwrap();
        }
    }
    text
}

/// Every number of a grid, with what stands before it.
fn numbers(text: &str) -> Vec<f64> {
    let number = |word: &str| match u8::from_str_radix(word, 16) {
        Ok(mean) if word.len() == 2 => Some(f64::from(mean)),
        _ => word.parse().ok(),
    };
    text.split_whitespace().filter_map(number).collect()
}

fn assert_golden(name: &str, composition: &Composition, moments: [u64; 2]) {
    let mut renderer = FrameRenderer::new(&testing::tools(), composition).unwrap();
    let frames = moments.map(|number| {
        let mut frame = YuvImage::black(composition.width, composition.height);
        renderer.draw(number, &mut frame).unwrap();
        (number, frame)
    });
    let drawn = written(&frames);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/frame_renderer/golden/{name}.txt"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    let (before, now) = (numbers(&kept), numbers(&drawn));
    assert_eq!(before.len(), now.len(), "{name}");
    let cells = index(SIZE.0) * index(SIZE.1) / CELL / CELL;
    assert_eq!(now.len(), 2 * (cells + 3), "{name}");
    let off = before.iter().zip(&now).map(|(before, now)| (before - now).abs());
    let worst = off.fold(0.0, f64::max);
    assert!(
        worst <= TOLERANCE,
        "{name}: a mean is {worst} levels off\n{drawn}"
    );
}

#[test]
fn a_cross_fade_under_karaoke_captions_looks_as_it_did() {
    let folder = testing::folder();
    let scenes = [
        json!({"image": image(folder.path(), 1), "start_ms": 0, "duration_ms": 1_500,
               "motion": {"kind": "zoom_in", "amount": 0.15}}),
        json!({"image": image(folder.path(), 4), "start_ms": 1_500, "duration_ms": 1_500,
               "motion": {"kind": "pan_left", "amount": 0.2}, "transition_in": {"kind": "fade", "duration_ms": 500}}),
    ];
    let captions = json!({"captions": {
        "language": "en", "preset": "karaoke", "words": words("Bees make honey from the nectar of many flowers"),
    }});
    assert_golden("cross_fade", &composition(&scenes, &captions), [20, 52]);
}

#[test]
fn a_shared_frame_with_logo_bar_and_plate_looks_as_it_did() {
    let folder = testing::folder();
    let second = json!({"second": {"image": image(folder.path(), 7)}});
    let scenes = [
        json!({"image": image(folder.path(), 2), "start_ms": 0, "duration_ms": 1_000, "layout": {"split": second}}),
        json!({"image": image(folder.path(), 5), "start_ms": 1_000, "duration_ms": 1_000,
               "layout": {"picture_in_picture": {"second": second["second"], "size_pct": 40.0, "round": true}},
               "tint": {"colour": "#203040", "opacity": 0.3}}),
    ];
    let more = json!({
        "logo": {"path": image(folder.path(), 9), "size_pct": 15.0}, "progress_bar": {}, "vignette": 0.5,
        "texts": [{"text": "A plate of text", "start_ms": 0, "end_ms": 2_000, "y_pct": 30.0,
                   "plate": {"colour": "#101218"}}],
    });
    assert_golden("shared_frame", &composition(&scenes, &more), [12, 48]);
}

#[test]
fn a_wipe_and_a_blur_between_cards_look_as_they_did() {
    let scenes = |change: &str| {
        let card = |top: &str, title: &str| json!({"top": top, "style": "title", "title": title});
        [
            json!({"card": card("#1d3557", "Honey never spoils"), "start_ms": 0, "duration_ms": 1_000}),
            json!({"card": card("#e07a5f", "Taste it"), "start_ms": 1_000, "duration_ms": 1_000,
                   "transition_in": {"kind": change, "duration_ms": 600}}),
        ]
    };
    assert_golden("wipe", &composition(&scenes("wipe"), &json!({})), [10, 38]);
    assert_golden(
        "blur",
        &composition(&scenes("blur"), &json!({"fade_out_ms": 400})),
        [36, 55],
    );
}

#[test]
fn arabic_in_pills_above_a_lower_third_looks_as_it_did() {
    let folder = testing::folder();
    let scenes = [
        json!({"image": image(folder.path(), 3), "start_ms": 0, "duration_ms": 1_000,
               "motion": {"kind": "pan_up", "amount": 0.2}}),
        json!({"image": image(folder.path(), 6), "start_ms": 1_000, "duration_ms": 1_000,
               "transition_in": {"kind": "slide", "duration_ms": 400}}),
    ];
    let more = json!({
        "captions": {"language": "ar", "preset": "pill", "words": words("العسل لا يفسد أبدا مهما طال الزمن")},
        "lower_third": {"text": "شهد العسل", "start_ms": 0, "end_ms": 2_000, "position_pct": 50.0},
    });
    assert_golden("arabic", &composition(&scenes, &more), [18, 36]);
}
