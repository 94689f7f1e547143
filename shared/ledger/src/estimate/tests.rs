//! Tests of `estimate`.

use domain::Credits;
use proptest::prelude::*;

use super::{EstimateSource, estimate};
use crate::Quote;

fn quote(likely: u64, held: u64) -> Quote {
    Quote {
        held: Credits::new(held),
        likely: Credits::new(likely),
        lines: Vec::new(),
    }
}

fn range(charged: &[u64]) -> (EstimateSource, usize, [u64; 3]) {
    let charged: Vec<Credits> = charged.iter().copied().map(Credits::new).collect();
    let found = estimate(&quote(20, 30), &charged);
    let range = [found.low.get(), found.typical.get(), found.high.get()];
    (found.source, found.jobs, range)
}

#[test]
fn without_a_similar_job_the_prices_speak_and_say_so() {
    assert_eq!(range(&[]), (EstimateSource::Prices, 0, [20, 20, 30]));
}

#[test]
fn similar_jobs_give_the_range_of_what_they_cost() {
    assert_eq!(range(&[14]), (EstimateSource::OwnJobs, 1, [14, 14, 14]));
    assert_eq!(range(&[18, 12, 15]), (EstimateSource::OwnJobs, 3, [12, 15, 18]));
    assert_eq!(range(&[18, 12]), (EstimateSource::OwnJobs, 2, [12, 18, 18]));
}

#[test]
fn what_was_paid_when_prices_were_higher_does_not_lead_above_the_hold() {
    assert_eq!(range(&[500, 25]), (EstimateSource::OwnJobs, 2, [25, 30, 30]));
}

proptest! {
    #[test]
    fn an_estimate_is_a_range_inside_the_hold(charged in prop::collection::vec(0_u64..100, 0..20)) {
        let (_, jobs, [low, typical, high]) = range(&charged);
        prop_assert_eq!(jobs, charged.len());
        prop_assert!(low <= typical && typical <= high && high <= 30);
    }
}
