//! A timestamp and its text are the same point in time.

use super::*;

#[test]
fn the_text_has_milliseconds_and_reads_back() {
    let at = Timestamp::from_ms(1_795_248_000_123);
    assert_eq!(at.to_string(), "2026-11-21T08:00:00.123Z");
    assert_eq!(at.to_string().parse::<Timestamp>().unwrap(), at);
}

#[test]
fn a_time_with_an_offset_is_the_same_point() {
    assert_eq!(
        "2026-11-21T17:00:00.123+09:00"
            .parse::<Timestamp>()
            .unwrap()
            .as_ms(),
        1_795_248_000_123
    );
    assert!("yesterday".parse::<Timestamp>().is_err());
}
