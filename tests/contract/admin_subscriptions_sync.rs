//! `admin-subscriptions-sync`.

use super::world::every_sample;
use super::world::payments::billing_of;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("admin-subscriptions-sync", async |world, request| {
        let deps = admin_subscriptions_sync::Deps {
            billing: billing_of(world),
        };
        admin_subscriptions_sync::handle(&deps, request).await
    })
    .await;
}
