//! `sync-payments`.

use serde_json::json;
use testkit::events::sample;

use super::world::payments::payments_desk;
use super::world::{World, compare};

#[tokio::test]
async fn its_sample_finds_what_was_paid_and_is_answered_as_shown() {
    let world = World::new().await;
    let deps = sync_payments::Deps {
        desk: payments_desk(&world),
    };
    let tick = serde_json::from_str(&sample("sync-payments", "every-hour")).unwrap();
    let reports = sync_payments::handle(&deps, tick).await.unwrap();
    compare("sync-payments", "every-hour", &json!(reports));
    world.dynamo.assert_clean(world.ann.account_id).await;
}
