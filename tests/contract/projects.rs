//! `projects`.

use api::Request;
use projects::{Deps, handle};
use serde_json::{Value, json};

use super::world::{World, event, every_sample, later, refusal, saying, shown};

fn deps(world: &World) -> Deps {
    Deps {
        store: world.store(),
        ids: world.ids(),
        voice_provider: "local".to_owned(),
    }
}

async fn answer(world: &World, request: Request) -> Value {
    shown(handle(&deps(world), request).await)
}

async fn count(world: &World) -> usize {
    let list = answer(world, event("projects", "list")).await;
    list["body"]["data"]["items"].as_array().expect("a list").len()
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("projects", async |world, request| {
        handle(&deps(world), request).await
    })
    .await;
}

#[tokio::test]
async fn bad_input_is_refused_by_field_and_makes_nothing() {
    for (case, field) in [
        ("create-empty-keyword", "settings.keyword"),
        ("create-long-keyword", "settings.keyword"),
        ("create-unknown-tone", "settings.tone"),
        ("create-unknown-language", "settings.language"),
        ("create-duration-0", "settings.duration_s"),
        ("create-duration-4000", "settings.duration_s"),
        ("create-aspect-4-3", "settings.aspect"),
        ("create-wrong-type", "settings.keyword"),
        ("create-unknown-field", "settings.colour"),
        ("create-no-settings", "settings"),
        ("create-long-name", "name"),
    ] {
        let world = World::new().await;
        let refused = answer(&world, event("projects", case)).await;
        assert_eq!(refusal(&refused), (400, "validation_failed", field), "{case}");
        assert_eq!(count(&world).await, 1, "{case}");
    }
}

#[tokio::test]
async fn a_repeat_makes_one_project_and_another_body_is_refused() {
    let world = World::new().await;
    let first = answer(&world, event("projects", "create")).await;
    let again = answer(&world, event("projects", "create")).await;
    assert_eq!(again["idempotent-replayed"], "true");
    assert_eq!(again["body"], first["body"]);
    assert_eq!(count(&world).await, 2);
    let other = saying(
        event("projects", "create"),
        &json!({"settings": {"keyword": "Tea"}}),
    );
    assert_eq!(
        refusal(&answer(&world, other).await),
        (422, "idempotency_mismatch", "")
    );
    assert_eq!(count(&world).await, 2);
}

#[tokio::test]
async fn a_list_shows_only_the_callers_own_and_pages_through_them() {
    let world = World::new().await;
    for number in 0..4 {
        let body = json!({"settings": {"keyword": format!("Tea {number}")}});
        let request = later(saying(event("projects", "create-korean"), &body), number);
        let made = answer(&world, request).await;
        assert_eq!(made["status"], 201);
    }
    let mut names = Vec::new();
    let mut request = event("projects", "list");
    request.query.insert("limit".to_owned(), "2".to_owned());
    loop {
        let page = answer(&world, request.clone()).await;
        for item in page["body"]["data"]["items"].as_array().unwrap() {
            names.push(item["name"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["body"]["data"]["next_cursor"].as_str() else {
            break;
        };
        request.query.insert("cursor".to_owned(), next.to_owned());
    }
    assert_eq!(names, ["Tea 3", "Tea 2", "Tea 1", "Tea 0", "How bees make honey"]);
}
