//! `assets`, `asset`, `complete-asset`: what is declared, shown, completed and deleted. Their checks: `assets/checks.rs`.

mod checks;
mod dying;
mod limits;

use std::sync::Arc;

use api::Request;
use domain::asset::{
    Asset, AssetEvent, AssetFile, AssetKind, AssetRefusal, AssetState, Declared, Sha256Hex, UPLOAD_S,
};
use domain::ports::Objects;
use domain::{AccountId, AssetId, QuotaKind, Timestamp};
use serde_json::{Value, json};
use store::AssetRef;
use testkit::FakeMessageQueue;

use super::world::{World, event, every_sample, later, of_account, refusal, saying, shown};

pub(super) fn listing(world: &World) -> assets::Deps {
    assets::Deps {
        store: world.store(),
        objects: world.objects(),
        ids: world.ids(),
    }
}

pub(super) fn one(world: &World) -> asset::Deps {
    asset::Deps {
        store: world.store(),
        objects: world.objects(),
    }
}

pub(super) fn completing(world: &World, queue: &Arc<FakeMessageQueue>) -> complete_asset::Deps {
    let queue: Arc<FakeMessageQueue> = Arc::clone(queue);
    complete_asset::Deps {
        store: world.store(),
        objects: world.objects(),
        queue,
        ids: world.ids(),
    }
}

/// The same request with another id in its path.
fn about(mut request: Request, id: &str) -> Request {
    request.path_params.insert("asset_id".to_owned(), id.to_owned());
    request.path = request.path.replace("ast_00000000000000000000000001", id);
    request
}

async fn declare(world: &World, request: Request) -> Value {
    shown(assets::handle(&listing(world), request).await)
}

async fn show(world: &World, id: &str) -> Value {
    let shown = shown(asset::handle(&one(world), about(event("asset", "get"), id)).await);
    shown["body"]["data"].clone()
}

async fn remove(world: &World, id: &str) -> Value {
    shown(asset::handle(&one(world), about(event("asset", "delete"), id)).await)
}

async fn complete(world: &World, id: &str) -> (Value, Vec<String>) {
    let queue = Arc::default();
    let deps = completing(world, &queue);
    let answer = complete_asset::handle(&deps, about(event("complete-asset", "post"), id)).await;
    (shown(answer), queue.take())
}

/// Bytes of Ann's storage that are counted, after an audit.
pub(super) async fn storage(world: &World) -> u64 {
    world.dynamo.assert_clean(world.ann.account_id).await;
    used(world, QuotaKind::StorageBytes).await
}

