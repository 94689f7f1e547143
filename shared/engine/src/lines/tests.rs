//! Line breaks: where, how many, how even.

use proptest::prelude::*;

use super::*;

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

fn texts(text: &str, tag: &str) -> Vec<String> {
    pieces(text, &language(tag))
        .into_iter()
        .map(|piece| piece.text)
        .collect()
}

fn measures(widths: &[f32]) -> Vec<Measure> {
    widths
        .iter()
        .map(|width| Measure {
            width: *width,
            gap: 1.0,
        })
        .collect()
}

#[test]
fn korean_breaks_at_spaces_and_not_inside_of_words() {
    assert_eq!(texts("여름 휴가 짐 싸기", "ko"), ["여름", "휴가", "짐", "싸기"]);
}

#[test]
fn chinese_breaks_between_characters_but_never_before_a_full_stop() {
    assert_eq!(texts("水温是关键。", "zh"), ["水", "温", "是", "关", "键。"]);
}

#[test]
fn japanese_breaks_after_particles() {
    assert_eq!(
        texts("朝の五分で一日が変わる", "ja"),
        ["朝の", "五分で", "一日が", "変わる"]
    );
}

#[test]
fn a_russian_text_keeps_its_words_whole() {
    assert_eq!(texts("Почему так, друзья?", "ru"), ["Почему", "так,", "друзья?"]);
}

#[test]
fn two_lines_are_as_even_as_can_be() {
    let items = measures(&[10.0, 10.0, 10.0, 10.0]);
    assert_eq!(balance(&items, 34.0, 2), Some(vec![0..2, 2..4]));
}

#[test]
fn what_does_not_fit_is_refused() {
    assert_eq!(balance(&measures(&[50.0]), 40.0, 9), None);
    assert_eq!(balance(&measures(&[30.0, 30.0, 30.0]), 40.0, 2), None);
    assert_eq!(balance(&[], 40.0, 2), Some(vec![]));
}

#[test]
fn chinese_words_are_joined_without_and_latin_words_with_a_space() {
    assert!(joins_without_space("你", "好"));
    assert!(joins_without_space("你好", "。"));
    assert!(!joins_without_space("hello", "world"));
    assert!(!joins_without_space("여름", "휴가"));
    assert!(!joins_without_space("iPhone", "手机"));
}

#[test]
fn a_wide_piece_is_cut_into_graphemes_that_add_up_to_it() {
    let piece = Piece {
        text: "e\u{301}ผึ้ง".into(),
        spaced: true,
    };
    let parts = graphemes(&piece);
    assert_eq!(
        parts.iter().map(|part| part.text.as_str()).collect::<String>(),
        piece.text
    );
    assert_eq!(parts.first().unwrap().text, "e\u{301}");
    assert!(parts.last().unwrap().spaced);
}

proptest! {
    #[test]
    fn lines_cover_every_item_once_and_keep_their_width(
        widths in prop::collection::vec(1.0_f32..60.0, 0..60),
        width_max in 60.0_f32..200.0,
    ) {
        let items = measures(&widths);
        let lines = balance(&items, width_max, usize::MAX).unwrap();
        let mut next = 0;
        for line in lines {
            prop_assert_eq!(line.start, next);
            next = line.end;
            let own = &items[line];
            let width: f32 = own.iter().map(|item| item.width).sum::<f32>() + crate::number::single(crate::number::real(own.len() - 1));
            prop_assert!(width <= width_max + 0.01);
        }
        prop_assert_eq!(next, items.len());
    }

    #[test]
    fn no_text_is_lost_in_pieces(text in "\\PC{0,40}", tag in prop::sample::select(vec!["en", "ko", "zh", "ja", "ar", "th"])) {
        let kept: String = texts(&text, tag).concat().split_whitespace().collect();
        let given: String = text.split_whitespace().collect();
        prop_assert_eq!(kept, given);
    }
}
