//! Odd texts of strangers in four languages: what is shown of them, word by word.

use domain::settings::Language;
use engine::{Captions, Composition, Cue, Tools, subtitles};
use serde_json::json;

use super::{brief, check, spoken};
use crate::testing::tools;

const ENGLISH: [&str; 11] = [
    "Sales grew to $2.3 billion, up from £1,250.75 in 1887.",
    "Run 10km in 45min at 12 km/h, 24/7, in 30°C.",
    "Henry VIII and World War I, from 1509-1547.",
    "This is **bold**, and `code`. See [our page](https://example.com/x).",
    "1. Wake up early. 2. Drink water. 3. Go.",
    "J. K. Rowling lives near Washington D.C. in Jan. 2025.",
    "Let's get into C++ vs. Rust.",
    "Recommendations, responsibilities and entrepreneurship.",
    "Go to https://www.example.com/a/very/long/path?with=query&and=more now.",
    "I ❤️ this 🔥 idea. Yes! No. Go.",
    "Top 10 U.S. cities: #1 is 50% off, e.g. No. 5 at 4:30 PM in the 1990s.",
];
const KOREAN: [&str; 10] = [
    "사과 3개, 오후 4:30에 만나요.",
    "가격은 $2.5, ₩15,000, 50% 할인입니다.",
    "10km를 1,250원에 3개월 동안.",
    "2025년 6월 10일. 네. 좋아요.",
    "전화 010-1234-5678 번호로 연락하세요!",
    "1. 물 마시기. 2. 걷기. 3. 자기.",
    "C++와 Rust 중에서 하나를 고르세요 🔥 지금.",
    "**굵게** 쓰고 `코드`도 씁니다.",
    "제2차 세계대전은 1939-1945년이었어요.",
    "여름 휴가 짐 싸기는 생각보다 훨씬 더 쉽고 재미있는 일입니다.",
];
const CHINESE: [&str; 10] = [
    "原价￥2,480.50，今天14:30开始打85折。",
    "每天早上起床以后先喝一杯温水再出门散步半个小时身体会越来越健康",
    "2025年2月2日，2个人，第2次。好。走。",
    "增长50%，气温-5°C，跑10km。",
    "iPhone 15只要$799，太便宜了！",
    "请看https://www.example.com/a/b?c=d谢谢。",
    "我❤️这个🔥主意。",
    "1. 早起。2. 喝水。3. 运动。",
    "关于“How bees”，30秒看懂。",
    "3万人，1.5亿，5-10分钟，1/2。",
];
const RUSSIAN: [&str; 10] = [
    "1 450,50 ₽ в XXI веке, 90 км/ч, 25 °C.",
    "Казань: в г. Казань на ул. Мира, д. 5.",
    "В 1887 году и в 2025 г. стало лучше. Да. Нет.",
    "50% и 1%, 3,5 млн человек, 2 тыс. рублей.",
    "Пётр I и указ Екатерины II.",
    "А. С. Пушкин написал это в 1-й раз.",
    "Достопримечательности и высококвалифицированные специалисты.",
    "1. Встать рано. 2. Выпить воды.",
    "Это **жирно** и 🔥 горячо, см. example.com.",
    "От 3 до 7 минут, более 100 человек, и т. д.",
];

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
    let texts = [
        (Language::English, &ENGLISH[..]),
        (Language::Korean, &KOREAN[..]),
        (Language::Chinese, &CHINESE[..]),
        (Language::Russian, &RUSSIAN[..]),
    ];
    let texts = texts
        .into_iter()
        .flat_map(|(language, texts)| texts.iter().map(move |text| (language, text)));
    for ((language, text), preset) in texts.zip(["classic", "pop"].into_iter().cycle()) {
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
