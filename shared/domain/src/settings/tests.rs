//! Settings hold every rule or do not exist.

use super::*;
use crate::Patch;

fn draft() -> SettingsDraft {
    SettingsDraft {
        keyword: Some("How bees make honey".to_owned()),
        ..SettingsDraft::default()
    }
}

fn refusal(draft: SettingsDraft) -> (String, &'static str) {
    let invalid = Settings::parse(draft, Language::English).unwrap_err();
    (invalid.field, invalid.rule)
}

#[test]
fn absent_parts_take_their_defaults() {
    let settings = Settings::parse(draft(), Language::Korean).unwrap();
    assert_eq!(settings.language, Language::Korean);
    assert_eq!((settings.duration_s, settings.speed_percent), (30, 100));
    assert_eq!(settings.aspect.pixels(), (1080, 1920));
}

#[test]
fn each_wrong_part_is_refused_by_its_name() {
    let with = |change: fn(&mut SettingsDraft)| {
        let mut d = draft();
        change(&mut d);
        refusal(d)
    };
    assert_eq!(with(|d| d.keyword = None), ("keyword".to_owned(), "required"));
    assert_eq!(
        with(|d| d.keyword = Some(" \n ".to_owned())),
        ("keyword".to_owned(), "required")
    );
    assert_eq!(
        with(|d| d.keyword = Some("x".repeat(10_000))),
        ("keyword".to_owned(), "too_long")
    );
    assert_eq!(
        with(|d| d.keyword = Some("a\u{7}b".to_owned())),
        ("keyword".to_owned(), "control_character")
    );
    assert_eq!(
        with(|d| d.tone = Some("angry".to_owned())),
        ("tone".to_owned(), "unknown_value")
    );
    assert_eq!(
        with(|d| d.language = Some("xx".to_owned())),
        ("language".to_owned(), "unknown_value")
    );
    assert_eq!(
        with(|d| d.duration_s = Some(0_i64)),
        ("duration_s".to_owned(), "range")
    );
    assert_eq!(
        with(|d| d.duration_s = Some(4000_i64)),
        ("duration_s".to_owned(), "range")
    );
    assert_eq!(
        with(|d| d.aspect = Some("4:3".to_owned())),
        ("aspect".to_owned(), "unknown_value")
    );
    assert_eq!(with(|d| d.speed = Some(f64::NAN)), ("speed".to_owned(), "range"));
    assert_eq!(with(|d| d.speed = Some(0.1_f64)), ("speed".to_owned(), "range"));
}

#[test]
fn a_keyword_in_any_script_is_normalised_not_cut() {
    assert_eq!(
        Keyword::parse("  여름  휴가 짐 싸기 ").unwrap().as_str(),
        "여름 휴가 짐 싸기"
    );
    assert_eq!(
        Keyword::parse("كيف يصنع النحل العسل").unwrap().as_str(),
        "كيف يصنع النحل العسل"
    );
    // Decomposed jamo become the syllable that fonts and caches know.
    assert_eq!(Keyword::parse("\u{1112}\u{1161}\u{11ab}").unwrap().as_str(), "한");
}

#[test]
fn a_topic_of_emoji_or_signs_alone_can_be_neither_spoken_nor_drawn() {
    for text in ["🔥🔥🔥", "👩\u{200d}🚀", "?!", "—"] {
        assert_eq!(Keyword::parse(text).unwrap_err().rule, "letters", "{text:?}");
    }
    for text in ["🔥 5", "C++", "꿀", "我"] {
        assert!(Keyword::parse(text).is_ok(), "{text:?}");
    }
}

#[test]
fn a_patch_changes_only_what_it_names() {
    let first = Settings::parse(
        SettingsDraft {
            speed: Some(1.25_f64),
            ..draft()
        },
        Language::English,
    )
    .unwrap();
    let change = SettingsChange {
        tone: Patch::Set("humorous".to_owned()),
        ..SettingsChange::default()
    };
    let second = first.changed(change, Language::Korean).unwrap();
    assert_eq!(
        second,
        Settings {
            tone: Tone::Humorous,
            ..first
        }
    );
}

