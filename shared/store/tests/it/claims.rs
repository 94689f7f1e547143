//! Tests of idempotency keys.

use domain::AccountId;
use store::requests::claims::{KEPT_S, LEASE_MS};
use store::{Claim, ClaimKey, StoredAnswer};
use testkit::at_once;
use ulid::Ulid;

use crate::world::World;

fn claim_key(key: &str) -> ClaimKey {
    ClaimKey {
        account: AccountId::new(1.into()),
        route: "POST /v1/projects".to_owned(),
        key: key.to_owned(),
    }
}

fn answer(body: &str) -> StoredAnswer {
    StoredAnswer {
        status: 201,
        body: body.to_owned(),
        location: Some("/v1/projects/prj_1".to_owned()),
    }
}

#[tokio::test]
async fn a_claim_is_worked_on_once_and_then_replayed() {
    let world = World::with_credits(0).await;
    let (store, now, key) = (&world.dynamo.store, world.customer.now(), claim_key("a"));
    let seed = Ulid::from(1);
    let claim = async |body: &str, seed: u128| store.claim(&key, body, seed.into(), now).await.unwrap();
    assert_eq!(claim("body", 1).await, Claim::Fresh { seed });
    assert_eq!(claim("body", 2).await, Claim::InProgress);
    assert_eq!(claim("other body", 2).await, Claim::Mismatch);
    store.answer(&key, &answer("{}")).await.unwrap();
    store.answer(&key, &answer("late and ignored")).await.unwrap();
    assert_eq!(claim("body", 3).await, Claim::Replay(answer("{}")));
    assert_eq!(claim("other body", 3).await, Claim::Mismatch);
}

#[tokio::test]
async fn accounts_routes_and_keys_do_not_share_claims() {
    let world = World::with_credits(0).await;
    let (store, now) = (&world.dynamo.store, world.customer.now());
    let mut other_account = claim_key("a");
    other_account.account = AccountId::new(2.into());
    let mut other_route = claim_key("a");
    other_route.route = "POST /v1/api-keys".to_owned();
    for key in [claim_key("a"), other_account, other_route, claim_key("b")] {
        let claim = store.claim(&key, "body", Ulid::from(7), now).await.unwrap();
        assert_eq!(claim, Claim::Fresh { seed: Ulid::from(7) });
    }
}

#[tokio::test]
async fn a_lost_lease_passes_on_with_the_first_seed() {
    let world = World::with_credits(0).await;
    let (store, now, key) = (&world.dynamo.store, world.customer.now(), claim_key("a"));
    let first = Claim::Fresh { seed: Ulid::from(1) };
    assert_eq!(store.claim(&key, "body", 1.into(), now).await.unwrap(), first);
    let just_before = now.plus_ms(LEASE_MS - 1);
    assert_eq!(
        store.claim(&key, "body", 2.into(), just_before).await.unwrap(),
        Claim::InProgress
    );
    let after = now.plus_ms(LEASE_MS);
    assert_eq!(store.claim(&key, "body", 3.into(), after).await.unwrap(), first);
    // The lease is the second one's now.
    assert_eq!(
        store.claim(&key, "body", 4.into(), after).await.unwrap(),
        Claim::InProgress
    );
    store.answer(&key, &answer("done")).await.unwrap();
    assert_eq!(
        store.claim(&key, "body", 5.into(), after).await.unwrap(),
        Claim::Replay(answer("done"))
    );
}

#[tokio::test]
async fn a_claim_that_was_given_up_is_free_at_once_and_keeps_its_seed() {
    let world = World::with_credits(0).await;
    let (store, now, key) = (&world.dynamo.store, world.customer.now(), claim_key("a"));
    store.claim(&key, "body", 1.into(), now).await.unwrap();
    store.release_claim(&key).await.unwrap();
    assert_eq!(
        store.claim(&key, "body", 2.into(), now).await.unwrap(),
        Claim::Fresh { seed: Ulid::from(1) }
    );
    store.answer(&key, &answer("done")).await.unwrap();
    store.release_claim(&key).await.unwrap();
    assert_eq!(
        store.claim(&key, "body", 3.into(), now).await.unwrap(),
        Claim::Replay(answer("done"))
    );
}

#[tokio::test]
async fn after_a_day_a_key_is_new_although_its_row_may_still_be_there() {
    let world = World::with_credits(0).await;
    let (store, now, key) = (&world.dynamo.store, world.customer.now(), claim_key("a"));
    store.claim(&key, "body", 1.into(), now).await.unwrap();
    store.answer(&key, &answer("old")).await.unwrap();
    let next_day = now.plus_s(KEPT_S);
    assert_eq!(
        store.claim(&key, "other body", 2.into(), next_day).await.unwrap(),
        Claim::Fresh { seed: Ulid::from(2) }
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_claims_at_once_one_is_fresh() {
    let world = World::with_credits(0).await;
    let now = world.customer.now();
    let tries = (0..20_u128).map(|number| {
        let store = world.dynamo.store.clone();
        async move {
            let key = claim_key("a");
            store.claim(&key, "body", number.into(), now).await.unwrap()
        }
    });
    let (fresh, others): (Vec<Claim>, Vec<Claim>) = at_once(tries)
        .await
        .into_iter()
        .partition(|claim| matches!(claim, Claim::Fresh { .. }));
    assert_eq!(fresh.len(), 1);
    assert!(others.iter().all(|claim| *claim == Claim::InProgress));
}
