//! Language tags: what is one, and what it decides.

use super::*;

#[test]
fn tags_are_checked_and_lowered() {
    assert_eq!(
        Language::parse("zh-TW").map(|language| language.to_string()),
        Some("zh-tw".to_owned())
    );
    for wrong in [
        "",
        "e",
        "english-language-of-the-world-and-more",
        "en_US",
        "en-",
        "1n",
        "日本",
    ] {
        assert_eq!(Language::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn each_reader_gets_the_han_shapes_of_home() {
    let tag = |text: &str| Language::parse(text).unwrap().han_tag();
    assert_eq!(tag("zh"), *b"ZHS ");
    assert_eq!(tag("zh-TW"), *b"ZHT ");
    assert_eq!(tag("zh-Hant-HK"), *b"ZHT ");
    assert_eq!(tag("ja"), *b"JAN ");
    assert_eq!(tag("ko-KR"), *b"KOR ");
}

#[test]
fn arabic_and_hebrew_run_from_the_right() {
    for (tag, expected) in [
        ("ar", true),
        ("he-IL", true),
        ("fa", true),
        ("en", false),
        ("ko", false),
    ] {
        assert_eq!(
            Language::parse(tag).unwrap().is_right_to_left(),
            expected,
            "{tag}"
        );
    }
}
