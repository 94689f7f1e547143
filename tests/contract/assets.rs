//! `assets`: what is declared and listed, and the room and uploads of the plan, also when many come at once.

use std::collections::BTreeMap;

use domain::QuotaKind;
use serde_json::{Value, json};
use store::StoreError;
use testkit::at_once;

use super::world::uploads::{checked, create_asset, declare, limit, listing, storage, used};
use super::world::{World, event, every_sample, later, refusal, saying};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("assets", async |world, request| {
        checked(world).await;
        assets::handle(&listing(world), request).await
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
async fn a_type_is_declared_by_the_word_that_a_browser_or_a_phone_has_for_it() {
    for (kind, content_type) in [
        ("audio", "audio/mp3"),
        ("audio", "audio/x-wav"),
        ("audio", "audio/webm;codecs=opus"),
        ("video", "video/quicktime"),
        ("image", "image/jpg"),
    ] {
        let world = World::new().await;
        let body = json!({"kind": kind, "content_type": content_type, "size_bytes": 10});
        let made = declare(&world, saying(event("assets", "create-image"), &body)).await;
        let headers = &made["body"]["data"]["upload"]["headers"];
        assert_eq!(headers, &json!({"content-type": content_type}), "{made}");
    }
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
    let all = (1..=30).map(|number| create_asset(world.store(), number, 90, now));
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
