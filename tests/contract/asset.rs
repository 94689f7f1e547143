//! `asset`: what is shown and deleted, with what its room counts.

use std::sync::Arc;

use domain::asset::AssetEvent;
use domain::ports::Objects;
use domain::{AssetId, QuotaKind};
use store::StoreError;
use testkit::{Customer, Fault, dynamo_with_faults};

use super::world::uploads::{
    at, checked, completing, create_asset, declared, file, image_asset, one, remove, show, storage, uploaded,
    used,
};
use super::world::{World, event, every_sample, of_account, refusal, shown};

const TRANSACTION: &str = "TransactWriteItems";

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("asset", async |world, request| {
        checked(world).await;
        asset::handle(&one(world), request).await
    })
    .await;
}

#[tokio::test]
async fn another_accounts_asset_is_not_found_by_anybody() {
    let world = World::new().await;
    declared(&world).await;
    uploaded(&world, 1, vec![0; 100]).await;
    let gone = (404, "not_found", "");
    for case in ["get", "delete"] {
        let request = of_account(event("asset", case), 2);
        let answer = shown(asset::handle(&one(&world), request).await);
        assert_eq!(refusal(&answer), gone, "{case}");
    }
    let request = of_account(event("complete-asset", "post"), 2);
    let answer = shown(complete_asset::handle(&completing(&world, &Arc::default()), request).await);
    assert_eq!(refusal(&answer), gone);
    let id = AssetId::new(1_u128.into()).to_string();
    assert_eq!(show(&world, &id).await["status"], "uploading");
    assert_eq!((world.objects.keys().len(), storage(&world).await), (1, 200));
}

#[tokio::test]
async fn deleting_gives_the_room_back_once_and_removes_every_file() {
    let world = World::new().await;
    checked(&world).await;
    world
        .objects
        .put(&file(70).key, "image/jpeg", vec![0; 70])
        .await
        .unwrap();
    uploaded(&world, 1, vec![0; 100]).await;
    assert_eq!(
        storage(&world).await,
        70,
        "what is kept, and nothing of what is refused"
    );
    let id = AssetId::new(1_u128.into()).to_string();
    assert_eq!(remove(&world, &id).await["status"], 204);
    assert_eq!((storage(&world).await, world.objects.keys()), (0, vec![]));
    // A call that died after the row went away left a file; the repeat says so and removes it.
    uploaded(&world, 1, vec![0; 100]).await;
    assert_eq!(remove(&world, &id).await["status"], 404);
    assert_eq!((storage(&world).await, world.objects.keys()), (0, vec![]));
    assert_eq!(
        used(&world, QuotaKind::Upload).await,
        2,
        "an upload stays counted"
    );
}

#[tokio::test]
async fn an_answer_that_is_lost_is_found_by_its_repeat_at_every_step() {
    let (dynamo, faults) = dynamo_with_faults().await;
    let customer = Customer::with_credits(&dynamo.store, 1, 0).await;
    let (store, now) = (&dynamo.store, customer.now());
    let bytes = async || dynamo.assert_clean(customer.account_id).await;
    let lost = || faults.plan(TRANSACTION, [Fault::Conflict, Fault::LostAnswer]);
    lost();
    let asset = image_asset(1, 100, now);
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
async fn an_audit_finds_an_asset_whose_room_is_not_what_the_log_says() {
    let world = World::new().await;
    let now = world.ann.now();
    create_asset(world.store(), 1, 100, now).await.unwrap();
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
