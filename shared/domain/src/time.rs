//! Points in time: milliseconds in the program, RFC 3339 on the wire.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Invalid;

/// A point in time.
///
/// # Units
/// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// # Shape
/// `2026-11-21T08:00:00.000Z` in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch; kept inside the years 1 to 9999, which RFC 3339 can write.
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.clamp(-62_135_596_800_000, 253_402_300_799_999))
    }

    /// Milliseconds since the epoch.
    pub const fn as_ms(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down; the unit of DynamoDB's TTL.
    pub const fn as_s(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Later by milliseconds (earlier when negative).
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self::from_ms(self.0.saturating_add(ms))
    }

    /// Later by seconds.
    #[must_use]
    pub fn plus_s(self, seconds: i64) -> Self {
        self.plus_ms(seconds.saturating_mul(1000))
    }

    /// Later by days of 24 hours.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_s(days.saturating_mul(86_400))
    }

    /// The calendar month in UTC, as `2026-11`: the key of what is counted by the month.
    pub fn month(self) -> String {
        self.to_string().chars().take("2026-11".len()).collect()
    }

    /// The first instant of the next calendar month in UTC: when what is counted by the month begins anew.
    #[must_use]
    pub fn next_month(self) -> Self {
        let exact = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let last_day = exact.to_zoned(jiff::tz::TimeZone::UTC).last_of_month();
        let first = last_day
            .and_then(|day| day.tomorrow())
            .and_then(|day| day.start_of_day());
        // Only in the last month that RFC 3339 can write is there no next one.
        first.map_or(self, |first| Self::from_ms(first.timestamp().as_millisecond()))
    }

    /// The calendar day in UTC, as `2026-11-21`: the key of what is counted by the day.
    pub fn day(self) -> String {
        self.to_string().chars().take("2026-11-21".len()).collect()
    }

    /// The first instant of the next calendar day in UTC: when what is counted by the day begins anew.
    #[must_use]
    pub fn next_day(self) -> Self {
        let day_s = 86_400;
        let next = self.as_s().div_euclid(day_s).saturating_add(1);
        Self::from_ms(next.saturating_mul(day_s).saturating_mul(1000))
    }

    /// Milliseconds from `earlier` to here; negative when `earlier` is later.
    pub const fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        write!(f, "{exact:.3}")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        jiff::Timestamp::from_str(text)
            .map(|exact| Self::from_ms(exact.as_millisecond()))
            .map_err(|_cause| Invalid::new("time", "rfc3339", "must be an RFC 3339 time"))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
