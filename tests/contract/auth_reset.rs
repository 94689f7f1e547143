//! `auth-reset`.

use auth_reset::{Deps, handle};
use domain::ErrorCode;

use super::world::team::caller_by_token;
use super::world::{PASSWORD, World, event, every_sample, shown};

fn deps(world: &World) -> Deps {
    Deps {
        store: world.store(),
        people: world.people(),
    }
}

/// Ann has asked for a new password.
async fn forgotten(world: &World) {
    let asked = world.people().forgot("ann@example.com").await;
    asked.expect("a mail");
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("auth-reset", async |world, request| {
        forgotten(world).await;
        handle(&deps(world), request).await
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_what_the_old_one_began() {
    let world = World::new().await;
    let people = world.people();
    world.people.at(world.ann.now().plus_s(-60));
    let before = people.log_in("ann@example.com", PASSWORD).await.unwrap();
    assert!(caller_by_token(&world, &before.access_token).await.is_ok());
    forgotten(&world).await;
    assert_eq!(
        shown(handle(&deps(&world), event("auth-reset", "reset")).await)["status"],
        204
    );
    let refused = people.log_in("ann@example.com", PASSWORD).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Unauthenticated);
    let stale = people.refresh(before.refresh_token.as_deref().unwrap()).await;
    assert_eq!(stale.unwrap_err().code, ErrorCode::Unauthenticated);
    assert_eq!(
        caller_by_token(&world, &before.access_token).await.unwrap_err(),
        "unauthenticated"
    );
    world.people.at(world.ann.now());
    let after = people
        .log_in("ann@example.com", "Battery-staple-2")
        .await
        .unwrap();
    assert!(caller_by_token(&world, &after.access_token).await.is_ok());
    let again = shown(handle(&deps(&world), event("auth-reset", "reset")).await);
    assert_eq!(
        again["body"]["error"]["code"], "verification_failed",
        "a code is used once"
    );
}

#[tokio::test]
async fn a_wrong_code_and_an_unknown_address_are_told_alike() {
    let world = World::new().await;
    forgotten(&world).await;
    let wrong = shown(handle(&deps(&world), event("auth-reset", "wrong-code")).await);
    let unknown = shown(handle(&deps(&world), event("auth-reset", "unknown-address")).await);
    assert_eq!(wrong, unknown);
    assert_eq!(wrong["status"], 400);
}
