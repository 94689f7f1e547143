//! `sweep-accounts`.

use std::sync::Arc;

use audit::AccountInspection;
use domain::AccountId;
use serde_json::Value;
use store::AccountRef;
use testkit::FakeQueue;
use testkit::events::sample;

use super::world::World;
use super::world::operators::clock;
use super::world::payments::billing_of;

#[tokio::test]
async fn the_round_comes_to_every_account_once_a_night() {
    let world = World::new().await;
    let queue = Arc::new(FakeQueue::default());
    let deps = sweep_accounts::Deps {
        store: world.store(),
        queue: Arc::<FakeQueue<AccountRef>>::clone(&queue),
        clock: clock(&world),
    };
    let sweep = async || {
        let tick = serde_json::from_str(&sample("sweep-accounts", "every-five-minutes")).expect("a tick");
        sweep_accounts::handle(&deps, tick)
            .await
            .expect("a sweep")
            .accounts
    };
    assert_eq!(sweep().await, 2);
    assert_eq!(sweep().await, 0, "they are on the queue");
    let inspect = inspect_account::Deps {
        inspection: AccountInspection::new(world.store(), clock(&world)),
        billing: billing_of(&world),
    };
    for message in queue.take() {
        inspect_account::handle(&inspect, message)
            .await
            .expect("an inspection");
    }
    let nobody = AccountRef {
        account_id: AccountId::new(77_u128.into()),
    };
    inspect_account::handle(&inspect, nobody)
        .await
        .expect("nobody to inspect");
    let event: Value = serde_json::from_str(&sample("inspect-account", "one-account")).expect("an event");
    let body = event["Records"][0]["body"].as_str().expect("a body");
    let message = serde_json::from_str(body).expect("a message");
    inspect_account::handle(&inspect, message)
        .await
        .expect("a repeat is harmless");
    let found = world
        .store()
        .findings("2026-11", &store::PageRequest::default())
        .await
        .expect("findings");
    assert!(found.items.is_empty(), "{found:?}");
}
