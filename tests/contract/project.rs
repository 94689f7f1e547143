//! `project`.

use api::Request;
use catalogue::Catalogue;
use domain::ProjectId;
use domain::job::JobKind;
use domain::outputs::MediaKey;
use domain::ports::Objects;
use project::{Deps, handle};
use serde_json::{Value, json};
use testkit::at_once;

use super::world::{World, event, every_sample, of_account, refusal, saying, shown, uploads};

fn deps(world: &World) -> Deps {
    Deps {
        store: world.store(),
        objects: world.objects(),
        voice_provider: "local".to_owned(),
        catalogue: Catalogue::standard(),
    }
}

async fn answer(world: &World, request: Request) -> Value {
    shown(handle(&deps(world), request).await)
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("project", async |world, request| {
        with_assets(world).await;
        handle(&deps(world), request).await
    })
    .await;
}

/// Asset 1 is an image of Ann's, 2 is refused, 3 is a stranger's.
async fn with_assets(world: &World) {
    uploads::checked(world).await;
    let kept = uploads::file(70);
    let stored = world.objects.put(&kept.key, "image/jpeg", vec![7; 70]);
    stored.await.expect("a bucket");
}

#[tokio::test]
async fn an_image_of_ones_own_is_refused_by_its_field_and_changes_nothing() {
    for (case, field, rule) in [
        ("patch-image-unknown", "images[0].asset_id", "unknown_asset"),
        ("patch-image-foreign", "images[0].asset_id", "unknown_asset"),
        ("patch-image-refused", "images[1].asset_id", "not_ready"),
        ("patch-image-no-such-scene", "images[0].scene", "range"),
        ("patch-image-twice", "images[1].scene", "repeated"),
    ] {
        let world = World::new().await;
        with_assets(&world).await;
        let before = answer(&world, event("project", "get")).await;
        let refused = answer(&world, event("project", case)).await;
        assert_eq!(refusal(&refused), (400, "validation_failed", field), "{case}");
        assert_eq!(refused["body"]["error"]["details"]["rule"], rule, "{case}");
        assert_eq!(answer(&world, event("project", "get")).await, before, "{case}");
        assert_eq!(uploads::storage(&world).await, 70, "{case}: no copy is counted");
    }
}

