//! Ends of sentences.

use super::*;

/// The sentences of a text, joined by a bar.
fn cut(text: &str) -> String {
    let items: Vec<Item> = text
        .split(' ')
        .map(|word| Item {
            text: word.to_owned(),
            start_ms: 0,
            end_ms: 0,
            spaced: true,
        })
        .collect();
    let ends = ends(&items);
    let words = items
        .iter()
        .zip(ends)
        .map(|(item, end)| format!("{}{}", item.text, if end { "|" } else { " " }));
    words.collect()
}

#[test]
fn a_caption_does_not_end_at_an_abbreviation_an_initial_or_a_list_number() {
    for (text, wanted) in [
        (
            "Let's get into C++ vs. Rust. Now.",
            "Let's get into C++ vs. Rust.|Now.|",
        ),
        (
            "1. Wake up early. 2. Drink water.",
            "1. Wake up early.|2. Drink water.|",
        ),
        (
            "J. K. Rowling lives near Washington D.C. in Jan. 2025. She writes.",
            "J. K. Rowling lives near Washington D.C. in Jan. 2025.|She writes.|",
        ),
        (
            "в г. Казань на ул. Мира живёт. Да.",
            "в г. Казань на ул. Мира живёт.|Да.|",
        ),
        ("Это было в 2025 г. Он ушёл.", "Это было в 2025 г.|Он ушёл.|"),
        (
            "Dr. Seuss said \"no.\" Then e.g. this at 3.5 percent.",
            "Dr. Seuss said \"no.\"|Then e.g. this at 3.5 percent.|",
        ),
        (
            "So do I. Then what? Go to example.com now.",
            "So do I.|Then what?|Go to example.com now.|",
        ),
        ("Wait… What? wait… what", "Wait…|What?|wait… what|"),
        ("정말 좋아요. 다음은 이것. 끝", "정말 좋아요.|다음은 이것.|끝|"),
    ] {
        assert_eq!(cut(text), wanted);
    }
}
