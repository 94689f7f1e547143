//! Images that the customer brings: not made, not held for, not charged, and in the video.

use domain::JobState;
use domain::asset::{Asset, AssetEvent, AssetFile, AssetKind, AssetState, Declared, Sha256Hex};
use domain::job::JobKind;
use domain::ports::Objects;
use domain::receipt::{NotCharged, Resource};
use domain::{AssetId, ErrorCode, Failure};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::AssetRef;
use workflow::models::FAKES;
use workflow::requests::{event, of_account, saying};
use workflow::world::{Fault, World};

/// An image of the customer's that is ready, with these bytes.
async fn ready(world: &World, number: u128, bytes: &[u8]) -> AssetRef {
    let (account_id, now) = (world.customer.account_id, world.customer.now());
    let id = AssetId::new(number.into());
    let size_bytes = u64::try_from(bytes.len()).expect("few bytes");
    let asset = Asset {
        id,
        account_id,
        kind: AssetKind::Image,
        name: None,
        declared: Declared {
            content_type: "image/png".to_owned(),
            size_bytes,
            sha256: None,
        },
        state: AssetState::Uploading {
            expires_at: now.plus_s(60),
        },
        version: 1,
        created_at: now,
        updated_at: now,
    };
    world.store().create_asset(&asset, now).await.expect("room");
    let sha256 = Sha256Hex::parse(&hex::encode(Sha256::digest(bytes))).expect("a hash");
    let file = AssetFile {
        key: objects::keys::asset(account_id, id, AssetKind::Image, &sha256),
        content_type: "image/jpeg".to_owned(),
        size_bytes,
        sha256,
        width: Some(800),
        height: Some(600),
        duration_ms: 0,
        has_sound: false,
    };
    world
        .objects
        .put(&file.key, "image/jpeg", bytes.to_vec())
        .await
        .expect("a bucket");
    let at = AssetRef {
        account_id,
        asset_id: id,
    };
    for event in [AssetEvent::Uploaded, AssetEvent::Kept(file)] {
        world
            .store()
            .move_asset(at, &event, now)
            .await
            .expect("it is there");
    }
    at
}

/// Puts it into a scene of the world's project.
async fn bring(world: &World, scene: u32, asset: AssetRef) -> Result<(), Failure> {
    let body = json!({"images": [{"scene": scene, "asset_id": asset.asset_id}]});
    let mut request = of_account(saying(event("project", "patch-images"), &body), 7);
    request
        .path_params
        .insert("project_id".to_owned(), world.project.id.to_string());
    let deps = project::Deps {
        store: world.store().clone(),
        objects: std::sync::Arc::<testkit::FakeObjects>::clone(&world.objects),
        voice_provider: "local".to_owned(),
        catalogue: FAKES,
    };
    project::handle(&deps, request).await.map(drop)
}

#[tokio::test]
async fn an_image_of_ones_own_is_not_made_not_held_for_not_charged_and_in_the_video() {
    let world = World::new().await;
    world.run(JobKind::GenerateScript, Fault::None).await;
    let asset = ready(&world, 1, b"our own hive").await;
    bring(&world, 1, asset).await.unwrap();
    // The project has its own copy: the asset is not needed any more.
    world
        .store()
        .delete_asset(asset, world.customer.now())
        .await
        .unwrap();
    let drawn = world.run(JobKind::GenerateImages, Fault::Repeat).await;
    assert_eq!((drawn.state, world.images.calls()), (JobState::Completed, 2));
    let receipt = drawn.receipt.clone().expect("a receipt");
    assert_eq!(
        (receipt.held.get(), receipt.charged.get()),
        (4, 4),
        "two images of two credits"
    );
    let own: Vec<_> = receipt
        .lines
        .iter()
        .filter(|line| line.provider == "customer")
        .collect();
    assert_eq!(own.len(), 1, "{receipt:?}");
    assert_eq!((own[0].resource, own[0].quantity), (Resource::ImageGeneration, 1));
    assert_eq!(
        (own[0].charged.get(), own[0].not_charged),
        (0, Some(NotCharged::CustomersOwn))
    );
    assert_eq!(receipt.lines.len(), 2, "nothing was quoted and not made");
    world.assert_settled(&drawn, "drawn").await;
    world.run(JobKind::GenerateVoice, Fault::None).await;
    let composed = world.run(JobKind::ComposeVideo, Fault::None).await;
    assert_eq!(composed.state, JobState::Completed);
    let image = &composed.inputs.images[&1].value;
    assert_eq!(world.objects.get(&image.key).await.unwrap(), b"our own hive");
    world.assert_settled(&composed, "composed").await;
}

#[tokio::test]
async fn other_content_composes_anew_and_the_same_content_does_not() {
    let world = World::new().await;
    for kind in [
        JobKind::GenerateScript,
        JobKind::GenerateImages,
        JobKind::GenerateVoice,
        JobKind::ComposeVideo,
    ] {
        world.run(kind, Fault::None).await;
    }
    let mut renders = Vec::new();
    for (number, bytes) in [(1, b"a hive"), (2, b"a hive"), (3, b"honey!")] {
        let asset = ready(&world, number, bytes).await;
        bring(&world, 0, asset).await.unwrap();
        world.run(JobKind::ComposeVideo, Fault::None).await;
        renders.push(world.composer.renders());
    }
    assert_eq!(renders, [2, 2, 3]);
}

#[tokio::test]
async fn a_resumed_job_keeps_the_image_and_pays_for_the_others_alone() {
    let world = World::new().await;
    world.run(JobKind::GenerateScript, Fault::None).await;
    let asset = ready(&world, 1, b"our own hive").await;
    bring(&world, 2, asset).await.unwrap();
    let fault = Fault::CancelBefore(1);
    let cancelled = world.run(JobKind::GenerateImages, fault).await;
    assert_eq!(cancelled.state, JobState::Cancelled);
    let resumed = world.resume(&cancelled).await;
    assert_eq!(resumed.held.get(), 4);
    world.walk(&resumed, Fault::None).await;
    let done = world.job(resumed.id).await;
    assert_eq!((done.state, world.images.calls()), (JobState::Completed, 2));
    assert_eq!(
        done.receipt.as_ref().map(|receipt| receipt.charged.get()),
        Some(4)
    );
    world.assert_settled(&done, "resumed").await;
}

#[tokio::test]
async fn where_every_image_is_ones_own_nothing_is_taken_on_or_held_and_the_video_is_made() {
    let world = World::new().await;
    world.run(JobKind::GenerateScript, Fault::None).await;
    for scene in 0..3 {
        let asset = ready(&world, u128::from(scene) + 1, format!("hive {scene}").as_bytes()).await;
        bring(&world, scene, asset).await.unwrap();
    }
    let before = world.store().wallet(world.customer.account_id).await.unwrap();
    let refused = world
        .try_start(&world.project, JobKind::GenerateImages)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::NothingToMake);
    let after = world.store().wallet(world.customer.account_id).await.unwrap();
    assert_eq!(after, before);
    world.run(JobKind::GenerateVoice, Fault::None).await;
    let composed = world.run(JobKind::ComposeVideo, Fault::None).await;
    assert_eq!((composed.state, world.images.calls()), (JobState::Completed, 0));
    world.assert_settled(&composed, "composed").await;
}
