//! Room: the texts of a template and its captions lie beside each other, however long they are.

use serde_json::{Value, json};

use super::values;
use crate::blend::FULL;
use crate::captions::CaptionTrack;
use crate::colour::Colour;
use crate::composition::Composition;
use crate::number::real_u64;
use crate::overlays::Overlays;
use crate::templates::{Template, Values, VariableKind};
use crate::testing;
use crate::yuv_image::{BLACK_LUMA, YuvImage};

/// The longest text that is allowed, of words of usual length.
fn longest(chars_max: usize) -> String {
    let text: String = "Honey keeps for years and nobody knows why "
        .chars()
        .cycle()
        .take(chars_max)
        .collect();
    text.trim().to_owned()
}

/// Left, top, right and bottom of what is not black, if anything is.
fn ink(frame: &YuvImage) -> Option<[usize; 4]> {
    let pixels = frame.planes()[0].iter().enumerate();
    let bright = pixels.filter(|(_, value)| **value > BLACK_LUMA + 8);
    let places = bright.map(|(at, _)| [at % frame.width, at / frame.width]);
    places
        .map(|[x, y]| [x, y, x + 1, y + 1])
        .reduce(|[left, top, right, bottom], [x, y, x_end, y_end]| {
            [left.min(x), top.min(y), right.max(x_end), bottom.max(y_end)]
        })
}

/// The boxes of all texts over the body, and that of a caption of two lines, each drawn alone on a small frame.
fn boxes(mut composition: Composition) -> Vec<(String, [usize; 4])> {
    (composition.width, composition.height) = (composition.width / 4, composition.height / 4);
    composition.logo = None;
    composition.progress_bar = None;
    composition.vignette = 0.0;
    let mut fonts = testing::fonts("en");
    let mut found = Vec::new();
    let mut keep = |name: String, frame: &YuvImage| found.extend(ink(frame).map(|area| (name, area)));
    let black = YuvImage::black(composition.width, composition.height);
    for block in composition.texts.clone() {
        let mut alone = composition.clone();
        let now_ms = real_u64(u64::midpoint(block.start_ms, block.end_ms));
        let name = block.text.clone();
        alone.texts = vec![block];
        // A dark plate would not be seen on black.
        alone
            .texts
            .iter_mut()
            .filter_map(|block| block.plate.as_mut())
            .for_each(|plate| plate.colour = Colour::WHITE);
        let mut frame = black.clone();
        Overlays::new(&mut fonts, &alone)
            .unwrap()
            .draw(&mut frame, now_ms, FULL);
        keep(name, &frame);
    }
    if let Some(captions) = &composition.captions {
        let mut frame = black;
        let mut track = CaptionTrack::new(&mut fonts, &composition, captions);
        let now_ms = real_u64(captions.words[0].start_ms) + 50.0;
        track.at(&mut fonts, now_ms).unwrap().blend(&mut frame, FULL);
        keep("a caption".to_owned(), &frame);
    }
    found
}

/// All values, every text as long as it may be.
fn longest_values(template: &Template, aspect: &str) -> Values {
    let spoken = "Bees make honey from the nectar of flowers"
        .split(' ')
        .enumerate();
    let words: Vec<Value> = spoken
        .map(|(number, word)| json!({"text": word, "start_ms": number * 200, "end_ms": number * 200 + 200}))
        .collect();
    let mut values = values(template, |_| true);
    for (name, value) in &mut values {
        *value = match (name.as_str(), &template.variables[name].kind) {
            ("aspect", _) => json!(aspect),
            (_, VariableKind::Language) => json!("en"),
            (_, VariableKind::Words) => json!(words),
            (_, VariableKind::Text { chars_max }) => json!(longest(*chars_max)),
            _ => continue,
        };
    }
    values
}

fn overlap([left, top, right, bottom]: [usize; 4], [x, y, x_end, y_end]: [usize; 4]) -> bool {
    left < x_end && x < right && top < y_end && y < bottom
}

#[test]
fn no_text_of_a_template_covers_another_in_any_shape() {
    for (template, aspect) in Template::all()
        .iter()
        .flat_map(|template| ["9:16", "1:1", "16:9"].map(|aspect| (template, aspect)))
    {
        let boxes = boxes(template.fill(&longest_values(template, aspect)).unwrap());
        let pairs = boxes
            .iter()
            .enumerate()
            .flat_map(|(number, one)| boxes[number + 1..].iter().map(move |other| (one, other)));
        for ((name, one), (other_name, other)) in pairs {
            assert!(
                !overlap(*one, *other),
                "{} {aspect}: {name} {one:?} and {other_name} {other:?}",
                template.name
            );
        }
    }
}
