//! `user-me`.

use user_me::{Deps, handle};

use super::world::{World, event, every_sample, shown};

fn deps(world: &World) -> Deps {
    Deps { store: world.store() }
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("user-me", async |world, request| {
        handle(&deps(world), request).await
    })
    .await;
}

#[tokio::test]
async fn a_change_is_read_back() {
    let world = World::new().await;
    let changed = shown(handle(&deps(&world), event("user-me", "patch")).await);
    let read = shown(handle(&deps(&world), event("user-me", "get")).await);
    assert_eq!(read["body"], changed["body"]);
    assert_eq!(read["body"]["data"]["name"], "Ann Lee");
}
