//! `billing-invoices`.

use serde_json::json;

use super::world::payments::subscribed;
use super::world::{World, event, every_sample, of_account, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("billing-invoices", async |world, request| {
        let deps = billing_invoices::Deps {
            desk: subscribed(world).await,
        };
        billing_invoices::handle(&deps, request).await
    })
    .await;
}

#[tokio::test]
async fn a_stranger_sees_no_invoices() {
    let world = World::new().await;
    let deps = billing_invoices::Deps {
        desk: subscribed(&world).await,
    };
    let request = of_account(event("billing-invoices", "list"), 2);
    let answer = shown(billing_invoices::handle(&deps, request).await);
    assert_eq!(answer["body"]["data"]["items"], json!([]));
}