#[tokio::test]
async fn an_image_of_ones_own_is_a_copy_that_is_counted_once_and_goes_with_the_project() {
    let world = World::new().await;
    with_assets(&world).await;
    for _ in 0..2 {
        let patched = answer(&world, event("project", "patch-images")).await;
        let image = &patched["body"]["data"]["images"][1];
        assert_eq!(
            (&image["provider"], &image["width"]),
            (&json!("customer"), &json!(1200))
        );
        assert_eq!(uploads::storage(&world).await, 140, "the asset and one copy");
    }
    let other = answer(&world, event("project", "patch")).await;
    assert_eq!(
        other["body"]["data"]["images"][1]["provider"], "customer",
        "a change of else keeps it"
    );
    let removed = answer(&world, event("project", "patch-image-removed")).await;
    assert_eq!(
        removed["body"]["data"]["images"].as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(answer(&world, event("project", "delete")).await["status"], 204);
    assert_eq!(
        (uploads::storage(&world).await, world.objects.keys().len()),
        (70, 1)
    );
}

#[tokio::test]
async fn an_edited_script_is_marked_and_read_back() {
    let world = World::new().await;
    assert_eq!(
        answer(&world, event("project", "patch-script")).await["status"],
        200
    );
    let read = answer(&world, event("project", "get")).await;
    let script = &read["body"]["data"]["script"];
    assert_eq!(script["edited"], true);
    assert_eq!(script["sections"][1]["narration"], "Words of Nectar.");
}

#[tokio::test]
async fn a_change_of_some_settings_keeps_the_others() {
    let world = World::new().await;
    let before = answer(&world, event("project", "get")).await;
    let after = answer(&world, event("project", "patch")).await;
    let (before, after) = (
        &before["body"]["data"]["settings"],
        &after["body"]["data"]["settings"],
    );
    assert_eq!(
        (&after["tone"], &after["duration_s"]),
        (&Value::from("humorous"), &Value::from(45))
    );
    for kept in ["keyword", "language", "aspect", "speed", "brand"] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
}

#[tokio::test]
async fn a_project_that_a_job_works_on_is_neither_changed_nor_removed() {
    let world = World::new().await;
    let store = world.store();
    let id = ProjectId::new(1_u128.into());
    let project = store.project(world.ann.account_id, id).await.unwrap();
    let job = world.ann.job(&project, JobKind::GenerateAll, 30);
    store
        .start_job(
            &job,
            &ledger::Limits::none(),
            world.ann.transaction_id(),
            world.ann.now(),
        )
        .await
        .unwrap();
    for case in ["patch", "patch-script", "delete"] {
        let refused = answer(&world, event("project", case)).await;
        assert_eq!(refusal(&refused), (409, "job_active", ""), "{case}");
        assert_eq!(
            refused["body"]["error"]["details"]["job_id"],
            job.id.to_string(),
            "{case}"
        );
    }
    let read = answer(&world, event("project", "get")).await;
    assert_eq!(read["body"]["data"]["status"], "processing");
    assert_eq!(read["body"]["data"]["active_job_id"], job.id.to_string());
}

#[tokio::test]
async fn a_removal_takes_the_media_with_it_and_nobody_elses() {
    let world = World::new().await;
    let mine = objects::keys::project_prefix(world.ann.account_id, ProjectId::new(1_u128.into()));
    for key in [
        format!("{mine}videos/a.mp4"),
        "accounts/other/projects/other/b.mp4".to_owned(),
    ] {
        world
            .objects
            .put(&MediaKey::new(key), "video/mp4", vec![1])
            .await
            .unwrap();
    }
    assert_eq!(answer(&world, event("project", "delete")).await["status"], 204);
    assert_eq!(world.objects.keys(), ["accounts/other/projects/other/b.mp4"]);
    assert_eq!(
        refusal(&answer(&world, event("project", "get")).await),
        (404, "not_found", "")
    );
}

#[tokio::test]
async fn a_removal_that_died_half_way_is_finished_by_its_repeat() {
    let world = World::new().await;
    let id = ProjectId::new(1_u128.into());
    let key = MediaKey::new(format!(
        "{}a.mp4",
        objects::keys::project_prefix(world.ann.account_id, id)
    ));
    world.objects.put(&key, "video/mp4", vec![1]).await.unwrap();
    world
        .store()
        .delete_project(world.ann.account_id, id, None)
        .await
        .unwrap();
    let repeat = answer(&world, event("project", "delete")).await;
    assert_eq!(refusal(&repeat), (404, "not_found", ""));
    assert_eq!(world.objects.keys(), Vec::<String>::new());
}

#[tokio::test]
async fn a_stranger_finds_nothing_and_changes_nothing() {
    let world = World::new().await;
    for case in ["get", "patch", "patch-script", "delete"] {
        let refused = answer(&world, of_account(event("project", case), 2)).await;
        assert_eq!(refusal(&refused), (404, "not_found", ""), "{case}");
    }
    let read = answer(&world, event("project", "get")).await;
    assert_eq!(read["body"]["data"]["name"], "How bees make honey");
}

fn on_condition(case: &str, tag: &Value) -> Request {
    let mut request = event("project", case);
    let tag = tag.as_str().expect("a tag").to_owned();
    request.headers.insert("if-match".to_owned(), tag);
    request
}

#[tokio::test]
async fn a_change_or_a_removal_of_another_version_than_was_read_is_refused() {
    let world = World::new().await;
    let read = answer(&world, event("project", "get")).await["etag"].clone();
    let changed = answer(&world, on_condition("patch", &read)).await;
    assert_eq!(changed["status"], 200);
    assert_ne!(changed["etag"], read);
    for case in ["patch", "delete"] {
        let refused = answer(&world, on_condition(case, &read)).await;
        assert_eq!(refusal(&refused), (412, "precondition_failed", ""), "{case}");
    }
    let gone = answer(&world, on_condition("delete", &changed["etag"])).await;
    assert_eq!(gone["status"], 204);
}

#[tokio::test]
async fn changes_of_different_fields_at_once_all_remain() {
    let world = World::new().await;
    let patches = [
        json!({"name": "One"}),
        json!({"settings": {"tone": "humorous"}}),
        json!({"settings": {"duration_s": 45}}),
        json!({"settings": {"aspect": "1:1"}}),
        json!({"settings": {"speed": 0.75}}),
        json!({"settings": {"keyword": "Wax"}}),
    ];
    let calls = patches.iter().map(|patch| {
        let (deps, request) = (deps(&world), saying(event("project", "patch"), patch));
        async move { shown(handle(&deps, request).await) }
    });
    for outcome in at_once(calls).await {
        assert_eq!(outcome["status"], 200, "{outcome}");
    }
    let read = answer(&world, event("project", "get")).await;
    let data = &read["body"]["data"];
    assert_eq!(data["name"], "One");
    for (field, value) in [
        ("tone", json!("humorous")),
        ("duration_s", json!(45)),
        ("aspect", json!("1:1")),
        ("speed", json!(0.75)),
        ("keyword", json!("Wax")),
    ] {
        assert_eq!(data["settings"][field], value, "{field}");
    }
}
