//! Tests of API keys.

use domain::access_log::Actor;
use domain::account::ApiKey;
use domain::{AccessChangeId, AccountId, ApiKeyId, Scope};
use store::StoreError;

use crate::world::World;

fn key(world: &World, number: u128, hash: &str) -> ApiKey {
    ApiKey {
        id: ApiKeyId::new(number.into()),
        account_id: world.customer.account_id,
        name: "robot".to_owned(),
        prefix: "rs_live_abcd".to_owned(),
        hash: hash.to_owned(),
        scopes: vec![Scope::Read],
        requests_per_hour: 1000,
        monthly_credits: None,
        expires_at: None,
        last_used_at: None,
        created_by: None,
        created_at: world.customer.now(),
    }
}

fn actor(world: &World) -> Actor {
    Actor {
        id: AccessChangeId::new(world.customer.transaction_id().body()),
        by: world.customer.account_id,
        by_key: None,
        at: world.customer.now(),
    }
}

#[tokio::test]
async fn a_key_is_found_by_its_hash_until_it_is_withdrawn() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let key = key(&world, 1, "aa");
    store.create_key(&key, actor(&world), 20).await.unwrap();
    store.create_key(&key, actor(&world), 20).await.unwrap();
    let (found, account) = store.key_by_hash("aa").await.unwrap().unwrap();
    assert_eq!((&found, account.id), (&key, key.account_id));
    assert_eq!(store.keys(key.account_id).await.unwrap(), vec![key.clone()]);
    store
        .delete_key(key.account_id, key.id, actor(&world))
        .await
        .unwrap();
    assert_eq!(store.key_by_hash("aa").await.unwrap(), None);
    assert_eq!(store.keys(key.account_id).await.unwrap(), []);
    assert!(matches!(
        store.delete_key(key.account_id, key.id, actor(&world)).await,
        Err(StoreError::NotFound { .. })
    ));
}

#[tokio::test]
async fn a_key_of_another_account_is_not_found() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let key = key(&world, 1, "aa");
    store.create_key(&key, actor(&world), 20).await.unwrap();
    let stranger = AccountId::new(9.into());
    assert!(matches!(
        store.delete_key(stranger, key.id, actor(&world)).await,
        Err(StoreError::NotFound { .. })
    ));
    assert_eq!(store.keys(stranger).await.unwrap(), []);
    assert!(store.key_by_hash("aa").await.unwrap().is_some());
}

#[tokio::test]
async fn two_keys_cannot_share_an_id_or_a_secret() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    store
        .create_key(&key(&world, 1, "aa"), actor(&world), 20)
        .await
        .unwrap();
    for other in [key(&world, 1, "bb"), key(&world, 2, "aa")] {
        assert!(matches!(
            store.create_key(&other, actor(&world), 20).await,
            Err(StoreError::Conflict { .. })
        ));
    }
    assert_eq!(store.keys(world.customer.account_id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_use_is_noted_once_an_hour_and_brings_no_withdrawn_key_back() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let made = key(&world, 1, "aa");
    store.create_key(&made, actor(&world), 20).await.unwrap();
    let first = world.customer.now();
    store.note_key_use(&made, first).await.unwrap();
    let used = store.keys(made.account_id).await.unwrap().remove(0);
    assert_eq!(used.last_used_at, Some(first));
    store.note_key_use(&used, first.plus_s(3599)).await.unwrap();
    assert_eq!(
        store.keys(made.account_id).await.unwrap().remove(0).last_used_at,
        Some(first)
    );
    store.note_key_use(&used, first.plus_s(3600)).await.unwrap();
    assert_eq!(
        store.keys(made.account_id).await.unwrap().remove(0).last_used_at,
        Some(first.plus_s(3600))
    );
    store
        .delete_key(made.account_id, made.id, actor(&world))
        .await
        .unwrap();
    store.note_key_use(&made, first).await.unwrap();
    assert_eq!(store.keys(made.account_id).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_ten_keys_made_at_once_no_more_are_made_than_fit() {
    let world = World::with_credits(0).await;
    let keys = (1..=10).map(|number| key(&world, number, &format!("{number:02}")));
    let creations = keys.map(|key| {
        let (store, actor) = (world.dynamo.store.clone(), actor(&world));
        async move { store.create_key(&key, actor, 6).await }
    });
    let answers = testkit::at_once(creations).await;
    let full = |answer: &Result<(), StoreError>| matches!(answer, Err(StoreError::Full { .. }));
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 6);
    assert!(
        answers.iter().all(|answer| answer.is_ok() || full(answer)),
        "{answers:?}"
    );
    let (store, id) = (&world.dynamo.store, world.customer.account_id);
    let made = store.keys(id).await.unwrap();
    store.delete_key(id, made[0].id, actor(&world)).await.unwrap();
    store
        .create_key(&key(&world, 11, "11"), actor(&world), 6)
        .await
        .unwrap();
    assert!(full(
        &store.create_key(&key(&world, 12, "12"), actor(&world), 6).await
    ));
}

#[tokio::test]
async fn a_key_is_given_a_budget_and_freed_of_it() {
    let world = World::with_credits(0).await;
    let (store, id) = (&world.dynamo.store, world.customer.account_id);
    let made = key(&world, 1, "aa");
    store.create_key(&made, actor(&world), 20).await.unwrap();
    let some = Some(domain::Credits::new(40));
    let limited = store
        .set_key_budget(id, made.id, some, actor(&world))
        .await
        .unwrap();
    assert_eq!(limited.monthly_credits, some);
    assert_eq!(
        store
            .set_key_budget(id, made.id, None, actor(&world))
            .await
            .unwrap(),
        made
    );
    let foreign = store
        .set_key_budget(AccountId::new(9.into()), made.id, some, actor(&world))
        .await;
    assert!(matches!(foreign, Err(StoreError::NotFound { .. })));
}