#[test]
fn null_takes_every_setting_back_to_its_default() {
    let changed = SettingsDraft {
        tone: Some("professional".to_owned()),
        language: Some("ru".to_owned()),
        duration_s: Some(60_i64),
        aspect: Some("1:1".to_owned()),
        voice_id: Some("local-ru-male-1".to_owned()),
        speed: Some(1.5_f64),
        template: Some("bold".to_owned()),
        ..draft()
    };
    let settings = Settings::parse(changed, Language::Korean).unwrap();
    let change = |json: &str| {
        let change: SettingsChange = serde_json::from_str(json).unwrap();
        settings.changed(change, Language::Korean)
    };
    let nothing = r#"{"tone":null,"language":null,"duration_s":null,"aspect":null,"voice_id":null,"speed":null,
        "template":null,"brand":null}"#;
    let fresh = Settings::parse(draft(), Language::Korean).unwrap();
    assert_eq!(change(nothing).unwrap(), fresh);
    assert_eq!(change(r#"{"voice_id":null}"#).unwrap().voice_id, None);
    assert_eq!(change("{}").unwrap(), settings);
    assert_eq!(change(r#"{"keyword":null}"#).unwrap_err().rule, "required");
}

#[test]
fn a_character_that_turns_the_text_around_it_is_refused_and_right_to_left_letters_are_not() {
    for turned in ["a\u{202e}gpj.exe", "a\u{2066}b", "\u{202a}x", "x\u{2069}"] {
        assert_eq!(
            Keyword::parse(turned).unwrap_err().rule,
            "control_character",
            "{turned:?}"
        );
        assert_eq!(
            parse_line(turned, "name", 80).unwrap_err().rule,
            "control_character"
        );
    }
    for kept in ["שלום", "مي\u{200c}خواهم"] {
        assert_eq!(Keyword::parse(kept).unwrap().as_str(), kept);
    }
}

#[test]
fn the_request_language_is_the_first_that_we_speak() {
    assert_eq!(
        Language::from_accept_language("fr-CA,ko-KR;q=0.9,en;q=0.8"),
        Language::Korean
    );
    assert_eq!(Language::from_accept_language("*"), Language::English);
}

#[test]
fn a_keyword_that_nobody_can_see_is_an_empty_one() {
    for text in ["\u{200b}", " \u{feff} \u{200d}", "\u{3164}", "\u{202e}\u{2066}"] {
        assert_eq!(Keyword::parse(text).unwrap_err().rule, "required", "{text:?}");
    }
    for text in ["مي\u{200c}خواهم", "👩\u{200d}🚀 jobs", "여름 휴가"] {
        assert_eq!(Keyword::parse(text).unwrap().as_str(), text);
    }
}

#[test]
fn a_template_is_chosen_kept_by_a_patch_and_refused_by_its_name() {
    let named = |name: &str| SettingsDraft {
        template: Some(name.to_owned()),
        ..draft()
    };
    assert_eq!(refusal(named("neon")), ("template".to_owned(), "unknown_value"));
    let settings = Settings::parse(named("bold"), Language::English).unwrap();
    assert_eq!(settings.template, Template::Bold);
    let change = |json: &str| {
        let change = serde_json::from_str(json).unwrap();
        settings.changed(change, Language::English).unwrap().template
    };
    assert_eq!(change("{}"), Template::Bold);
    assert_eq!(change(r#"{"template":"default"}"#), Template::Default);
    assert_eq!(change(r#"{"template":null}"#), Template::Default);
}

#[test]
fn settings_from_before_there_were_templates_have_the_usual_one() {
    let settings = Settings::parse(draft(), Language::English).unwrap();
    let stored = serde_json::to_value(&settings).unwrap();
    assert_eq!(stored.get("template"), None);
    assert_eq!(serde_json::from_value::<Settings>(stored).unwrap(), settings);
}
