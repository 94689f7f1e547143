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
fn every_rfc_3339_time_is_taken_and_no_other_form_of_iso_8601() {
    for (text, ms) in [
        ("2026-11-21T08:00:00Z", 1_795_248_000_000),
        ("2026-11-21t08:00:00.1z", 1_795_248_000_100),
        ("2026-11-21 08:00:00.123456789Z", 1_795_248_000_123),
        ("2026-11-21T03:30:00-04:30", 1_795_248_000_000),
        ("1969-12-31T23:59:59.999Z", -1),
        ("9999-12-31T23:59:59Z", Timestamp::from_ms(i64::MAX).as_ms()),
    ] {
        assert_eq!(text.parse::<Timestamp>().map(Timestamp::as_ms), Ok(ms), "{text}");
    }
    for text in [
        "20261121T080000Z",
        "2026-11-21T08:00Z",
        "2026-11-21T08:00:00",
        "2026-11-21T08:00:00+0900",
        "2026-11-21T08:00:00+24:00",
        "2026-11-21T08:00:00.Z",
        "2026-02-30T08:00:00Z",
        "2026-11-21T08:00:00Z[UTC]",
        "2026-W47-6T08:00:00Z",
        "２026-11-21T08:00:00Z",
        "",
    ] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
}

#[test]
fn the_last_instant_can_be_written() {
    let last = Timestamp::from_ms(i64::MAX);
    assert_eq!(last.to_string(), "9999-12-30T22:00:00.000Z");
    assert_eq!(last.to_string().parse::<Timestamp>(), Ok(last));
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
