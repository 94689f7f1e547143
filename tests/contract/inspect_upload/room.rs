//! What a check leaves in the room of the plan.

use domain::asset::{AssetEvent, TRIES_MAX};
use domain::ports::Clock;
use domain::{AssetId, QuotaKind};
use store::StoreError;
use testkit::FixedClock;

use crate::world::World;
use crate::world::uploads::{
    at, create_asset, declared, file, happens, inspect, limit, show, storage, uploaded,
};

#[tokio::test]
async fn what_is_kept_is_counted_once_more_or_less_than_was_reserved() {
    for kept in [40, 100, 160] {
        let world = World::new().await;
        limit(&world, QuotaKind::StorageBytes, 160).await;
        create_asset(world.store(), 1, 100, world.ann.now())
            .await
            .unwrap();
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
    create_asset(world.store(), 1, 100, now).await.unwrap();
    happens(&world, 1, AssetEvent::Uploaded, now).await;
    let grown = AssetEvent::Kept(file(160));
    let refused = world.store().move_asset(at(1), &grown, now).await.unwrap_err();
    assert!(matches!(refused, StoreError::QuotaExceeded(refusal) if refusal.wanted == 60));
    assert_eq!(storage(&world).await, 100, "still reserved, and still checked");
}

#[tokio::test]
async fn a_verdict_and_a_deletion_at_once_leave_nothing_or_a_whole_asset() {
    for _ in 0..40 {
        let world = World::new().await;
        let now = world.ann.now();
        create_asset(world.store(), 1, 100, now).await.unwrap();
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
async fn a_file_whose_checks_die_every_time_is_refused_and_takes_no_room() {
    let world = World::new().await;
    declared(&world).await;
    let clock = FixedClock::at(world.ann.now());
    happens(&world, 1, AssetEvent::Uploaded, clock.now()).await;
    for _death in 0..TRIES_MAX {
        happens(&world, 1, AssetEvent::CheckBegan, clock.now()).await;
    }
    uploaded(&world, 1, vec![0; 100]).await;
    inspect(&world, 1).await.unwrap();
    let refused = show(&world, &AssetId::new(1_u128.into()).to_string()).await;
    assert_eq!(refused["refusal"]["code"], "input_too_costly");
    assert_eq!((storage(&world).await, world.objects.keys()), (100, vec![]));
}
