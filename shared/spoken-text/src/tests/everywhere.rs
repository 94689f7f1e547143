//! What holds for every text.

use super::*;

const ODD: [&str; 12] = [
    "100% of $5 — 24/7 @ 3:00 #1 & 5+5=10 ½ ②  １２３",
    "🔥🔥🔥",
    "1️⃣ 2️⃣",
    "**a** _b_ ~~c~~ `d` > e < f",
    "https://x.io/?q=1&r=2#z",
    "-1 −2 +3 ±4 ~5 5° 5′",
    "007 1234567890123456789 1.2.3.4",
    "Ⅷ ℃ № © ™ 2²",
    "3 טיפים",
    "אוהב iPhone 15",
    "\u{202e}12\u{202c}",
    "a\u{301}5",
];
const LANGUAGES: [Language; 4] = [
    Language::English,
    Language::Korean,
    Language::Chinese,
    Language::Russian,
];

#[test]
fn no_digit_and_no_sign_is_left_for_a_voice_to_name() {
    for text in ODD {
        for language in LANGUAGES {
            let spoken = spoken(text, language).text;
            let left: Vec<char> = spoken
                .chars()
                .filter(|letter| letter.is_ascii_digit() || "$€£¥₩₽%#&@*_=~`|<>/\\^°+🔥️©™".contains(*letter))
                .collect();
            assert!(left.is_empty(), "{language}: {text} -> {spoken}");
        }
    }
}

#[test]
fn the_stretches_cover_both_texts_and_the_way_back_never_turns_around() {
    for text in ODD
        .iter()
        .chain(&["Sales grew to $2.3 billion in 1887.", "사과 3개", "今天14:30"])
    {
        for language in LANGUAGES {
            let spoken = spoken(text, language);
            let (mut shown, mut said) = (0, 0);
            for span in &spoken.spans {
                assert_eq!((span.shown.start, span.spoken.start), (shown, said), "{text}");
                (shown, said) = (span.shown.end, span.spoken.end);
            }
            assert_eq!(
                (shown, said),
                (text.chars().count(), spoken.text.chars().count()),
                "{text}"
            );
            let places: Vec<usize> = (0..=said).map(|at| spoken.shown_at(at)).collect();
            assert!(places.is_sorted(), "{text}: {places:?}");
        }
    }
}

#[test]
fn a_text_in_words_stays_as_it_is() {
    for (text, language) in [
        (
            "Most people get honey wrong. It never spoils — at all!",
            Language::English,
        ),
        ("꿀은 상하지 않습니다. “정말?”", Language::Korean),
        ("蜂蜜不会变质。", Language::Chinese),
        ("Мёд не портится…", Language::Russian),
    ] {
        assert_eq!(spoken(text, language).text, text);
    }
}

#[test]
fn a_spoken_word_leads_back_to_the_shown_one() {
    let text = "Sales grew to $2.3 billion in 1887.";
    let spoken = spoken(text, Language::English);
    let at = |word: &str| place(&spoken.text, word);
    let shown = |word: &str| place(text, word);
    assert_eq!(spoken.shown_at(at("two point")), shown("$2.3"));
    assert_eq!(spoken.shown_at(at("in eighteen")), shown("in 1887"));
    assert_eq!(spoken.shown_at(at("eighteen")), shown("1887"));
    assert_eq!(spoken.shown_at(at("billion")), shown("billion"));
}

/// Characters before a word.
fn place(text: &str, word: &str) -> usize {
    text.split_once(word).unwrap().0.chars().count()
}
