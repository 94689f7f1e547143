//! `billing-checkout`.

use super::world::payments::{RETURN_URL, payments_desk, subscribed};
use super::world::{World, event, every_sample, refusal, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("billing-checkout", async |world, request| {
        let deps = billing_checkout::Deps {
            desk: payments_desk(world),
            return_url: RETURN_URL.to_owned(),
        };
        billing_checkout::handle(&deps, request).await
    })
    .await;
}

#[tokio::test]
async fn whoever_has_a_subscription_does_not_get_a_second() {
    let world = World::new().await;
    let deps = billing_checkout::Deps {
        desk: subscribed(&world).await,
        return_url: RETURN_URL.to_owned(),
    };
    let request = event("billing-checkout", "subscription");
    let refused = shown(billing_checkout::handle(&deps, request).await);
    assert_eq!(refusal(&refused), (409, "subscription_exists", ""));
}
