//! `auth-confirm`.

use auth_confirm::{Deps, handle};
use domain::password::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use testkit::workspace::root;

use super::world::{World, event, every_sample, refusal, shown};

fn deps(world: &World) -> Deps {
    Deps {
        store: world.store(),
        people: world.people(),
    }
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("auth-confirm", async |world, request| {
        handle(&deps(world), request).await
    })
    .await;
}

#[tokio::test]
async fn a_code_works_once() {
    let world = World::new().await;
    let first = shown(handle(&deps(&world), event("auth-confirm", "confirm")).await);
    assert_eq!(first["status"], 200);
    let second = shown(handle(&deps(&world), event("auth-confirm", "confirm")).await);
    assert_eq!(refusal(&second), (400, "verification_failed", ""));
}

#[test]
fn the_shortest_password_is_one_number_in_the_rule_the_pool_and_the_document() {
    let pool = std::fs::read_to_string(root().join("infra/stores.yaml")).expect("the template");
    let minimum = format!("MinimumLength: {PASSWORD_CHARS_MIN}\n");
    assert!(pool.contains(&minimum), "the pool's policy is not {minimum}");
    let document = std::fs::read_to_string(root().join("docs/openapi.json")).expect("the document");
    let document: serde_json::Value = serde_json::from_str(&document).expect("JSON");
    for (schema, field) in [
        ("ConfirmRequest", "password"),
        ("ResetRequest", "password"),
        ("PasswordRequest", "new_password"),
    ] {
        let told = &document["components"]["schemas"][schema]["properties"][field];
        assert_eq!(told["minLength"], PASSWORD_CHARS_MIN, "{schema}");
        assert_eq!(told["maxLength"], PASSWORD_CHARS_MAX, "{schema}");
    }
}
