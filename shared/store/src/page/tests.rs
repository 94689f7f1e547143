//! Tests of `page`.

use super::{Cursor, PageRequest};
use crate::StoreError;

const ANN: &str = "ACCT#acct_00000000000000000000000001";
const BOB: &str = "ACCT#acct_00000000000000000000000002";

#[test]
fn a_cursor_leads_back_to_its_key() {
    let cursor = Cursor::after("projects", ANN, "PRJ#x");
    assert_eq!(cursor.sort_key("projects", ANN).unwrap(), "PRJ#x");
}

#[test]
fn a_cursor_of_another_list_account_or_spelling_is_refused() {
    let cursor = Cursor::after("projects", ANN, "PRJ#x");
    let is_refused = |result: Result<String, StoreError>| matches!(result, Err(StoreError::InvalidCursor));
    assert!(is_refused(cursor.sort_key("projects:ready", ANN)));
    assert!(is_refused(cursor.sort_key("projects", BOB)));
    for place in 0..cursor.as_str().len() {
        let mut text = cursor.as_str().to_owned();
        let other = if text.get(place..=place) == Some("A") {
            "B"
        } else {
            "A"
        };
        text.replace_range(place..=place, other);
        assert!(
            is_refused(Cursor::new(text).sort_key("projects", ANN)),
            "at {place}"
        );
    }
    for text in ["", "a", "not base64!", "AAAAAAAAAAA"] {
        assert!(
            is_refused(Cursor::new(text.to_owned()).sort_key("projects", ANN)),
            "{text}"
        );
    }
}

#[test]
fn a_limit_is_one_to_a_hundred() {
    assert_eq!(PageRequest::parse(None, None).unwrap(), PageRequest::default());
    assert_eq!(PageRequest::parse(Some("100"), None).unwrap().limit, 100);
    for text in ["0", "101", "-1", "x", "", "1.5"] {
        let refused = PageRequest::parse(Some(text), None).unwrap_err();
        assert_eq!(
            (refused.field.as_str(), refused.rule),
            ("limit", "range"),
            "{text}"
        );
    }
}
