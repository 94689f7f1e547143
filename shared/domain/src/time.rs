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
    ///
    /// # Limits
    /// The last instant is 9999-12-30T22:00:00Z: `jiff` leaves room for every time zone, and takes no milliseconds
    /// behind its last second.
    pub fn from_ms(ms: i64) -> Self {
        let last = jiff::Timestamp::MAX.as_second().saturating_mul(1000);
        Self(ms.clamp(-62_135_596_800_000, last))
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
        parse(text).ok_or_else(|| Invalid::new("time", "rfc3339", "must be an RFC 3339 time"))
    }
}

/// Reads `2026-11-21T08:00:00.000Z` and its like with an offset. ISO 8601 has more forms, which RFC 3339 has not.
fn parse(text: &str) -> Option<Timestamp> {
    const SHAPE: &[u8; 19] = b"0000-00-00T00:00:00";
    let (moment, rest) = text.split_at_checked(SHAPE.len())?;
    let has_shape = moment.bytes().zip(SHAPE).all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b't' | b' '),
        mark => byte == *mark,
    });
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.find(|mark: char| !mark.is_ascii_digit())?),
        None => ("0", rest),
    };
    if !has_shape || !digits(fraction) {
        return None;
    }
    let offset_ms = match zone {
        "Z" | "z" => 0,
        _ => {
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            if hours.len() != 2 || minutes.len() != 2 || !digits(hours) || !digits(minutes) {
                return None;
            }
            let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let sign: i64 = match zone.as_bytes().first()? {
                b'+' => 1,
                b'-' => -1,
                _ => return None,
            };
            hours
                .saturating_mul(60)
                .saturating_add(minutes)
                .saturating_mul(60_000)
                .saturating_mul(sign)
        }
    };
    let moment: jiff::civil::DateTime = moment.to_ascii_uppercase().parse().ok()?;
    let since_epoch = moment.duration_since(jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0));
    let thousandths: String = fraction.chars().chain("00".chars()).take(3).collect();
    let ms = i64::try_from(since_epoch.as_millis()).ok()?;
    let thousandths: i64 = thousandths.parse().ok()?;
    Some(Timestamp::from_ms(
        ms.saturating_sub(offset_ms).saturating_add(thousandths),
    ))
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
