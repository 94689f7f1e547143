//! `admin-subscriptions-sync`.

use super::world::every_sample;
use super::world::payments::payments_desk;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("admin-subscriptions-sync", async |world, request| {
        let deps = admin_subscriptions_sync::Deps {
            desk: payments_desk(world),
        };
        admin_subscriptions_sync::handle(&deps, request).await
    })
    .await;
}
