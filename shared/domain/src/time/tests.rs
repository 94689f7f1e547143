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

#[test]
fn a_month_ends_where_the_next_begins() {
    for (text, month, next) in [
        ("2026-11-21T08:00:00.000Z", "2026-11", "2026-12-01T00:00:00.000Z"),
        ("2026-12-31T23:59:59.999Z", "2026-12", "2027-01-01T00:00:00.000Z"),
        ("2028-02-01T00:00:00.000Z", "2028-02", "2028-03-01T00:00:00.000Z"),
    ] {
        let time: Timestamp = text.parse().unwrap();
        assert_eq!(
            (time.month().as_str(), time.next_month().to_string().as_str()),
            (month, next)
        );
    }
}
