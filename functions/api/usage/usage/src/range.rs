//! Which days are asked about.

use std::collections::BTreeMap;

use domain::{Invalid, Timestamp};

/// Most days of one answer: a year with its leap day.
const DAYS_MAX: i64 = 366;

const DAY_MS: i64 = 86_400_000;

/// The first and the last day.
///
/// # Errors
/// [`Invalid`] with field `from` or `to`: no such day, the last before the first, or too many.
pub(crate) fn range(query: &BTreeMap<String, String>, now: Timestamp) -> Result<(String, String), Invalid> {
    let to = match query.get("to") {
        Some(text) => day("to", text)?,
        None => day("to", &now.day())?,
    };
    let from = match query.get("from") {
        Some(text) => day("from", text)?,
        // The month of the last day, so that a month of the past can be asked for by its end.
        None => day("from", &format!("{}-01", to.month()))?,
    };
    let days = to.ms_since(from).div_euclid(DAY_MS).saturating_add(1);
    if days < 1 {
        return Err(Invalid::new("from", "range", "must not be after `to`"));
    }
    if days > DAYS_MAX {
        return Err(Invalid::new(
            "from",
            "range",
            &format!("must be at most {DAYS_MAX} days before `to`"),
        ));
    }
    Ok((from.day(), to.day()))
}

fn day(field: &str, text: &str) -> Result<Timestamp, Invalid> {
    let wrong = || Invalid::new(field, "date", "must be a day as `2026-11-21`");
    let midnight: Timestamp = format!("{text}T00:00:00Z").parse().map_err(|_cause| wrong())?;
    // One spelling per day.
    if midnight.day() == text {
        Ok(midnight)
    } else {
        Err(wrong())
    }
}
