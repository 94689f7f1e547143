//! Tests of `seams`.

use std::collections::BTreeSet;

use api::Entropy;
use domain::Timestamp;
use domain::ports::{Clock, IdSource};

use super::{RandomIds, SystemClock, SystemEntropy};

#[test]
fn ids_carry_their_time_and_are_never_the_same() {
    let now = Timestamp::from_ms(1_795_248_000_000);
    let made: BTreeSet<_> = (0..1000).map(|_| RandomIds.mint(now)).collect();
    assert_eq!(made.len(), 1000);
    assert!(made.iter().all(|id| id.timestamp_ms() == 1_795_248_000_000));
}

#[test]
fn secrets_have_bits_of_their_own() {
    assert_ne!(SystemEntropy.bits(), SystemEntropy.bits());
}

#[test]
fn the_clock_is_of_this_century() {
    let start = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    assert!(SystemClock.now() > start);
}
