//! Tests of `idempotent`, on the real store.

use domain::ports::IdSource;
use domain::{AccountId, ErrorCode, Failure, Timestamp};
use serde_json::json;
use std::sync::atomic::{AtomicU32, Ordering};
use store::Store;
use testkit::{Dynamo, SequentialIds, dynamo};

use super::{ClaimedIds, IdempotencyDeps, idempotent};
use crate::request::tests::post;
use crate::{Request, Response};

fn account() -> AccountId {
    AccountId::new(1_u128.into())
}

fn keyed(key: &str, body: &str) -> Request {
    let mut request = post(account(), body);
    request
        .headers
        .insert("idempotency-key".to_owned(), key.to_owned());
    request
}

struct Deps<'a> {
    store: &'a Store,
    ids: &'a SequentialIds,
}

impl IdempotencyDeps for Deps<'_> {
    fn store(&self) -> &Store {
        self.store
    }

    fn ids(&self) -> &dyn IdSource {
        self.ids
    }
}

/// Answers with the id it was given, and counts.
async fn call(
    store: &Store,
    request: &Request,
    ids: &SequentialIds,
    runs: &AtomicU32,
) -> Result<Response, Failure> {
    let caller = request.caller.clone().unwrap();
    idempotent(&Deps { store, ids }, &caller, request, async |ids| {
        runs.fetch_add(1, Ordering::Relaxed);
        let id = ids.mint(request.now).to_string();
        Response::created(&json!({"id": id, "secret": "s"}), &format!("/v1/things/{id}"))?
            .replayed_as(&json!({"id": id}))
    })
    .await
}

#[test]
fn a_seed_mints_the_same_ids_again_and_never_one_twice() {
    let later = Timestamp::from_ms(testkit::time::NOW_MS + 90_000);
    let now = Timestamp::from_ms(testkit::time::NOW_MS);
    let seed = SequentialIds::default().mint(now);
    let (first, second) = (ClaimedIds::new(seed), ClaimedIds::new(seed));
    let made: Vec<_> = (0..50).map(|_| first.mint(now)).collect();
    assert_eq!(made, (0..50).map(|_| second.mint(later)).collect::<Vec<_>>());
    let distinct: std::collections::BTreeSet<_> = made.iter().collect();
    assert_eq!(distinct.len(), 50);
    assert_eq!(made[0].timestamp_ms(), seed.timestamp_ms());
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_without_its_secret() {
    let dynamo = dynamo().await;
    let (ids, runs) = (SequentialIds::default(), AtomicU32::new(0));
    let request = keyed("k", "{}");
    let first = call(&dynamo.store, &request, &ids, &runs).await.unwrap();
    let second = call(&dynamo.store, &request, &ids, &runs).await.unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    assert_eq!(first.data["secret"], "s");
    assert_eq!(second.data, json!({"id": first.data["id"]}));
    assert_eq!(second.status, first.status);
    assert_eq!(second.headers["idempotent-replayed"], "true");
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused_and_another_key_is_another_call() {
    let dynamo = dynamo().await;
    let (ids, runs) = (SequentialIds::default(), AtomicU32::new(0));
    let first = call(&dynamo.store, &keyed("k", "{}"), &ids, &runs).await.unwrap();
    let failure = call(&dynamo.store, &keyed("k", r#"{"a":1}"#), &ids, &runs).await;
    assert_eq!(failure.unwrap_err().code, ErrorCode::IdempotencyMismatch);
    let other = call(&dynamo.store, &keyed("k2", "{}"), &ids, &runs)
        .await
        .unwrap();
    assert_ne!(first.data["id"], other.data["id"]);
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn without_a_key_every_call_acts() {
    let dynamo = dynamo().await;
    let (ids, runs) = (SequentialIds::default(), AtomicU32::new(0));
    let request = post(account(), "{}");
    let first = call(&dynamo.store, &request, &ids, &runs).await.unwrap();
    let second = call(&dynamo.store, &request, &ids, &runs).await.unwrap();
    assert_ne!(first.data["id"], second.data["id"]);
}

/// Fails with a code, and counts.
async fn fail(dynamo: &Dynamo, key: &str, code: ErrorCode, runs: &AtomicU32) -> Failure {
    let ids = SequentialIds::default();
    let request = keyed(key, "{}");
    let (store, ids) = (&dynamo.store, &ids);
    let caller = request.caller.clone().unwrap();
    let outcome = idempotent(&Deps { store, ids }, &caller, &request, async |_ids| {
        runs.fetch_add(1, Ordering::Relaxed);
        Err(Failure::new(code).with_details(json!({"needed": 7})))
    })
    .await;
    outcome.unwrap_err()
}

#[tokio::test]
async fn a_refusal_is_replayed_and_a_passing_failure_is_not() {
    let dynamo = dynamo().await;
    let runs = AtomicU32::new(0);
    for _ in 0..2 {
        let failure = fail(&dynamo, "poor", ErrorCode::InsufficientCredits, &runs).await;
        assert_eq!(failure.code, ErrorCode::InsufficientCredits);
        assert_eq!(failure.details.unwrap()["needed"], 7);
    }
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    for _ in 0..2 {
        fail(&dynamo, "down", ErrorCode::Unavailable, &runs).await;
    }
    assert_eq!(runs.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_call_that_died_is_done_again_with_the_same_ids() {
    let dynamo = dynamo().await;
    let ids = SequentialIds::default();
    let seen = std::sync::Mutex::new(Vec::new());
    let mut request = keyed("died", "{}");
    // The first call is dropped in the middle of its work, as when a sandbox dies.
    let deps = Deps {
        store: &dynamo.store,
        ids: &ids,
    };
    let caller = request.caller.clone().unwrap();
    let dying = idempotent(&deps, &caller, &request, async |ids| {
        seen.lock().unwrap().push(ids.mint(request.now));
        std::future::pending().await
    });
    let cut = tokio::time::timeout(std::time::Duration::from_millis(500), dying).await;
    assert!(cut.is_err(), "it should still be at work");
    let meanwhile = call(&dynamo.store, &request, &ids, &AtomicU32::new(0)).await;
    assert_eq!(meanwhile.unwrap_err().code, ErrorCode::IdempotencyInProgress);
    request.now = request.now.plus_s(31);
    let again = call(&dynamo.store, &request, &ids, &AtomicU32::new(0))
        .await
        .unwrap();
    assert_eq!(again.data["id"], seen.lock().unwrap()[0].to_string());
}
