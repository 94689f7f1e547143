//! `billing-packs`.

use domain::billing::PaymentVendor;

use super::world::every_sample;
use super::world::payments::shelf;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("billing-packs", async |_world, request| {
        let deps = billing_packs::Deps {
            shelves: [(PaymentVendor::Stripe, shelf())].into(),
        };
        billing_packs::handle(&deps, request).await
    })
    .await;
}
