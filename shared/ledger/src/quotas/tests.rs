//! Tests of `quotas`.

use std::collections::BTreeMap;

use domain::account::PlanId;
use domain::{QuotaKind, Timestamp};
use proptest::prelude::*;

use super::{AlertLevel, Counter, Limits};
use crate::plan;

fn now() -> Timestamp {
    "2026-11-21T08:00:00Z".parse().expect("a time")
}

#[test]
fn a_level_begins_at_its_percent_of_the_limit_and_not_before() {
    assert_eq!(AlertLevel::of(79, 100), None);
    assert_eq!(AlertLevel::of(80, 100), Some(AlertLevel::Warning));
    assert_eq!(AlertLevel::of(94, 100), Some(AlertLevel::Warning));
    assert_eq!(AlertLevel::of(95, 100), Some(AlertLevel::Critical));
    assert_eq!(AlertLevel::of(0, 0), None);
    assert_eq!(AlertLevel::of(u64::MAX, u64::MAX), Some(AlertLevel::Critical));
}

#[test]
fn a_small_limit_may_tell_both_levels_at_once() {
    let (after, alerted) = Counter::default().consumed(1, Some(1));
    assert_eq!(alerted, [AlertLevel::Warning, AlertLevel::Critical]);
    assert_eq!(after.alerted, 95);
}

#[test]
fn what_was_told_is_not_told_again_after_something_was_given_back() {
    let counter = Counter {
        used: 3,
        alerted: 80,
        epoch: 0,
    };
    let (after, alerted) = counter.consumed(1, Some(5));
    assert!(alerted.is_empty());
    assert_eq!(after.alerted, 80);
}

#[test]
fn without_a_limit_nothing_is_told() {
    let counter = Counter::default();
    assert!(counter.consumed(u64::MAX, None).1.is_empty());
    assert_eq!(counter.alerts_more_from(1, None), None);
}

#[test]
fn an_override_stands_above_the_plan_and_may_be_no_limit() {
    let mut limits = Limits {
        plan: plan(PlanId::Free),
        overrides: BTreeMap::new(),
    };
    assert_eq!(limits.of(QuotaKind::ShortForm), Some(5));
    let refusal = limits.check(QuotaKind::ShortForm, 5, 1, now()).unwrap_err();
    assert_eq!((refusal.limit, refusal.used, refusal.wanted), (5, 5, 1));
    assert_eq!(
        refusal.resets_at,
        Some("2026-12-01T00:00:00Z".parse().expect("a time"))
    );
    assert_eq!(refusal.retry_after_s, Some(9 * 86_400 + 16 * 3600));
    limits.overrides.insert(QuotaKind::ShortForm, Some(6));
    assert!(limits.check(QuotaKind::ShortForm, 5, 1, now()).is_ok());
    limits.overrides.insert(QuotaKind::ShortForm, None);
    assert!(limits.check(QuotaKind::ShortForm, u64::MAX, 1, now()).is_ok());
}

proptest! {
    /// The use below which a plan holds is exactly where another consumption would tell the same.
    #[test]
    fn a_plan_of_what_is_told_holds_for_every_use_below_its_bound(
        limit in 1_u64..500, used in 0_u64..500, other in 0_u64..500, quantity in 1_u64..100,
    ) {
        let alerted = AlertLevel::of(used, limit).map_or(0, AlertLevel::percent);
        let planned = Counter { used, alerted, epoch: 0 };
        let (_, alerted) = planned.consumed(quantity, Some(limit));
        let met = Counter { used: other, ..planned };
        let same = met.consumed(quantity, Some(limit)).1 == alerted;
        // Lower uses that tell less are kept out by the highest level that is told.
        let floor = alerted.last().map_or(0, |level| level.from_used(limit).saturating_sub(quantity));
        let inside = planned
            .alerts_more_from(quantity, Some(limit))
            .is_none_or(|bound| other < bound);
        prop_assert_eq!(inside && other >= floor, same);
    }
}