async fn used(world: &World, kind: QuotaKind) -> u64 {
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
async fn declared(world: &World) {
    for (number, owner) in [(1_u128, 1_u128), (2, 1), (3, 2)] {
        let now = world.ann.now();
        let asset = Asset {
            id: AssetId::new(number.into()),
            account_id: AccountId::new(owner.into()),
            kind: AssetKind::Image,
            name: Some(format!("Picture {number}")),
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

async fn happens(world: &World, number: u128, event: AssetEvent, now: Timestamp) {
    let at = AssetRef {
        account_id: world.ann.account_id,
        asset_id: AssetId::new(number.into()),
    };
    world.store().move_asset(at, &event, now).await.expect("an asset");
}

/// The same when 1 is ready and 2 is refused.
pub(super) async fn checked(world: &World) {
    declared(world).await;
    let now = world.ann.now();
    for number in [1, 2] {
        happens(world, number, AssetEvent::Uploaded, now).await;
    }
    happens(world, 1, AssetEvent::Kept(file(70)), now).await;
    let refusal = AssetRefusal::new("input_corrupt", "The file cannot be decoded.");
    happens(world, 2, AssetEvent::Refused(refusal), now).await;
}

async fn uploaded(world: &World, number: u128, bytes: Vec<u8>) {
    let key = objects::keys::upload(world.ann.account_id, AssetId::new(number.into()));
    world
        .objects
        .put(&key, "image/png", bytes)
        .await
        .expect("a bucket");
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("assets", async |world, request| {
        checked(world).await;
        assets::handle(&listing(world), request).await
    })
    .await;
    every_sample("asset", async |world, request| {
        checked(world).await;
        asset::handle(&one(world), request).await
    })
    .await;
    every_sample("complete-asset", async |world, request| {
        declared(world).await;
        uploaded(world, 1, vec![0; 100]).await;
        complete_asset::handle(&completing(world, &Arc::default()), request).await
    })
    .await;
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_by_field_and_reserves_nothing() {
    for (case, field, rule) in [
        ("create-empty", "size_bytes", "input_empty"),
        ("create-too-large", "size_bytes", "input_too_large"),
        ("create-wrong-type", "content_type", "input_type_not_allowed"),
        (
            "create-type-of-another-kind",
            "content_type",
            "input_type_not_allowed",
        ),
        ("create-long-name", "name", "too_long"),
        ("create-bad-hash", "sha256", "format"),
        ("create-unknown-kind", "kind", "unknown_value"),
        ("create-unknown-field", "folder", "unknown_field"),
    ] {
        let world = World::new().await;
        let refused = declare(&world, event("assets", case)).await;
        assert_eq!(refusal(&refused), (400, "validation_failed", field), "{case}");
        assert_eq!(refused["body"]["error"]["details"]["rule"], rule, "{case}");
        assert_eq!(
            (storage(&world).await, used(&world, QuotaKind::Upload).await),
            (0, 0)
        );
    }
}

#[tokio::test]
async fn a_repeat_declares_one_asset_and_its_key_holds_no_word_of_the_customer() {
    let world = World::new().await;
    let first = declare(&world, event("assets", "create")).await;
    let again = declare(&world, event("assets", "create")).await;
    assert_eq!(
        (&again["idempotent-replayed"], &again["body"]),
        (&json!("true"), &first["body"])
    );
    assert_eq!(
        (storage(&world).await, used(&world, QuotaKind::Upload).await),
        (7_340_032, 1)
    );
    let data = &first["body"]["data"];
    let (id, url) = (
        data["id"].as_str().unwrap(),
        data["upload"]["url"].as_str().unwrap(),
    );
    let key = format!(
        "https://media.test/uploads/accounts/{}/{id}?",
        world.ann.account_id
    );
    assert!(url.starts_with(&key), "{url}");
    assert!(url.contains("content-length=7340032"), "{url}");
    assert_eq!(data["upload"]["headers"], json!({"content-type": "video/mp4"}));
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
    let message: AssetRef = serde_json::from_str(&first.1[0]).unwrap();
    assert_eq!(
        (message.account_id, message.asset_id.to_string()),
        (world.ann.account_id, id.clone())
    );
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
async fn a_list_is_filtered_and_paged_without_links() {
    let world = World::new().await;
    checked(&world).await;
    for number in 0..3 {
        let body = json!({"kind": "audio", "content_type": "audio/mpeg", "size_bytes": 10});
        let request = later(saying(event("assets", "create-sound"), &body), number);
        assert_eq!(declare(&world, request).await["status"], 201);
    }
    let list = async |filters: &[(&str, &str)]| {
        let mut request = event("assets", "list");
        let filters = filters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        request.query.extend(filters);
        declare(&world, request).await["body"]["data"].clone()
    };
    let count = |page: &Value| page["items"].as_array().expect("a list").len();
    assert_eq!(count(&list(&[]).await), 5);
    assert_eq!(count(&list(&[("kind", "audio")]).await), 3);
    assert_eq!(count(&list(&[("kind", "image"), ("status", "ready")]).await), 1);
    assert_eq!(count(&list(&[("status", "refused"), ("kind", "audio")]).await), 0);
    let first = list(&[("kind", "audio"), ("limit", "2")]).await;
    let cursor = first["next_cursor"].as_str().expect("another page");
    let second = list(&[("kind", "audio"), ("limit", "2"), ("cursor", cursor)]).await;
    assert_eq!((count(&first), count(&second)), (2, 1));
    let other = list(&[("kind", "image"), ("cursor", cursor)]).await;
    assert_eq!(other, Value::Null, "a cursor belongs to its filter");
    let all = list(&[]).await.to_string();
    assert!(!all.contains("https://"), "{all}");
}
