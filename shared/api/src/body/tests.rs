//! Tests of `body`.

use domain::ErrorCode;
use domain::settings::SettingsDraft;
use serde::Deserialize;

use super::{check_type, parse};
use crate::BODY_BYTES_MAX;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    #[expect(dead_code, reason = "only its reading is tested")]
    name: String,
    #[expect(dead_code, reason = "only its reading is tested")]
    settings: Option<SettingsDraft>,
    #[expect(dead_code, reason = "only its reading is tested")]
    count: Option<u32>,
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
        (r#"{"name": "a", "count": -5}"#, "count", "range"),
        (r#"{"name": "a", "count": 4294967296}"#, "count", "range"),
        (r#"{"name": "a", "count": "5"}"#, "count", "type"),
    ] {
        let expected = (ErrorCode::ValidationFailed, field.to_owned(), rule.to_owned());
        assert_eq!(refusal(body), expected, "{body}");
    }
}

#[test]
fn a_value_of_the_wrong_kind_is_told_the_right_one() {
    for (body, sentence) in [
        ("[]", "body must be an object"),
        (r#" ["a", null, 1]"#, "body must be an object"),
        (r#""text""#, "body must be an object"),
        (r#"{"name": {}}"#, "name must be a text"),
        (r#"{"name": "a", "settings": ""}"#, "settings must be an object"),
        (r#"{"name": "a", "count": 1.5}"#, "count must be a whole number"),
        (
            r#"{"name": "a", "settings": {"brand": {"colours": "red"}}}"#,
            "settings.brand.colours must be a list",
        ),
    ] {
        assert_eq!(
            parse::<Body>(body.as_bytes()).unwrap_err().public,
            sentence,
            "{body}"
        );
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
fn malformed_json_is_told_by_its_place_and_reason() {
    for (body, line, column, reason) in [
        ("{\n  \"name\": \"a\",\n}", 3, 1, "trailing comma"),
        ("", 1, 0, "EOF while parsing a value"),
        (r#"{"name": 1e400}"#, 1, 14, "number out of range"),
    ] {
        let details = parse::<Body>(body.as_bytes()).unwrap_err().details.unwrap();
        let told = (&details["line"], &details["column"], &details["reason"]);
        assert_eq!(told, (&line.into(), &column.into(), &reason.into()), "{body}");
    }
}

#[test]
fn a_body_is_json_in_utf_8_or_refused_by_its_header() {
    for kind in [
        "application/json",
        "application/json; charset=UTF-8",
        "application/merge-patch+json",
        "APPLICATION/JSON;charset=\"utf-8\"",
    ] {
        assert!(check_type(Some(kind), None).is_ok(), "{kind}");
    }
    assert!(check_type(None, Some("identity")).is_ok());
    for (kind, encoding, header) in [
        (Some("text/plain"), None, "content-type"),
        (Some("application/xml"), None, "content-type"),
        (Some("application/json; charset=utf-16"), None, "content-type"),
        (Some("application/json"), Some("gzip"), "content-encoding"),
    ] {
        let failure = check_type(kind, encoding).unwrap_err();
        assert_eq!(
            failure.code,
            ErrorCode::UnsupportedMediaType,
            "{kind:?} {encoding:?}"
        );
        assert_eq!(failure.details.unwrap()["header"], header);
    }
}

#[test]
fn a_body_that_is_too_large_is_not_read() {
    let body = vec![b' '; BODY_BYTES_MAX + 1];
    assert_eq!(parse::<Body>(&body).unwrap_err().code, ErrorCode::PayloadTooLarge);
}

#[test]
fn the_value_is_never_repeated_in_the_sentence() {
    let failure = parse::<Body>(br#"{"name": ["secret@example.com"]}"#).unwrap_err();
    assert_eq!(failure.public, "name must be a text");
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
