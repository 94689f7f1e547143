//! What the use of the last days says about today and about the days to come; whole numbers only.

/// Days whose mean is the rate of a forecast: a whole week, since most customers work by weekdays.
pub const FORECAST_DAYS: usize = 7;
/// Days with use in that week, below which nothing is forecast: one long video is not a habit.
pub const FORECAST_ACTIVE_DAYS_MIN: usize = 3;
/// Days that say what is usual.
pub const USUAL_DAYS: usize = 28;
/// Days with use among them, below which nothing is usual yet.
pub const USUAL_ACTIVE_DAYS_MIN: usize = 7;
/// Standard deviations above the mean at which a day is unusual.
const SIGMAS: u128 = 3;

/// Whole days until `available` is used up at the mean rate of the last [`FORECAST_DAYS`].
///
/// `daily` is the use of each whole day, oldest first; a missing day is zero. None when there is no habit to go on.
pub fn days_left(daily: &[u64], available: u64) -> Option<u64> {
    let week = daily.get(daily.len().saturating_sub(FORECAST_DAYS)..)?;
    let active = week.iter().filter(|used| **used > 0).count();
    let used: u128 = week.iter().copied().map(u128::from).sum();
    if active < FORECAST_ACTIVE_DAYS_MIN || used == 0 {
        return None;
    }
    let days = u128::from(available).saturating_mul(width(FORECAST_DAYS)) / used;
    u64::try_from(days).ok()
}

/// The mean of the days before, when `today` lies more than three standard deviations above it and at least `floor`
/// above it.
///
/// `before` is the use of each whole day, oldest first; at most the last [`USUAL_DAYS`] count.
pub fn unusual(before: &[u64], today: u64, floor: u64) -> Option<u64> {
    let days = before.get(before.len().saturating_sub(USUAL_DAYS)..)?;
    if days.iter().filter(|used| **used > 0).count() < USUAL_ACTIVE_DAYS_MIN {
        return None;
    }
    let n = width(days.len());
    let sum: u128 = days.iter().copied().map(u128::from).sum();
    let squares = days
        .iter()
        .try_fold(0_u128, |sum, used| sum.checked_add(u128::from(*used).pow(2)))?;
    let mean = u64::try_from(sum / n).ok()?;
    // today - mean > 3 sigma, both sides times n and squared: no root and no fraction.
    let above = n.checked_mul(u128::from(today))?.checked_sub(sum)?;
    let spread = n.checked_mul(squares)?.checked_sub(sum.checked_pow(2)?)?;
    let beyond = above.checked_pow(2)? > spread.checked_mul(SIGMAS.pow(2))?;
    (beyond && today.saturating_sub(mean) >= floor).then_some(mean)
}

/// A length as a number to reckon with.
fn width(days: usize) -> u128 {
    u128::try_from(days).unwrap_or(u128::MAX).max(1)
}

#[cfg(test)]
mod tests;
