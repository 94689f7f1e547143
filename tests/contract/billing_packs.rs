//! `billing-packs`.

use domain::billing::PaymentProvider;

use super::world::every_sample;
use super::world::payments::price_ids;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("billing-packs", async |_world, request| {
        let deps = billing_packs::Deps {
            price_ids: [(PaymentProvider::Stripe, price_ids())].into(),
        };
        billing_packs::handle(&deps, request).await
    })
    .await;
}
