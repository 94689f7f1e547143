//! Tests of `sign_in`.

use domain::AccountId;
use domain::ports::People;
use testkit::FakePeople;

use super::{account_of, check_password, parse_email};

#[test]
fn an_address_is_folded_to_one_spelling() {
    assert_eq!(parse_email("  Ann@Example.COM ").unwrap(), "ann@example.com");
}

#[test]
fn what_cannot_be_an_address_is_refused_by_its_rule() {
    for (text, rule) in [
        ("", "required"),
        ("ann", "email"),
        ("@example.com", "email"),
        ("ann@example", "email"),
        ("ann@example..com", "email"),
        ("ann@@example.com", "email"),
        ("an n@example.com", "email"),
    ] {
        assert_eq!(parse_email(text).unwrap_err().rule, rule, "{text}");
    }
    let of = |letters: usize| format!("{}@example.com", "a".repeat(letters));
    assert_eq!(
        parse_email(&of(117)).unwrap_err().rule,
        "too_long",
        "the pool takes 128"
    );
    assert!(parse_email(&of(116)).is_ok());
}

#[test]
fn a_password_must_fit_into_the_pool() {
    assert_eq!(check_password("").unwrap_err().rule, "required");
    assert_eq!(check_password(&"p".repeat(257)).unwrap_err().rule, "too_long");
    assert!(check_password("correct horse").is_ok());
}

#[tokio::test]
async fn the_account_is_read_from_the_session() {
    let people = FakePeople::default();
    let account = people.confirmed("ann@example.com", "correct horse", 7);
    let session = people.log_in("ann@example.com", "correct horse").await.unwrap();
    assert_eq!(account_of(&session).unwrap(), account);
    assert_eq!(account, AccountId::new(7_u128.into()));
}
