//! `auth-password`.

use auth_password::{Deps, handle};

use super::world::team::caller_by_token;
use super::world::{PASSWORD, World, event, every_sample, shown};

/// The address of the account that the samples are of.
const EMAIL: &str = "customer1@example.com";

fn deps(world: &World) -> Deps {
    Deps {
        store: world.store(),
        people: world.people(),
    }
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("auth-password", async |world, request| {
        world.people.confirmed(EMAIL, PASSWORD, 1);
        handle(&deps(world), request).await
    })
    .await;
}

#[tokio::test]
async fn every_other_session_ends_and_the_answered_one_begins() {
    let world = World::new().await;
    world.people.confirmed(EMAIL, PASSWORD, 1);
    world.people.at(world.ann.now().plus_s(-60));
    let people = world.people();
    let before = people.log_in(EMAIL, PASSWORD).await.unwrap();
    world.people.at(world.ann.now());
    let changed = shown(handle(&deps(&world), event("auth-password", "change")).await);
    let token = changed["body"]["data"]["access_token"].as_str().unwrap();
    assert!(caller_by_token(&world, token).await.is_ok());
    assert_eq!(
        caller_by_token(&world, &before.access_token).await.unwrap_err(),
        "unauthenticated"
    );
    assert!(
        people
            .refresh(before.refresh_token.as_deref().unwrap())
            .await
            .is_err()
    );
    assert!(people.log_in(EMAIL, PASSWORD).await.is_err());
    assert!(people.log_in(EMAIL, "Battery-staple-2").await.is_ok());
}
