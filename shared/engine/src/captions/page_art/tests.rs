//! Pages in type: every preset and script, patched as well as drawn whole, always inside of the safe area.

use super::*;
use crate::blend::FULL;
use crate::captions::pages::paginate;
use crate::captions::{CaptionTrack, Sheet};
use crate::composition::{Composition, Word};
use crate::number::{real, real_u64, single};
use crate::overlay::Overlay;
use crate::safe_area::SafeArea;
use crate::testing;
use crate::yuv_image::YuvImage;

/// A language and a sentence of it.
const SENTENCES: [(&str, &str); 9] = [
    ("en", "Most people get honey wrong"),
    ("ru", "Мёд хранится тысячу лет"),
    ("ko", "꿀은 천 년 동안 상하지 않아요"),
    ("zh", "蜂蜜 可以 保存 一千年"),
    ("ja", "ハチミツは せんねん もちます"),
    ("ar", "العسل يدوم ألف سنة 2026 iPhone"),
    ("he", "הדבש נשמר אלף שנים"),
    ("hi", "शहद हज़ार साल तक टिकता है"),
    ("th", "น้ำผึ้ง เก็บได้ พันปี ที่นี่"),
];

fn composition(tag: &str, text: &str, preset: CaptionPreset, safe_area: SafeArea) -> Composition {
    let words = text
        .split(' ')
        .zip((0_u64..).step_by(300))
        .map(|(word, at)| Word {
            text: word.into(),
            start_ms: at,
            end_ms: at + 300,
        });
    let captions = Captions {
        preset,
        safe_area,
        font_px: 64.0,
        position_pct: 88.0,
        ..Captions::new(testing::language(tag), words.collect())
    };
    let document = serde_json::json!({
        "version": 1, "width": 360, "height": 640, "scenes": [{"image": "a.png", "start_ms": 0, "duration_ms": 5000}],
    });
    Composition {
        captions: Some(captions),
        ..serde_json::from_value(document).unwrap()
    }
}

/// Outlines are moved in single precision, so two of the sixteen samples of a pixel's edge may fall on the other side.
const ROUNDING: u8 = 28;

fn largest_difference(one: &YuvImage, other: &YuvImage) -> u8 {
    let pairs = one.bytes().iter().zip(other.bytes());
    pairs.map(|(one, other)| one.abs_diff(*other)).max().unwrap()
}

/// The frames of the first two seconds, on black.
fn frames(composition: &Composition, fonts: &mut Fonts) -> Vec<YuvImage> {
    let mut track = CaptionTrack::new(fonts, composition, composition.captions.as_ref().unwrap());
    (0_u64..40)
        .map(|number| {
            let mut frame = YuvImage::black(composition.width, composition.height);
            if let Some(overlay) = track.at(fonts, real_u64(number) * 50.0 + 25.0) {
                overlay.blend(&mut frame, FULL);
            }
            frame
        })
        .collect()
}

/// The art of the first page.
fn art(fonts: &mut Fonts, composition: &Composition) -> (Page, PageArt) {
    let captions = composition.captions.as_ref().unwrap();
    let sheet = Sheet::new(composition, captions);
    let page = paginate(fonts, captions, &sheet, &[]).remove(0);
    let art = PageArt::new(fonts, &page, captions, &sheet).unwrap();
    (page, art)
}

/// The largest difference between drawings patched from state to state and drawings made at once.
fn patching_error(art: &PageArt, states: &[State]) -> u8 {
    let overlay = |state| Overlay::new(&art.whole(state).unwrap(), 0, 0);
    let mut patched = overlay(states[0]);
    let step = |pair: &[State]| {
        let window = art.difference(pair[0], pair[1]);
        let patch = window.map(|window| (art.paint(pair[1], window).unwrap(), window));
        if let Some((patch, window)) = patch {
            patched.patch(&patch, window.left, window.top);
        }
        let mut seen = [YuvImage::black(360, 640), YuvImage::black(360, 640)];
        patched.blend(&mut seen[0], FULL);
        overlay(pair[1]).blend(&mut seen[1], FULL);
        largest_difference(&seen[0], &seen[1])
    };
    states.windows(2).map(step).max().unwrap()
}

#[test]
fn a_patched_caption_equals_one_that_is_drawn_whole() {
    for (tag, text) in SENTENCES {
        let mut fonts = testing::fonts(tag);
        for preset in CaptionPreset::ALL {
            let composition = composition(tag, text, preset, SafeArea::Frame);
            let (page, art) = art(&mut fonts, &composition);
            let states = [0.0, 40.0, 180.0, 310.0, 500.0, 640.0, 900.0, 320.0]
                .map(|now_ms| State::at(&page, preset, now_ms));
            let off = patching_error(&art, &states);
            assert!(off <= ROUNDING, "{tag} {preset:?}: {off}");
        }
    }
}

