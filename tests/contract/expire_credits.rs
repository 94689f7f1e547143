//! `expire-credits`.

use std::sync::Arc;

use expire_credits::{Deps, Expired, handle};
use testkit::FixedClock;
use testkit::events::sample;

use super::world::World;

async fn sweep(world: &World, days: i64) -> Expired {
    let tick = serde_json::from_str(&sample("expire-credits", "every-hour")).expect("a tick");
    let deps = Deps {
        store: world.store(),
        clock: Arc::new(FixedClock::at(world.ann.now().plus_days(days))),
    };
    handle(&deps, tick).await.expect("a sweep")
}

#[tokio::test]
async fn an_hour_after_their_time_the_credits_of_everyone_are_written_off_once() {
    let world = World::new().await;
    assert_eq!(sweep(&world, 29).await, Expired::default());
    let swept = sweep(&world, 30).await;
    assert_eq!((swept.wallets, swept.credits.get(), swept.failed), (2, 200, 0));
    assert_eq!(sweep(&world, 30).await, Expired::default());
    let audit = world.dynamo.assert_clean(world.ann.account_id).await;
    assert_eq!(audit.balance.available.get(), 0);
}
