//! `complete-asset`.

use std::sync::Arc;

use domain::AssetId;
use domain::asset::{AssetEvent, UPLOAD_S};
use serde_json::json;
use store::AssetRef;

use super::world::uploads::{complete, completing, declared, file, happens, storage, uploaded};
use super::world::{World, event, every_sample, later, refusal, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("complete-asset", async |world, request| {
        declared(world).await;
        uploaded(world, 1, vec![0; 100]).await;
        complete_asset::handle(&completing(world, &Arc::default()), request).await
    })
    .await;
}

#[tokio::test]
async fn an_upload_is_completed_when_it_is_there_and_as_often_as_one_likes() {
    let world = World::new().await;
    declared(&world).await;
    let id = AssetId::new(1_u128.into()).to_string();
    let (missing, sent) = complete(&world, &id).await;
    assert_eq!((refusal(&missing), sent.len()), ((409, "upload_missing", ""), 0));
    uploaded(&world, 1, vec![0; 100]).await;
    let first = complete(&world, &id).await;
    assert_eq!(first.0["status"], 202);
    assert_eq!(first.0["body"]["data"]["status"], "checking");
    let asked = AssetRef {
        account_id: world.ann.account_id,
        asset_id: AssetId::new(1_u128.into()),
    };
    assert_eq!(first.1, [asked]);
    assert_eq!(
        complete(&world, &id).await,
        first,
        "the message may have been lost"
    );
    happens(&world, 1, AssetEvent::Kept(file(70)), world.ann.now()).await;
    let (ready, sent) = complete(&world, &id).await;
    assert_eq!(
        (&ready["body"]["data"]["status"], sent.len()),
        (&json!("ready"), 0)
    );
}

#[tokio::test]
async fn a_refusal_that_an_upload_cures_is_not_kept_under_its_key() {
    let world = World::new().await;
    declared(&world).await;
    let queue = Arc::default();
    let deps = completing(&world, &queue);
    let mut request = event("complete-asset", "post");
    request
        .headers
        .insert("idempotency-key".to_owned(), "one".to_owned());
    let missing = shown(complete_asset::handle(&deps, request.clone()).await);
    assert_eq!(missing["status"], 409);
    uploaded(&world, 1, vec![0; 100]).await;
    let there = shown(complete_asset::handle(&deps, request).await);
    assert_eq!((&there["status"], queue.take().len()), (&json!(202), 1));
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
