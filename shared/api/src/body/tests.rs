//! Tests of `body`.

use domain::ErrorCode;
use domain::settings::SettingsDraft;
use serde::Deserialize;

use super::parse;
use crate::BODY_BYTES_MAX;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    #[expect(dead_code, reason = "only its reading is tested")]
    name: String,
    #[expect(dead_code, reason = "only its reading is tested")]
    settings: Option<SettingsDraft>,
}

/// Code, field and rule of a refused body.
fn refusal(body: &str) -> (ErrorCode, String, String) {
    let failure = parse::<Body>(body.as_bytes()).unwrap_err();
    let details = failure.details.unwrap_or_default();
    let text = |name: &str| details[name].as_str().unwrap_or_default().to_owned();
    (failure.code, text("field"), text("rule"))
}

#[test]
fn each_mistake_is_told_by_its_field_and_rule() {
    for (body, field, rule) in [
        (r"{}", "name", "required"),
        (r#"{"name": 7}"#, "name", "type"),
        (r#"{"name": "a", "colour": 1}"#, "colour", "unknown_field"),
        (r#"{"name": "a", "name": "b"}"#, "name", "duplicate"),
        (
            r#"{"name": "a", "settings": {"tonne": "x"}}"#,
            "settings.tonne",
            "unknown_field",
        ),
        (
            r#"{"name": "a", "settings": {"keyword": 7}}"#,
            "settings.keyword",
            "type",
        ),
        (
            r#"{"name": "a", "settings": {"duration_s": 1.5}}"#,
            "settings.duration_s",
            "type",
        ),
        (
            r#"{"name": "a", "settings": {"brand": {"colours": "red"}}}"#,
            "settings.brand.colours",
            "type",
        ),
        (r#""text""#, "body", "type"),
    ] {
        let expected = (ErrorCode::ValidationFailed, field.to_owned(), rule.to_owned());
        assert_eq!(refusal(body), expected, "{body}");
    }
}

#[test]
fn what_is_not_json_is_malformed() {
    for body in ["", "{", "name=a", r#"{"name": "a"} {}"#, "\u{feff}{}"] {
        assert_eq!(refusal(body).0, ErrorCode::MalformedJson, "{body}");
    }
    let not_text = parse::<Body>(&[b'"', 0xff, b'"']).unwrap_err();
    assert_eq!(not_text.code, ErrorCode::MalformedJson);
}

#[test]
fn a_body_that_is_too_large_is_not_read() {
    let body = vec![b' '; BODY_BYTES_MAX + 1];
    assert_eq!(parse::<Body>(&body).unwrap_err().code, ErrorCode::PayloadTooLarge);
}

#[test]
fn the_value_is_never_repeated_in_the_sentence() {
    let failure = parse::<Body>(br#"{"name": ["secret@example.com"]}"#).unwrap_err();
    assert_eq!(failure.public, "name has the wrong type");
    let failure = parse::<Body>(br#"{"name": "a", "settings": "hunter2"}"#).unwrap_err();
    assert!(!failure.public.contains("hunter2"), "{}", failure.public);
}

#[test]
fn the_value_is_in_no_cause_that_a_log_would_print() {
    for body in [
        r#"{"name": ["hunter2"]}"#,
        r#"{"name": "a", "settings": "hunter2"}"#,
        r#""hunter2""#,
        r#"{"name": "hunter2"#,
    ] {
        let failure = parse::<Body>(body.as_bytes()).unwrap_err();
        assert!(!format!("{failure:?}").contains("hunter2"), "{body}");
    }
}
