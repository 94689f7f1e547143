//! Tests of `plans`.

use domain::QuotaKind;
use domain::account::PlanId;

use super::{Plan, plan, plans};

#[test]
fn every_plan_stands_under_its_own_id() {
    for listed in plans() {
        assert_eq!(plan(listed.id), listed);
    }
}

#[test]
fn a_dearer_plan_never_allows_less() {
    let unlimited = |limit: Option<u32>| limit.unwrap_or(u32::MAX);
    for pair in plans().windows(2) {
        let [less, more] = pair else {
            panic!("windows of two")
        };
        assert!(unlimited(less.short_forms_per_month) < unlimited(more.short_forms_per_month));
        assert!(unlimited(less.channels) < unlimited(more.channels));
        assert!(less.storage_bytes < more.storage_bytes);
        assert!(less.api_cost_usd_micros_per_month < more.api_cost_usd_micros_per_month);
        assert!(less.concurrent_jobs < more.concurrent_jobs);
        assert!(less.video_seconds_max <= more.video_seconds_max);
        for kind in QuotaKind::ALL
            .into_iter()
            .filter(|kind| *kind != QuotaKind::RenderSeconds)
        {
            let of = |plan: &Plan| plan.limit(kind).unwrap_or(u64::MAX);
            assert!(of(less) < of(more), "{kind:?}");
        }
    }
}

#[test]
fn the_free_plan_is_five_videos_one_channel_a_gigabyte_and_five_dollars() {
    let free = plan(PlanId::Free);
    assert_eq!((free.short_forms_per_month, free.channels), (Some(5), Some(1)));
    assert_eq!(free.storage_bytes, 1_000_000_000);
    assert_eq!(free.api_cost_usd_micros_per_month, 5_000_000);
}

#[test]
fn a_plan_and_the_subscription_that_brings_it_name_each_other() {
    for product in crate::products() {
        if let Some(id) = product.plan {
            assert_eq!(plan(id).subscription, Some(product.id));
        }
    }
    assert_eq!(plan(PlanId::Free).subscription, None);
}
