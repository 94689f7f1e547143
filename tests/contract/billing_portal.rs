//! `billing-portal`.

use super::world::payments::{RETURN_URL, payments_desk, subscribed};
use super::world::{World, event, every_sample, refusal, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("billing-portal", async |world, request| {
        let deps = billing_portal::Deps {
            desk: subscribed(world).await,
            return_url: RETURN_URL.to_owned(),
        };
        billing_portal::handle(&deps, request).await
    })
    .await;
}

#[tokio::test]
async fn who_never_paid_has_no_portal() {
    let world = World::new().await;
    let deps = billing_portal::Deps {
        desk: payments_desk(&world),
        return_url: RETURN_URL.to_owned(),
    };
    let refused = shown(billing_portal::handle(&deps, event("billing-portal", "post")).await);
    assert_eq!(refusal(&refused), (404, "not_found", ""));
}
