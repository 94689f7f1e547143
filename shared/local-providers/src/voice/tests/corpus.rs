//! Odd texts of strangers in four languages: what is shown of them, word by word.

use std::collections::BTreeMap;

use domain::settings::Language;
use engine::{Captions, Composition, Cue, Tools, subtitles};
use serde_json::json;

use super::{brief, check, spoken};
use crate::testing::tools;

/// The texts by language; `make bench-captions` listens to the same.
const TEXTS: &str = include_str!("../../../testdata/odd_texts.json");

/// What is wrong with the captions of a text.
#[derive(Debug, Default)]
struct Faults {
    lost_characters: usize,
    torn_words: usize,
    shortest_cue_ms: u64,
}

async fn faults(language: Language, text: &str, preset: &str) -> Faults {
    let brief = brief(language, &[text]);
    let speech = spoken(&brief).await;
    check(&speech, &brief);
    let words: Vec<_> = speech
        .words
        .iter()
        .map(|word| json!({"text": word.text.trim(), "start_ms": word.start_ms, "end_ms": word.end_ms}))
        .collect();
    let captions: Captions =
        serde_json::from_value(json!({"language": language, "preset": preset, "words": words})).unwrap();
    let document = json!({
        "version": 1, "width": 1080, "height": 1920, "captions": captions,
        "scenes": [{"card": {"top": "#1b4332", "foot": "#d8f3dc"}, "start_ms": 0, "duration_ms": speech.duration_ms}],
    });
    let composition = Composition::from_json(&document.to_string()).unwrap();
    let tools = tools();
    let tools = Tools {
        ffmpeg: tools.ffmpeg,
        fonts_dir: tools.fonts_dir,
    };
    let cues = subtitles(&tools, &composition).unwrap().cues;
    let letters = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).count();
    let shown: usize = cues
        .iter()
        .flat_map(|cue| &cue.lines)
        .map(|line| letters(line))
        .sum();
    Faults {
        lost_characters: letters(text).abs_diff(shown),
        torn_words: speech
            .words
            .iter()
            .filter(|word| is_torn(&word.text, &cues))
            .count(),
        // A text of one word has nothing to be joined to.
        shortest_cue_ms: cues
            .iter()
            .map(|cue| cue.end_ms - cue.start_ms)
            .min()
            .unwrap_or(0),
    }
}

/// Whether no caption has the whole word.
fn is_torn(word: &str, cues: &[Cue]) -> bool {
    let bare = |text: &str| -> String { text.chars().filter(|letter| letter.is_alphanumeric()).collect() };
    let word = bare(word);
    !cues.iter().any(|cue| bare(&cue.lines.concat()).contains(&word))
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the figures are read with `--nocapture`")]
async fn no_character_is_lost_no_word_torn_and_no_caption_too_short_to_read() {
    let mut all = Faults {
        shortest_cue_ms: u64::MAX,
        ..Faults::default()
    };
    let mut wrong = Vec::new();
    let texts: BTreeMap<Language, Vec<String>> = serde_json::from_str(TEXTS).unwrap();
    let texts: Vec<_> = texts
        .iter()
        .flat_map(|(language, texts)| texts.iter().map(move |text| (*language, text)))
        .collect();
    assert!(texts.len() > 40, "{} texts", texts.len());
    for ((language, text), preset) in texts.into_iter().zip(["classic", "pop"].into_iter().cycle()) {
        let found = faults(language, text, preset).await;
        // An address that fills a caption leaves the words before it alone: they are not counted as short.
        let fills_caption = text.split(' ').any(|word| word.len() > 50 && word.is_ascii());
        let short = found.shortest_cue_ms < 800 && !fills_caption;
        if found.lost_characters > 0 || found.torn_words > 0 || short {
            wrong.push(format!("{text} ({preset}): {found:?}"));
        }
        all.lost_characters += found.lost_characters;
        all.torn_words += found.torn_words;
        if !fills_caption {
            all.shortest_cue_ms = all.shortest_cue_ms.min(found.shortest_cue_ms);
        }
    }
    println!("captions.lost_characters {}", all.lost_characters);
    println!("captions.torn_words {}", all.torn_words);
    println!("captions.shortest_cue_ms {}", all.shortest_cue_ms);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
