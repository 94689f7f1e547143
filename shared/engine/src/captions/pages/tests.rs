//! Pages of captions: all words, in order, two lines, at their time.

use proptest::prelude::*;

use super::*;
use crate::captions::CaptionTrack;
use crate::captions::look::Look;
use crate::composition::{CaptionPreset, Composition, Scene, Word};
use crate::number::single;
use crate::testing;
use crate::text::TextStyle;

const SHEET: Sheet = Sheet {
    frame: (1080, 1920),
    area: [97.0, 115.0, 886.0, 1_690.0],
    position_pct: 75.0,
    look: Look::of(CaptionPreset::Classic),
    style: TextStyle {
        size: 48.0,
        weight: 700,
        tracking: 0.0,
    },
    line_width: 885.0,
    page_width: 1152.0,
};

fn captions(tag: &str, words: Vec<Word>) -> Captions {
    let document = serde_json::json!({"language": tag, "words": []});
    Captions {
        words,
        ..serde_json::from_value(document).unwrap()
    }
}

/// Words of 300 ms each, without pauses.
fn spoken(text: &str) -> Vec<Word> {
    let times = (0_u64..).step_by(300);
    text.split(' ')
        .zip(times)
        .map(|(word, at)| Word {
            text: word.into(),
            start_ms: at,
            end_ms: at + 300,
        })
        .collect()
}

fn pages(tag: &str, words: Vec<Word>) -> Vec<Page> {
    paginate(&mut testing::fonts(tag), &captions(tag, words), &SHEET, &[])
}

fn lines(page: &Page, tag: &str) -> Vec<String> {
    let language = testing::language(tag);
    page.lines
        .iter()
        .map(|range| line_text(&page.items[range.clone()], &language, 1).0)
        .collect()
}

#[test]
fn a_sentence_is_one_caption_of_even_lines() {
    let pages = pages("en", spoken("Most people get honey completely wrong."));
    assert_eq!(pages.len(), 1);
    assert_eq!(
        lines(&pages[0], "en"),
        ["Most people get honey", "completely wrong."]
    );
}

#[test]
fn a_new_sentence_and_a_pause_begin_a_new_caption() {
    let mut words = spoken("One comes first now. Two is this and three");
    words[8].start_ms += 1_000;
    words[8].end_ms += 1_000;
    let texts: Vec<_> = pages("en", words)
        .iter()
        .map(|page| lines(page, "en").concat())
        .collect();
    assert_eq!(texts, ["One comes first now.", "Two is this and", "three"]);
}

#[test]
fn a_chinese_sentence_given_as_one_word_is_cut_and_timed() {
    let text = "如何在家冲泡一杯好咖啡水温是关键九十二到九十六度之间最合适。";
    let pages = pages(
        "zh",
        vec![Word {
            text: text.into(),
            start_ms: 1_000,
            end_ms: 7_000,
        }],
    );
    assert!(pages.len() > 1);
    let all: String = pages.iter().flat_map(|page| lines(page, "zh")).collect();
    assert_eq!(all, text);
    assert_eq!(pages[0].start_ms, 1_000);
    assert!(pages[1].start_ms > 2_500 && pages[1].start_ms < 5_500);
}

#[test]
fn a_chinese_word_that_the_voice_names_stays_whole() {
    let pages = pages("zh", spoken("蜂蜜 可以 保存 一千年。"));
    let texts: Vec<_> = pages[0].items.iter().map(|item| item.text.as_str()).collect();
    assert_eq!(texts, ["蜂蜜", "可以", "保存", "一千年。"]);
}

#[test]
fn a_word_wider_than_the_frame_is_cut_rather_than_lost() {
    let word = "x".repeat(120);
    let pages = pages(
        "en",
        vec![Word {
            text: word.clone(),
            start_ms: 0,
            end_ms: 3_000,
        }],
    );
    assert_eq!(
        pages
            .iter()
            .flat_map(|page| lines(page, "en"))
            .collect::<String>(),
        word
    );
}

#[test]
fn a_line_that_begins_with_a_latin_word_keeps_its_arabic_direction() {
    let item = Item {
        text: "iPhone".into(),
        start_ms: 0,
        end_ms: 1,
        spaced: true,
    };
    let (text, ranges) = line_text(&[item], &testing::language("ar"), 1);
    assert!(text.starts_with('\u{200f}'));
    assert_eq!(text.get(ranges[0].clone()), Some("iPhone"));
}

#[test]
fn the_highlight_follows_the_voice_and_rests_in_pauses() {
    let items = [(0, 300), (300, 600), (2_000, 2_300)].map(|(start_ms, end_ms)| Item {
        text: "a".into(),
        start_ms,
        end_ms,
        spaced: true,
    });
    let page = Page {
        items: items.to_vec(),
        lines: once(0..3).collect(),
        start_ms: 0,
        end_ms: 2_500,
    };
    let active: Vec<_> = [0.0, 299.0, 300.0, 700.0, 2_100.0, 2_400.0]
        .map(|now| page.active(now))
        .to_vec();
    assert_eq!(active, [Some(0), Some(0), Some(1), None, Some(2), None]);
}

