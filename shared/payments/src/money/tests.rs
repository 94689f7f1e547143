//! Currencies in either case, and nothing else.

use super::{Currency, Money};

#[test]
fn a_currency_is_read_in_either_case_and_written_in_capitals() {
    let stripe: Currency = "usd".parse().unwrap();
    let creem: Currency = "USD".parse().unwrap();
    assert_eq!(stripe, creem);
    assert_eq!(stripe.to_string(), "USD");
    assert_eq!(
        serde_json::to_string(&Money::usd(999)).unwrap(),
        r#"{"minor":999,"currency":"USD"}"#
    );
}

#[test]
fn what_is_not_three_letters_is_no_currency() {
    for text in ["", "us", "usdd", "us1", "€", "u d"] {
        assert!(text.parse::<Currency>().is_err(), "{text:?}");
    }
}