/// Left, top, right and bottom of everything bright on the frames.
fn bright_box(frames: &[YuvImage]) -> [f64; 4] {
    let lit = frames.iter().flat_map(|frame| {
        let [luma, ..] = frame.planes();
        let width = frame.width;
        let lit = luma.iter().enumerate().filter(|(_, luma)| **luma > 40);
        lit.map(move |(place, _)| (real(place % width), real(place / width)))
    });
    let empty = [f64::INFINITY, f64::INFINITY, 0.0, 0.0];
    lit.fold(empty, |[left, top, right, bottom], (x, y)| {
        [left.min(x), top.min(y), right.max(x + 1.0), bottom.max(y + 1.0)]
    })
}

#[test]
fn no_preset_leaves_its_safe_area_in_any_script() {
    for (tag, text) in SENTENCES {
        let mut fonts = testing::fonts(tag);
        for preset in CaptionPreset::ALL {
            for area in [SafeArea::Frame, SafeArea::Reels, SafeArea::Shorts] {
                let composition = composition(tag, text, preset, area);
                let [left, top, right, bottom] = area.limits((360, 640));
                let lit = bright_box(&frames(&composition, &mut fonts));
                let inside = lit[0] >= left.floor() && lit[1] >= top.floor();
                let within = lit[2] <= right.ceil() && lit[3] <= bottom.ceil();
                assert!(inside && within, "{tag} {preset:?} {area:?}: {lit:?}");
                assert!(
                    lit[2] - lit[0] > 40.0 && lit[3] - lit[1] > 12.0,
                    "{tag} {preset:?}: {lit:?}"
                );
            }
        }
    }
}

#[test]
fn the_presets_look_different() {
    let mut fonts = testing::fonts("en");
    let looks: Vec<YuvImage> = CaptionPreset::ALL
        .map(|preset| {
            frames(
                &composition("en", SENTENCES[0].1, preset, SafeArea::Frame),
                &mut fonts,
            )
            .remove(15)
        })
        .into();
    for (number, look) in looks.iter().enumerate() {
        assert!(
            looks.iter().skip(number + 1).all(|other| other != look),
            "{number}"
        );
    }
}

#[test]
fn a_word_that_pops_hides_no_letter_beside_it() {
    for tag in ["en", "zh", "ja", "th"] {
        let mut fonts = testing::fonts(tag);
        let (_, sentence) = SENTENCES.iter().find(|(known, _)| *known == tag).unwrap();
        let composition = composition(tag, sentence, CaptionPreset::Pop, SafeArea::Frame);
        let (_, art) = art(&mut fonts, &composition);
        // Pixels of a word that are as white as its letters.
        let white = |state: State, word: &WordShape| {
            let drawing = art.whole(state).unwrap();
            let [left, top, width, height] = word.area;
            let inside =
                |x: f32, y: f32| (left..left + width).contains(&x) && (top..top + height).contains(&y);
            let pixels = drawing.pixels().iter().enumerate();
            let place = |at: usize| {
                let columns = usize::try_from(drawing.width()).unwrap();
                (single(real(at % columns)), single(real(at / columns)))
            };
            pixels
                .filter(|(at, pixel)| {
                    let (x, y) = place(*at);
                    inside(x, y) && pixel.blue() > 200
                })
                .count()
        };
        for popping in 0..art.words.len() {
            for word in art.words.iter().filter(|word| word.number != popping) {
                let (rest, seen) = (
                    white(State::default(), word),
                    (0..6)
                        .map(|step| State {
                            word: Some(popping),
                            step,
                        })
                        .map(|state| white(state, word))
                        .min()
                        .unwrap(),
                );
                assert!(
                    seen * 50 >= rest * 49,
                    "{tag}: {popping} leaves {seen} of {rest} of {}",
                    word.number
                );
            }
        }
    }
}

#[test]
fn karaoke_fills_arabic_from_the_right() {
    let mut fonts = testing::fonts("ar");
    let composition = composition("ar", "العسل", CaptionPreset::Karaoke, SafeArea::Frame);
    let frames = frames(&composition, &mut fonts);
    // Yellow has little blue: its share of the left and of the right half, half way through the word.
    let [_, blue, _] = frames[2].planes();
    let yellow = |from: usize, to: usize| {
        blue.chunks_exact(180)
            .flat_map(|row| &row[from..to])
            .filter(|value| **value < 90)
            .count()
    };
    assert!(yellow(90, 180) > 4 * yellow(0, 90).max(1));
}
