//! Tests of `email`.

use super::{mailbox, parse_email};

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
        ("a@[127.0.0.1]", "email"),
        ("a@127.0.0.1", "email"),
        ("a@[ipv6:::1]", "email"),
        ("\"a\"@example.com", "email"),
        ("a..b@example.com", "email"),
        (".a@example.com", "email"),
        ("a.@example.com", "email"),
        ("a,b@example.com", "email"),
        ("a@-example.com", "email"),
        ("a@exam_ple.com", "email"),
        ("ann\u{202e}@example.com", "email"),
    ] {
        assert_eq!(parse_email(text).unwrap_err().rule, rule, "{text}");
    }
    let of = |letters: usize, host: usize| format!("{}@{}.com", "a".repeat(letters), "b".repeat(host));
    assert_eq!(
        parse_email(&of(65, 5)).unwrap_err().rule,
        "email",
        "a local part of 65"
    );
    assert!(parse_email(&of(64, 59)).is_ok(), "64 and 128 in all");
    assert_eq!(
        parse_email(&of(64, 60)).unwrap_err().rule,
        "too_long",
        "the pool takes 128"
    );
}

#[test]
fn real_addresses_are_taken() {
    for text in [
        "x+tag@example.com",
        "o'hara_1@mail.example.co.uk",
        "иван@пример.рф",
        "a@xn--e1afmkfd.xn--p1ai",
        "1@1.com",
    ] {
        assert_eq!(parse_email(text).unwrap(), text);
    }
}

#[test]
fn aliases_of_one_mailbox_are_one_and_other_peoples_dots_are_not() {
    let same = |a: &str, b: &str| mailbox(a) == mailbox(b);
    assert!(same("x+one@example.com", "x@example.com"));
    assert!(same("a.nn+b@gmail.com", "ann@googlemail.com"));
    assert!(!same("a.nn@example.com", "ann@example.com"));
    assert!(!same("+a@example.com", "+b@example.com"));
}
