//! Every status of a provider has one of ours.

use super::*;

#[test]
fn every_status_of_the_providers_is_one_of_ours() {
    let table: Vec<_> = Theirs::ALL.into_iter().map(ours).collect();
    assert_eq!(
        table,
        [
            Ours::Unpaid,
            Ours::Canceled,
            Ours::Trialing,
            Ours::Active,
            Ours::PastDue,
            Ours::Canceled,
            Ours::Unpaid,
            Ours::Unpaid,
        ]
    );
}

#[test]
fn only_a_subscription_that_is_over_is_canceled_with_us() {
    for theirs in Theirs::ALL {
        assert_eq!(ours(theirs).is_over(), theirs.ended(), "{theirs:?}");
    }
}
