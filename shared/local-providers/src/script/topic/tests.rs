//! Templates and the words in them.

use super::*;

#[test]
fn a_form_that_ends_a_sentence_swallows_the_mark_behind_it() {
    let forms = [("Topic", "Is coffee healthy?".to_owned())];
    assert_eq!(
        fill("{Topic}: here is the short version.", &forms),
        "Is coffee healthy? Here is the short version."
    );
    assert_eq!(
        fill("What about {Topic}?", &forms),
        "What about Is coffee healthy?"
    );
}

#[test]
fn capitals_inside_a_word_are_kept() {
    assert_eq!(capitalised("iPhone tips"), "iPhone tips");
    assert_eq!(capitalised("пчёлы"), "Пчёлы");
    assert_eq!(lower_first("NASA missions"), "NASA missions");
    assert_eq!(lower_first("How bees"), "how bees");
}

#[test]
fn a_number_counts_only_before_what_it_counts() {
    assert_eq!(number_before("수면을 위한 5가지 팁", &["가지"]), Some(5));
    assert_eq!(number_before("7 советов для сна", &["совет"]), Some(7));
    assert_eq!(number_before("2026년 여행", &["가지"]), None);
}

#[test]
fn a_long_text_is_cut_at_a_word() {
    assert_eq!(shortened("one two three four", 12), "one two…");
    assert_eq!(shortened("일이삼사오육칠팔구십", 6), "일이삼사오…");
    assert_eq!(shortened("short", 12), "short");
}
