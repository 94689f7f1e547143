//! Room and uploads of the plan: many at once, lost answers, what expires, and what an audit would see.

use std::collections::BTreeMap;

use domain::ErrorCode;
use domain::asset::{CHECK_S, TRIES_MAX};
use domain::ports::Clock;
use store::{Store, StoreError};
use testkit::{Customer, Fault, FixedClock, at_once, dynamo_with_faults};

use super::dying::Dying;
use super::*;

const TRANSACTION: &str = "TransactWriteItems";

async fn limit(world: &World, kind: QuotaKind, most: u64) {
    let overrides = BTreeMap::from([(kind, Some(most))]);
    let account = world.ann.account_id;
    world
        .store()
        .set_overrides(account, overrides)
        .await
        .expect("an account");
}

fn picture(number: u128, size_bytes: u64, now: Timestamp) -> Asset {
    Asset {
        id: AssetId::new(number.into()),
        account_id: AccountId::new(1_u128.into()),
        kind: AssetKind::Image,
        name: None,
        declared: Declared {
            content_type: "image/png".to_owned(),
            size_bytes,
            sha256: None,
        },
        state: AssetState::Uploading {
            expires_at: now.plus_s(UPLOAD_S),
        },
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

fn at(number: u128) -> AssetRef {
    AssetRef {
        account_id: AccountId::new(1_u128.into()),
        asset_id: AssetId::new(number.into()),
    }
}

async fn create(store: Store, number: u128, size_bytes: u64, now: Timestamp) -> Result<Asset, StoreError> {
    store.create_asset(&picture(number, size_bytes, now), now).await
}

#[tokio::test]
async fn of_thirty_uploads_at_once_exactly_as_many_fit_as_there_is_room() {
    let world = World::new().await;
    limit(&world, QuotaKind::StorageBytes, 1_000).await;
    let overrides = BTreeMap::from([
        (QuotaKind::StorageBytes, Some(1_000)),
        (QuotaKind::Upload, Some(100)),
    ]);
    world
        .store()
        .set_overrides(world.ann.account_id, overrides)
        .await
        .unwrap();
    let now = world.ann.now();
    let all = (1..=30).map(|number| create(world.store(), number, 90, now));
    let (made, refused): (Vec<_>, Vec<_>) = at_once(all).await.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (11, 19));
    assert!(refused.iter().all(|refused| matches!(
        refused,
        Err(StoreError::QuotaExceeded(refusal)) if refusal.kind == QuotaKind::StorageBytes
    )));
    assert_eq!(
        (storage(&world).await, used(&world, QuotaKind::Upload).await),
        (990, 11)
    );
}

#[tokio::test]
async fn the_days_uploads_are_limited_and_the_route_says_by_what() {
    let world = World::new().await;
    limit(&world, QuotaKind::Upload, 1).await;
    assert_eq!(
        declare(&world, event("assets", "create-image")).await["status"],
        201
    );
    let refused = declare(&world, event("assets", "create-image")).await;
    assert_eq!(refusal(&refused), (429, "quota_exceeded", ""));
    assert_eq!(refused["body"]["error"]["details"]["kind"], "upload");
    assert_eq!(storage(&world).await, 48_213);
}

#[tokio::test]
async fn what_is_kept_is_counted_once_more_or_less_than_was_reserved() {
    for kept in [40, 100, 160] {
        let world = World::new().await;
        limit(&world, QuotaKind::StorageBytes, 160).await;
        create(world.store(), 1, 100, world.ann.now()).await.unwrap();
        happens(&world, 1, AssetEvent::Uploaded, world.ann.now()).await;
        for _delivery in 0..3 {
            happens(&world, 1, AssetEvent::Kept(file(kept)), world.ann.now()).await;
            assert_eq!(storage(&world).await, kept);
        }
    }
}

#[tokio::test]
async fn what_grows_beyond_the_room_is_not_kept() {
    let world = World::new().await;
    limit(&world, QuotaKind::StorageBytes, 159).await;
    let now = world.ann.now();
    create(world.store(), 1, 100, now).await.unwrap();
    happens(&world, 1, AssetEvent::Uploaded, now).await;
    let grown = AssetEvent::Kept(file(160));
    let refused = world.store().move_asset(at(1), &grown, now).await.unwrap_err();
    assert!(matches!(refused, StoreError::QuotaExceeded(refusal) if refusal.wanted == 60));
    assert_eq!(storage(&world).await, 100, "still reserved, and still checked");
}

#[tokio::test]
async fn an_answer_that_is_lost_is_found_by_its_repeat_at_every_step() {
    let (dynamo, faults) = dynamo_with_faults().await;
    let customer = Customer::with_credits(&dynamo.store, 1, 0).await;
    let (store, now) = (&dynamo.store, customer.now());
    let bytes = async || dynamo.assert_clean(customer.account_id).await;
    let lost = || faults.plan(TRANSACTION, [Fault::Conflict, Fault::LostAnswer]);
    lost();
    let asset = picture(1, 100, now);
    assert!(store.create_asset(&asset, now).await.is_err());
    assert_eq!(store.create_asset(&asset, now).await.unwrap(), asset);
    for event in [
        AssetEvent::Uploaded,
        AssetEvent::CheckBegan,
        AssetEvent::Kept(file(70)),
    ] {
        lost();
        assert!(store.move_asset(at(1), &event, now).await.is_err());
        bytes().await;
        if event != AssetEvent::CheckBegan {
            let again = store.move_asset(at(1), &event, now).await.unwrap();
            assert!(!again.changed, "{event:?}");
        }
    }
    let ready = store
        .asset(customer.account_id, AssetId::new(1_u128.into()))
        .await
        .unwrap();
    assert_eq!((ready.storage_bytes(), ready.version), (70, 4));
    lost();
    assert!(store.delete_asset(at(1), now).await.is_err());
    let again = store.delete_asset(at(1), now).await.unwrap_err();
    assert!(matches!(again, StoreError::NotFound { .. }));
    let declared_late = store.create_asset(&asset, now).await.unwrap_err();
    assert!(matches!(declared_late, StoreError::NotFound { .. }));
    bytes().await;
    assert_eq!(faults.left(), 0);
}

#[tokio::test]
async fn a_verdict_and_a_deletion_at_once_leave_nothing_or_a_whole_asset() {
    for _ in 0..40 {
        let world = World::new().await;
        let now = world.ann.now();
        create(world.store(), 1, 100, now).await.unwrap();
        happens(&world, 1, AssetEvent::Uploaded, now).await;
        let (keeping, deleting) = (world.store(), world.store());
        let kept = AssetEvent::Kept(file(130));
        let (kept, deleted) = tokio::join!(
            keeping.move_asset(at(1), &kept, now),
            deleting.delete_asset(at(1), now)
        );
        deleted.unwrap();
        assert!(kept.is_ok() || matches!(kept, Err(StoreError::NotFound { .. })));
        assert_eq!(storage(&world).await, 0);
    }
}

#[tokio::test]
async fn an_audit_finds_an_asset_whose_room_is_not_what_the_log_says() {
    let world = World::new().await;
    let now = world.ann.now();
    create(world.store(), 1, 100, now).await.unwrap();
    let of = store::UsedFor::new("asset", AssetId::new(1_u128.into()).to_string());
    let account = world.ann.account_id;
    let store = world.store();
    let given = store.give_back_all(account, QuotaKind::StorageBytes, &of, now);
    given.await.unwrap();
    let audit = world.store().audit(account).await.unwrap();
    assert_eq!(audit.findings.len(), 1, "{:?}", audit.findings);
    assert!(
        audit.findings[0].text.contains("takes 100 bytes"),
        "{:?}",
        audit.findings
    );
}

fn sweeping(world: &World, queue: &Arc<FakeMessageQueue>, now: Timestamp) -> sweep_uploads::Deps {
    let queue: Arc<FakeMessageQueue> = Arc::clone(queue);
    sweep_uploads::Deps {
        store: world.store(),
        objects: world.objects(),
        queue,
        clock: Arc::new(FixedClock::at(now)),
    }
}

#[tokio::test]
async fn uploads_that_never_came_are_given_up_and_checks_that_died_are_asked_for_again() {
    let world = World::new().await;
    declared(&world).await;
    uploaded(&world, 1, vec![0; 100]).await;
    uploaded(&world, 2, vec![0; 100]).await;
    let now = world.ann.now();
    happens(&world, 2, AssetEvent::Uploaded, now).await;
    let queue = Arc::default();
    let sweep = async |seconds| {
        let deps = sweeping(&world, &queue, now.plus_s(seconds));
        let tick =
            serde_json::from_str(&testkit::events::sample("sweep-uploads", "every-five-minutes")).unwrap();
        let swept = sweep_uploads::handle(&deps, tick).await.unwrap();
        (swept.expired, swept.asked, queue.take().len())
    };
    assert_eq!(sweep(CHECK_S - 1).await, (0, 0, 0));
    assert_eq!(sweep(CHECK_S).await, (0, 1, 1));
    assert_eq!(
        sweep(CHECK_S + 1).await,
        (0, 0, 0),
        "not before its time is over again"
    );
    // Asset 1, and the stranger's asset 3.
    assert_eq!(sweep(UPLOAD_S).await, (2, 1, 1));
    let given_up = show(&world, &AssetId::new(1_u128.into()).to_string()).await;
    assert_eq!(given_up["refusal"]["code"], "upload_expired");
    let left = objects::keys::upload(world.ann.account_id, AssetId::new(2_u128.into()));
    assert_eq!(world.objects.keys(), [left.as_str()]);
    assert_eq!(storage(&world).await, 100, "of the one that is checked");
    assert_eq!(sweep(UPLOAD_S + 1).await, (0, 0, 0));
}

#[tokio::test]
async fn one_upload_that_cannot_be_swept_does_not_keep_the_others_from_it() {
    let world = World::new().await;
    declared(&world).await;
    let at = world.ann.now().plus_s(UPLOAD_S);
    assert!(world.store().assets_due(at, 10).await.unwrap().len() > 1);
    let queue = Arc::default();
    let deps = sweep_uploads::Deps {
        objects: Arc::new(Dying {
            bucket: world.objects(),
            at: "delete",
        }),
        ..sweeping(&world, &queue, at)
    };
    let tick = || serde_json::from_str("{}").unwrap();
    let failed = sweep_uploads::handle(&deps, tick()).await.unwrap_err();
    assert_eq!(failed.code, ErrorCode::Unavailable);
    assert_eq!(world.store().assets_due(at, 10).await.unwrap(), []);
}

#[tokio::test]
async fn an_upload_that_is_completed_too_late_is_given_up_at_once() {
    let world = World::new().await;
    declared(&world).await;
    uploaded(&world, 1, vec![0; 100]).await;
    let queue = Arc::default();
    let late = later(event("complete-asset", "post"), UPLOAD_S);
    let answer = shown(complete_asset::handle(&completing(&world, &queue), late).await);
    assert_eq!(answer["body"]["data"]["refusal"]["code"], "upload_expired");
    assert_eq!((storage(&world).await, queue.take().len()), (100, 0));
}

#[tokio::test]
async fn a_file_whose_checks_die_every_time_is_refused_and_takes_no_room() {
    let world = World::new().await;
    declared(&world).await;
    let clock = FixedClock::at(world.ann.now());
    happens(&world, 1, AssetEvent::Uploaded, clock.now()).await;
    for _death in 0..TRIES_MAX {
        happens(&world, 1, AssetEvent::CheckBegan, clock.now()).await;
    }
    uploaded(&world, 1, vec![0; 100]).await;
    checks::inspect(&world, 1).await.unwrap();
    let refused = show(&world, &AssetId::new(1_u128.into()).to_string()).await;
    assert_eq!(refused["refusal"]["code"], "input_too_costly");
    assert_eq!((storage(&world).await, world.objects.keys()), (100, vec![]));
}
