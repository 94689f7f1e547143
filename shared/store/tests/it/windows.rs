//! Tests of rate windows.

use domain::Timestamp;
use store::RateDecision;
use testkit::at_once;

use crate::world::World;

#[tokio::test]
async fn a_window_takes_its_limit_and_says_when_the_next_begins() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let at = |second: i64| Timestamp::from_ms(1_795_248_000_000 + second * 1000);
    let hit = async |second| store.count_request("a", 60, 3, at(second)).await.unwrap();
    assert_eq!(hit(0).await, RateDecision::Allowed { left: 2 });
    assert_eq!(hit(10).await, RateDecision::Allowed { left: 1 });
    assert_eq!(hit(59).await, RateDecision::Allowed { left: 0 });
    assert_eq!(hit(20).await, RateDecision::Limited { retry_after_s: 40 });
    assert_eq!(hit(59).await, RateDecision::Limited { retry_after_s: 1 });
    assert_eq!(hit(60).await, RateDecision::Allowed { left: 2 });
}

#[tokio::test]
async fn windows_of_other_keys_and_lengths_are_apart() {
    let world = World::with_credits(0).await;
    let (store, now) = (&world.dynamo.store, world.customer.now());
    for (key, window_s) in [("a", 60), ("b", 60), ("a", 3600)] {
        assert_eq!(
            store.count_request(key, window_s, 1, now).await.unwrap(),
            RateDecision::Allowed { left: 0 }
        );
    }
    assert!(matches!(
        store.count_request("c", 60, 0, now).await.unwrap(),
        RateDecision::Limited { .. }
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_seventy_requests_at_once_exactly_fifty_fit() {
    let world = World::with_credits(0).await;
    let now = world.customer.now();
    let requests = (0..70).map(|_| {
        let store = world.dynamo.store.clone();
        async move { store.count_request("a", 60, 50, now).await.unwrap() }
    });
    let hits = at_once(requests).await;
    let within = hits
        .iter()
        .filter(|hit| matches!(hit, RateDecision::Allowed { .. }));
    assert_eq!(within.count(), 50);
}
