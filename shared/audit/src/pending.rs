//! When a difference with a payment provider becomes a finding: once it has lasted for some hours.
//!
//! Money moves at the provider first. Its webhook comes seconds later, or never; then the hourly sync finds it. So what
//! one inspection sees proves nothing: it is stored as a pending finding, and the account is inspected again when its
//! most recent pending finding is old enough.

use domain::Timestamp;
use domain::report::{Finding, NOT_COMPARED, PendingFinding};

/// Seconds after which a difference is a finding: two hourly syncs have run by then, with time left for a slow one. A
/// provider that was down for less is compared at the second inspection.
pub const CONFIRMED_AFTER_S: i64 = 3 * 3600;

/// The differences of one inspection, sorted by their age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified {
    /// Differences that lasted for [`CONFIRMED_AFTER_S`].
    pub findings: Vec<Finding>,
    /// Differences that are more recent.
    pub recent: Vec<Finding>,
    /// All differences with the time of their first sight, for the next inspection.
    pub pending: Vec<PendingFinding>,
    /// When the most recent one is old enough; none when none is recent.
    pub inspect_again: Option<Timestamp>,
}

/// Classifies what is seen now by when it was seen first.
///
/// A pending finding is the same as long as its code and its object are. One that is not seen any more is dropped,
/// unless a provider was not compared: then it stays with its age, since nobody looked.
pub fn classify(known: Vec<PendingFinding>, seen: &[Finding], now: Timestamp) -> Classified {
    let is_blind = seen.iter().any(|finding| finding.code == NOT_COMPARED);
    let mut pending: Vec<PendingFinding> = seen
        .iter()
        .map(|finding| PendingFinding {
            finding: finding.clone(),
            first_seen: known
                .iter()
                .find(|one| is_same(&one.finding, finding))
                .map_or(now, |one| one.first_seen),
        })
        .collect();
    let old_enough = |one: &PendingFinding| one.first_seen.plus_s(CONFIRMED_AFTER_S) <= now;
    let (confirmed, recent): (Vec<&PendingFinding>, Vec<&PendingFinding>) =
        pending.iter().partition(|one| old_enough(one));
    let said = |pending: Vec<&PendingFinding>| pending.into_iter().map(|one| one.finding.clone()).collect();
    let inspect_again = recent
        .iter()
        .map(|one| one.first_seen.plus_s(CONFIRMED_AFTER_S))
        .max();
    let (findings, recent) = (said(confirmed), said(recent));
    if is_blind {
        let unseen = |one: &PendingFinding| !seen.iter().any(|finding| is_same(finding, &one.finding));
        pending.extend(known.into_iter().filter(unseen));
    }
    Classified {
        findings,
        recent,
        pending,
        inspect_again,
    }
}

fn is_same(one: &Finding, other: &Finding) -> bool {
    (&one.code, &one.about) == (&other.code, &other.about)
}

#[cfg(test)]
mod tests;
