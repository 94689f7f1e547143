//! When a difference with a vendor is a finding: once it has stood for some hours.
//!
//! Money moves at the vendor first. Its webhook comes seconds later, or never; then the hourly look finds it. So what
//! one visit sees proves nothing, and the account is visited again when its youngest doubt is old enough.

use domain::Timestamp;
use domain::report::{Doubt, Finding, NOT_COMPARED};

/// Seconds after which a difference is no longer on its way: two hourly looks have come and gone, with room for a slow
/// one. A vendor that was down for less is compared at the second visit.
pub const STANDS_AFTER_S: i64 = 3 * 3600;

/// What is to be said of what was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// What has stood long enough.
    pub findings: Vec<Finding>,
    /// What has not.
    pub young: Vec<Finding>,
    /// All of it with its age, for the next visit.
    pub doubts: Vec<Doubt>,
    /// When the youngest is old enough; none when none is young.
    pub look_again: Option<Timestamp>,
}

/// Weighs what is seen now beside what was seen before.
///
/// A doubt is the same as long as its code and its object are. One that is not seen any more is gone, unless a vendor
/// was not compared: then nobody looked, and it is kept with its age.
pub fn weigh(known: Vec<Doubt>, seen: &[Finding], now: Timestamp) -> Weighed {
    let is_blind = seen.iter().any(|one| one.code == NOT_COMPARED);
    let mut doubts: Vec<Doubt> = seen
        .iter()
        .map(|finding| Doubt {
            finding: finding.clone(),
            first_seen: known
                .iter()
                .find(|doubt| is_same(&doubt.finding, finding))
                .map_or(now, |doubt| doubt.first_seen),
        })
        .collect();
    let old_enough = |doubt: &Doubt| doubt.first_seen.plus_s(STANDS_AFTER_S) <= now;
    let (stand, young): (Vec<&Doubt>, Vec<&Doubt>) = doubts.iter().partition(|doubt| old_enough(doubt));
    let said = |doubts: Vec<&Doubt>| doubts.into_iter().map(|doubt| doubt.finding.clone()).collect();
    let look_again = young
        .iter()
        .map(|doubt| doubt.first_seen.plus_s(STANDS_AFTER_S))
        .max();
    let (findings, young) = (said(stand), said(young));
    if is_blind {
        let unseen = |doubt: &Doubt| !seen.iter().any(|finding| is_same(finding, &doubt.finding));
        doubts.extend(known.into_iter().filter(unseen));
    }
    Weighed {
        findings,
        young,
        doubts,
        look_again,
    }
}

fn is_same(one: &Finding, other: &Finding) -> bool {
    (&one.code, &one.about) == (&other.code, &other.about)
}

#[cfg(test)]
mod tests;
