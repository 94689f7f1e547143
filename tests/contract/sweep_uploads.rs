//! `sweep-uploads`.

use std::sync::Arc;

use domain::asset::{AssetEvent, CHECK_S, UPLOAD_S};
use domain::{AssetId, ErrorCode, Timestamp};
use store::AssetRef;
use testkit::events::sample;
use testkit::{FakeQueue, FixedClock};
use uploads::UploadSweep;

use super::world::World;
use super::world::bucket::DyingBucket;
use super::world::uploads::{declared, happens, show, storage, uploaded};

fn sweeping(world: &World, queue: &Arc<FakeQueue<AssetRef>>, now: Timestamp) -> sweep_uploads::Deps {
    sweep_uploads::Deps {
        sweep: UploadSweep {
            store: world.store(),
            objects: world.objects(),
            queue: Arc::<FakeQueue<AssetRef>>::clone(queue),
            clock: Arc::new(FixedClock::at(now)),
        },
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
        let tick = serde_json::from_str(&sample("sweep-uploads", "every-five-minutes")).unwrap();
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
    let mut deps = sweeping(&world, &queue, at);
    deps.sweep.objects = Arc::new(DyingBucket {
        bucket: world.objects(),
        at: "delete",
    });
    let tick = || serde_json::from_str("{}").unwrap();
    let failed = sweep_uploads::handle(&deps, tick()).await.unwrap_err();
    assert_eq!(failed.code, ErrorCode::Unavailable);
    assert_eq!(world.store().assets_due(at, 10).await.unwrap(), []);
}
