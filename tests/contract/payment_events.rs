//! `payment-events`.

use serde_json::Value;
use testkit::events::sample;

use super::world::World;
use super::world::payments::payments_desk;

#[tokio::test]
async fn its_sample_is_worked_on() {
    let world = World::new().await;
    let deps = payment_events::Deps {
        desk: payments_desk(&world),
    };
    let batch: Value = serde_json::from_str(&sample("payment-events", "checkout-completed")).unwrap();
    let body = batch["Records"][0]["body"].as_str().unwrap();
    let message = serde_json::from_str(body).unwrap();
    payment_events::handle(&deps, message).await.unwrap();
    world.dynamo.assert_clean(world.ann.account_id).await;
}
