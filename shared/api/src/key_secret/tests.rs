//! Tests of `key_secret`.

use std::sync::atomic::{AtomicU8, Ordering};

use super::{Entropy, KeySecret};

/// Bits that count up. The one of `testkit` implements the trait of this crate's other build.
#[derive(Debug, Default)]
struct CountedEntropy(AtomicU8);

impl Entropy for CountedEntropy {
    fn bits(&self) -> [u8; 32] {
        [self.0.fetch_add(1, Ordering::Relaxed); 32]
    }
}

#[test]
fn a_secret_is_read_back_as_it_was_made() {
    let entropy = CountedEntropy::default();
    let secret = KeySecret::make(&entropy);
    assert_eq!(secret.reveal().len(), "rs_live_".len() + 43);
    let read = KeySecret::parse(secret.reveal()).unwrap();
    assert_eq!(read.hash(), secret.hash());
    assert_ne!(KeySecret::make(&entropy).hash(), secret.hash());
}

#[test]
fn what_cannot_be_a_secret_is_not_looked_up() {
    let body = "A".repeat(43);
    assert!(KeySecret::parse(&format!("rs_live_{body}")).is_some());
    for text in [
        String::new(),
        body.clone(),
        format!("rs_test_{body}"),
        format!("rs_live_{body}A"),
        format!("rs_live_{}'", "A".repeat(42)),
        format!("rs_live_{}é", "A".repeat(41)),
    ] {
        assert!(KeySecret::parse(&text).is_none(), "{text}");
    }
}

#[test]
fn a_secret_is_not_printed_and_its_beginning_is_short() {
    let secret = KeySecret::make(&CountedEntropy::default());
    assert_eq!(format!("{secret:?}"), "Secret([redacted])");
    assert_eq!(secret.shown_prefix(), "rs_live_AAAA");
}
