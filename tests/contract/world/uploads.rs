//! Assets of the samples, and the routes and workers about uploads.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::Request;
use domain::asset::{
    Asset, AssetEvent, AssetFile, AssetKind, AssetRefusal, AssetState, Declared, Sha256Hex, UPLOAD_S,
};
use domain::ports::{Clock, Objects};
use domain::{AccountId, AssetId, Failure, QuotaKind, Timestamp};
use engine::Tools;
use inspect_upload::EngineInspector;
use serde_json::Value;
use store::{AssetRef, Store, StoreError};
use testkit::workspace::root;
use testkit::{FakeQueue, FixedClock};
use uploads::UploadInspection;

use super::{World, event, shown};

pub(crate) fn listing(world: &World) -> assets::Deps {
    assets::Deps {
        store: world.store(),
        objects: world.objects(),
        ids: world.ids(),
    }
}

pub(crate) fn one(world: &World) -> asset::Deps {
    asset::Deps {
        store: world.store(),
        objects: world.objects(),
    }
}

pub(crate) fn completing(world: &World, queue: &Arc<FakeQueue<AssetRef>>) -> complete_asset::Deps {
    complete_asset::Deps {
        store: world.store(),
        objects: world.objects(),
        queue: Arc::<FakeQueue<AssetRef>>::clone(queue),
        ids: world.ids(),
    }
}

/// The same request with another id in its path.
pub(crate) fn about(mut request: Request, id: &str) -> Request {
    request.path_params.insert("asset_id".to_owned(), id.to_owned());
    request.path = request.path.replace("ast_00000000000000000000000001", id);
    request
}

pub(crate) async fn declare(world: &World, request: Request) -> Value {
    shown(assets::handle(&listing(world), request).await)
}

pub(crate) async fn show(world: &World, id: &str) -> Value {
    let shown = shown(asset::handle(&one(world), about(event("asset", "get"), id)).await);
    shown["body"]["data"].clone()
}

pub(crate) async fn remove(world: &World, id: &str) -> Value {
    shown(asset::handle(&one(world), about(event("asset", "delete"), id)).await)
}

pub(crate) async fn complete(world: &World, id: &str) -> (Value, Vec<AssetRef>) {
    let queue = Arc::default();
    let deps = completing(world, &queue);
    let answer = complete_asset::handle(&deps, about(event("complete-asset", "post"), id)).await;
    (shown(answer), queue.take())
}

/// Bytes of Ann's storage that are counted, after an audit.
pub(crate) async fn storage(world: &World) -> u64 {
    world.dynamo.assert_clean(world.ann.account_id).await;
    used(world, QuotaKind::StorageBytes).await
}

pub(crate) async fn used(world: &World, kind: QuotaKind) -> u64 {
    let quotas = world.store().quotas(world.ann.account_id, world.ann.now()).await;
    let quotas = quotas.expect("quotas");
    let state = quotas
        .iter()
        .find(|state| state.kind == kind)
        .expect("every kind");
    state.used
}

pub(crate) fn file(size_bytes: u64) -> AssetFile {
    let sha256 = Sha256Hex::parse(&"5a".repeat(32)).expect("a hash");
    let (account, id) = (AccountId::new(1_u128.into()), AssetId::new(1_u128.into()));
    AssetFile {
        key: objects::keys::asset(account, id, AssetKind::Image, &sha256),
        content_type: "image/jpeg".to_owned(),
        size_bytes,
        sha256,
        width: Some(1200),
        height: Some(630),
        duration_ms: 0,
        has_sound: false,
    }
}

/// Assets of the samples: 1 and 2 are Ann's (100 bytes), 3 is the stranger's; all await their files.
pub(crate) async fn declared(world: &World) {
    for (number, owner) in [(1_u128, 1_u128), (2, 1), (3, 2)] {
        let now = world.ann.now();
        let asset = Asset {
            id: AssetId::new(number.into()),
            account_id: AccountId::new(owner.into()),
            kind: AssetKind::Image,
            name: Some(format!("Image {number}")),
            declared: Declared {
                content_type: "image/png".to_owned(),
                size_bytes: 100,
                sha256: None,
            },
            state: AssetState::Uploading {
                expires_at: now.plus_s(UPLOAD_S),
            },
            version: 1,
            created_at: now,
            updated_at: now,
        };
        world
            .store()
            .create_asset(&asset, now)
            .await
            .expect("a new asset");
    }
}

pub(crate) async fn happens(world: &World, number: u128, event: AssetEvent, now: Timestamp) {
    let at = AssetRef {
        account_id: world.ann.account_id,
        asset_id: AssetId::new(number.into()),
    };
    world.store().move_asset(at, &event, now).await.expect("an asset");
}

/// The same when 1 is ready and 2 is refused.
pub(crate) async fn checked(world: &World) {
    declared(world).await;
    let now = world.ann.now();
    for number in [1, 2] {
        happens(world, number, AssetEvent::Uploaded, now).await;
    }
    happens(world, 1, AssetEvent::Kept(file(70)), now).await;
    let refusal = AssetRefusal::new("input_corrupt", "The file cannot be decoded.");
    happens(world, 2, AssetEvent::Refused(refusal), now).await;
}

pub(crate) async fn uploaded(world: &World, number: u128, bytes: Vec<u8>) {
    let key = objects::keys::upload(world.ann.account_id, AssetId::new(number.into()));
    world
        .objects
        .put(&key, "image/png", bytes)
        .await
        .expect("a bucket");
}

pub(crate) async fn limit(world: &World, kind: QuotaKind, most: u64) {
    let overrides = BTreeMap::from([(kind, Some(most))]);
    let account = world.ann.account_id;
    world
        .store()
        .set_overrides(account, overrides)
        .await
        .expect("an account");
}

pub(crate) fn image_asset(number: u128, size_bytes: u64, now: Timestamp) -> Asset {
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

pub(crate) fn at(number: u128) -> AssetRef {
    AssetRef {
        account_id: AccountId::new(1_u128.into()),
        asset_id: AssetId::new(number.into()),
    }
}

pub(crate) async fn create_asset(
    store: Store,
    number: u128,
    size_bytes: u64,
    now: Timestamp,
) -> Result<Asset, StoreError> {
    store
        .create_asset(&image_asset(number, size_bytes, now), now)
        .await
}

pub(crate) fn media_tools() -> Tools {
    let usual = Tools::in_folder(&root().join(".local/tools"));
    let env = runtime::Env::process();
    Tools {
        ffmpeg: env.path("FFMPEG_PATH").unwrap_or(usual.ffmpeg),
        fonts_dir: env.path("FONTS_DIR").unwrap_or(usual.fonts_dir),
    }
}

pub(crate) fn inspecting(world: &World) -> inspect_upload::Deps {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(world.ann.now()));
    inspect_upload::Deps {
        inspection: UploadInspection {
            store: world.store(),
            objects: world.objects(),
            inspector: Arc::new(EngineInspector::new(media_tools())),
            clock,
        },
    }
}

/// Visits an asset of Ann's.
pub(crate) async fn inspect(world: &World, number: u128) -> Result<(), Failure> {
    let at = AssetRef {
        account_id: world.ann.account_id,
        asset_id: AssetId::new(number.into()),
    };
    inspect_upload::handle(&inspecting(world), at).await
}
