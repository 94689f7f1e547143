//! `auth-forgot`.

use auth_forgot::{Deps, handle};

use super::world::{World, event, every_sample, refusal, shown};

fn deps(world: &World) -> Deps {
    Deps {
        store: world.store(),
        people: world.people(),
    }
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("auth-forgot", async |world, request| {
        handle(&deps(world), request).await
    })
    .await;
}

#[tokio::test]
async fn a_known_and_an_unknown_address_are_answered_alike() {
    let world = World::new().await;
    let known = shown(handle(&deps(&world), event("auth-forgot", "forgot")).await);
    let unknown = shown(handle(&deps(&world), event("auth-forgot", "unknown-address")).await);
    assert_eq!(known, unknown);
    assert_eq!(known["status"], 202);
    assert_eq!(
        world.people.mails().len(),
        1,
        "only who has an account is sent a mail"
    );
    world.people.break_down();
    let refused = shown(handle(&deps(&world), event("auth-forgot", "forgot")).await);
    assert_eq!(refusal(&refused), (503, "unavailable", ""));
}
