//! Fonts: what is loaded, and that each script has its letters.

use crate::error::EngineError;
use crate::fonts::Fonts;
use crate::testing;
use crate::text::TextStyle;

#[test]
fn every_script_of_the_product_is_drawn_without_a_gap() {
    let mut fonts = testing::fonts("en");
    for text in [
        "Ünïcödé, naïve façade",
        "Достопримечательности",
        "여름 휴가 짐 싸기",
        "如何冲泡咖啡，水温是关键。",
        "かんたんなカレー",
        "العسل الطبيعي؟",
        "דבש טהור",
        "मधुमक्खियाँ",
        "ผึ้งทำน้ำผึ้ง",
    ] {
        assert_eq!(fonts.drawable(text), text);
        let line = fonts.shape(text, TextStyle::new(40.0, 700));
        assert!(line.width > 60.0, "{text}");
        assert!(line.outline(&(0..usize::MAX), 0.0, 0.0).is_some(), "{text}");
    }
}

#[test]
fn letters_that_no_font_has_are_left_out_instead_of_shown_as_boxes() {
    let mut fonts = testing::fonts("en");
    assert_eq!(fonts.drawable("Honey 🐝 time"), "Honey time");
    assert_eq!(fonts.drawable("I ❤️ this 🔥 idea 👨‍👩‍👧."), "I this idea.");
    assert_eq!(fonts.drawable("\u{e000}"), "");
}

#[test]
fn a_han_character_takes_the_shape_of_its_reader() {
    let outline = |tag: &str| {
        let line = testing::fonts(tag).shape("直骨", TextStyle::new(100.0, 700));
        line.outline(&(0..usize::MAX), 0.0, 0.0)
            .map(|outline| format!("{outline:?}"))
    };
    let (chinese, japanese, taiwanese) = (outline("zh"), outline("ja"), outline("zh-TW"));
    assert!(chinese.is_some());
    assert_ne!(chinese, japanese);
    assert_ne!(chinese, taiwanese);
}

#[test]
fn a_missing_folder_says_what_to_run() {
    let error = Fonts::load("no/such/folder".as_ref(), &testing::language("en")).unwrap_err();
    assert!(matches!(error, EngineError::ToolMissing { .. }));
    assert!(error.to_string().contains("make tools"));
    let empty = testing::folder();
    assert!(Fonts::load(empty.path(), &testing::language("en")).is_err());
}

#[test]
fn a_broken_font_file_is_passed_over() {
    let folder = testing::folder();
    for broken in [&b"OTTO\0\x01"[..], b"", b"OTTO, longer than the one before"] {
        std::fs::write(folder.path().join("broken.ttf"), broken).unwrap();
        assert!(Fonts::load(folder.path(), &testing::language("zh")).is_err());
    }
}

#[test]
fn fonts_may_travel_between_threads() {
    fn travels<T: Send + Sync>(_: &T) {}
    travels(&testing::fonts("en"));
}