#[test]
fn a_caption_stays_until_the_next_one_when_that_is_near() {
    let pages = pages("en", spoken("One comes right here. Two comes after it."));
    assert_eq!(pages[0].end_ms, pages[1].start_ms);
    assert_eq!(pages[1].end_ms, 2_400 + LINGER_MS);
}

#[test]
fn an_overlay_is_drawn_once_per_change() {
    let track = captions("en", spoken("Hello there"));
    let scene = Scene::new(crate::composition::Visual::Image("a.png".into()), 0, 1_000);
    let document = serde_json::json!({"version": 1, "width": 360, "height": 640, "scenes": [scene]});
    let composition: Composition = serde_json::from_value(document).unwrap();
    let mut fonts = testing::fonts("en");
    let mut track = CaptionTrack::new(&mut fonts, &composition, &track);
    let first = track.at(&mut fonts, 10.0).unwrap();
    let second = track.at(&mut fonts, 43.0).unwrap();
    let third = track.at(&mut fonts, 310.0).unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &second));
    assert!(!std::sync::Arc::ptr_eq(&second, &third));
    assert!(track.at(&mut fonts, 5_000.0).is_none());
    assert_eq!(track.count(), 1);
}

/// The captions as text, lines joined by a bar.
fn shown(tag: &str, words: Vec<Word>, scenes_ms: &[u64]) -> Vec<String> {
    let pages = paginate(&mut testing::fonts(tag), &captions(tag, words), &SHEET, scenes_ms);
    pages.iter().map(|page| lines(page, tag).join("|")).collect()
}

/// C1: "1." / "Wake up early." and "Rust." stood alone for half a second.
#[test]
fn a_word_is_not_alone_on_screen_for_a_blink() {
    let texts = shown(
        "en",
        spoken("1. Wake up early. 2. Drink water. Stop. Then go out."),
        &[],
    );
    assert_eq!(
        texts,
        ["1. Wake up early.", "2. Drink water. Stop.", "Then go out."]
    );
    let texts = shown("en", spoken("You drink one glass of water. Now."), &[]);
    assert_eq!(texts, ["You drink one glass of water. Now."]);
}

/// C6: words of the next scene stood over the image of the one before, up to 2 s early.
#[test]
fn a_scene_without_a_final_mark_ends_its_caption() {
    let words = spoken("Rise with the sun Drink a glass of water Walk for ten minutes");
    let texts = shown("en", words, &[0, 1_150, 2_650]);
    assert_eq!(
        texts,
        [
            "Rise with the sun",
            "Drink a glass of water",
            "Walk for ten minutes"
        ]
    );
}

/// C5 and C16: "Recomme" / "ndations", and an address over four captions.
#[test]
fn a_long_word_is_on_one_caption_and_cut_at_a_syllable_or_a_mark_at_most_once() {
    for (text, tag) in [
        (
            "We love Recommendationsandresponsibilitiesofentrepreneurship now.",
            "en",
        ),
        (
            "Go to https://www.example.com/a/very/long/path?with=query&and=more now.",
            "en",
        ),
        (
            "Эти высокопревосходительствующиедостопримечательности здесь.",
            "ru",
        ),
    ] {
        let long = text.split(' ').max_by_key(|word| word.len()).unwrap();
        let texts = shown(tag, spoken(text), &[]);
        let whole = |caption: &String| caption.replace("-|", "").replace('|', "").contains(long);
        assert!(texts.iter().any(whole), "{texts:?}");
    }
}

/// C7: "￥ 2, 480." / "50，…14: 30", with blanks added.
#[test]
fn chinese_numbers_are_whole_and_no_blank_is_added() {
    let words = spoken("原价 ￥2,480.50， 今天 14:30 开始 打 85折。");
    assert_eq!(
        shown("zh", words, &[]).concat().replace('|', ""),
        "原价￥2,480.50，今天14:30开始打85折。"
    );
}

/// C9: "I  this  idea ."
#[test]
fn an_emoji_leaves_no_hole() {
    let words = ["I ❤️", "this 🔥", "idea 🔥."]
        .into_iter()
        .zip((0..).step_by(500));
    let words = words.map(|(text, at)| Word {
        text: text.into(),
        start_ms: at,
        end_ms: at + 500,
    });
    assert_eq!(shown("en", words.collect(), &[]), ["I this idea."]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_text_panics_and_nothing_overlaps(
        words in prop::collection::vec(("\\PC{1,24}", 0_u64..900, 0_u64..1_500), 0..24),
        tag in prop::sample::select(vec!["en", "ko", "zh", "ja", "ar", "th", "hi"]),
        line_width in 60.0..900.0_f64,
    ) {
        let mut now = 0;
        let words = words.into_iter().map(|(text, pause, length)| {
            now += pause;
            Word { text, start_ms: now, end_ms: now + length }
        }).collect();
        let sheet = Sheet { line_width: single(line_width), page_width: single(line_width * 1.8), ..SHEET };
        let pages = paginate(&mut testing::fonts(tag), &captions(tag, words), &sheet, &[]);
        for page in &pages {
            prop_assert!(page.lines.len() <= LINES_MAX && !page.items.is_empty());
            prop_assert_eq!(page.lines.last().unwrap().end, page.items.len());
        }
        for pair in pages.windows(2) {
            prop_assert!(pair[0].start_ms <= pair[1].start_ms);
        }
    }
}
