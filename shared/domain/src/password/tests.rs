//! Tests of `password`.

use super::{check_new_password, check_typed_password};

fn rule(text: &str) -> Option<String> {
    let refused = check_new_password(text, "password").err()?;
    assert_eq!(refused.code.as_str(), "password_rejected");
    let details = refused.details.unwrap_or_default();
    assert_eq!(details["field"], "password");
    details["rule"].as_str().map(str::to_owned)
}

#[test]
fn a_refused_password_is_told_its_rule() {
    for (text, expected) in [
        ("", "too_short"),
        ("Abcdefg1", "too_short"),
        ("Abcdefgh1", "too_short"),
        ("ABCDEFGHI1", "lower_case"),
        ("abcdefghi1", "upper_case"),
        ("Abcdefghij", "digit"),
        ("Password1234", "too_common"),
        ("QWERTY12345", "lower_case"),
        ("Qwerty12345", "too_common"),
        ("Éééééééééé1", "lower_case"),
    ] {
        assert_eq!(rule(text).as_deref(), Some(expected), "{text}");
    }
    assert_eq!(
        rule(&format!("Aa1{}", "x".repeat(254))).as_deref(),
        Some("too_long")
    );
    for good in ["Correct-horse-1", "Honey-4-bees!", "Ключ-от-дома-1Aa"] {
        assert_eq!(rule(good), None, "{good}");
    }
}

#[test]
fn a_typed_password_only_has_to_fit_into_the_pool() {
    assert_eq!(check_typed_password("", "password").unwrap_err().rule, "required");
    assert_eq!(
        check_typed_password(&"p".repeat(257), "password")
            .unwrap_err()
            .rule,
        "too_long"
    );
    assert!(check_typed_password("x", "password").is_ok());
}
