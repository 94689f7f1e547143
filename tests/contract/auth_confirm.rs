//! `auth-confirm`.

use auth_confirm::{Deps, handle};

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
