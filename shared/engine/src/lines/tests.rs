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
fn chinese_breaks_between_words_and_never_before_a_full_stop_or_a_particle() {
    assert_eq!(texts("水温是关键。", "zh"), ["水温", "是", "关键。"]);
    assert_eq!(
        texts("如何在家冲泡一杯好咖啡", "zh"),
        // A word that the dictionary does not have is cut as all were before there was one.
        ["如何", "在家", "冲", "泡", "一杯", "好", "咖啡"]
    );
    assert_eq!(texts("蜂蜜的秘密", "zh"), ["蜂蜜的", "秘密"]);
    assert_eq!(
        texts("蜂蜜可以保存一千年不会变质", "zh"),
        ["蜂蜜", "可以", "保存", "一千年", "不会", "变质"]
    );
}

#[test]
fn thai_breaks_between_words_that_are_written_without_spaces() {
    assert_eq!(
        texts("เคล็ดลับการชงกาแฟที่บ้าน", "th"),
        ["เคล็ด", "ลับ", "การ", "ชงกาแฟ", "ที่", "บ้าน"]
    );
    assert_eq!(texts("ทุกวันๆ", "th").last().unwrap().chars().last(), Some('ๆ'));
}

#[test]
fn a_piece_too_wide_for_a_line_is_cut_between_words_before_it_is_cut_inside_of_one() {
    let piece = Piece {
        text: "国際宇宙研究機構".into(),
        spaced: true,
    };
    let count = |piece: &Piece| piece.text.chars().count();
    let words = narrowed(piece.clone(), &mut |piece| count(piece) > 3);
    assert!(
        words.len() > 1 && words.iter().any(|word| count(word) > 1),
        "{words:?}"
    );
    let letters = narrowed(piece.clone(), &mut |piece| count(piece) > 1);
    assert_eq!(letters.len(), count(&piece));
    assert!(letters.last().unwrap().spaced);
}

#[test]
fn japanese_breaks_after_particles() {
    assert_eq!(
        texts("朝の五分で一日が変わる", "ja"),
        ["朝の", "五分で", "一日が", "変わる"]
    );
    // An honorific is written in Hiragana before its word and belongs to it.
    assert_eq!(texts("お金の話", "ja"), ["お金の", "話"]);
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
