//! `billing-subscription`.

use serde_json::Value;

use super::world::payments::subscribed;
use super::world::{World, event, every_sample, of_account, refusal, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("billing-subscription", async |world, request| {
        let deps = billing_subscription::Deps {
            desk: subscribed(world).await,
        };
        billing_subscription::handle(&deps, request).await
    })
    .await;
}

#[tokio::test]
async fn a_stranger_sees_no_subscription_and_ends_none() {
    let world = World::new().await;
    let deps = billing_subscription::Deps {
        desk: subscribed(&world).await,
    };
    let request = of_account(event("billing-subscription", "get"), 2);
    let answer = shown(billing_subscription::handle(&deps, request).await);
    assert_eq!(answer["body"]["data"]["subscription"], Value::Null);
    let request = of_account(event("billing-subscription", "delete"), 2);
    let refused = shown(billing_subscription::handle(&deps, request).await);
    assert_eq!(refusal(&refused), (404, "not_found", ""));
}
