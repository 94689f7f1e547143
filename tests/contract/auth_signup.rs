//! `auth-signup`.

use api::Request;
use auth_signup::{Deps, handle};
use serde_json::Value;

use super::world::{World, event, every_sample, refusal, shown};

async fn answer(world: &World, request: Request) -> Value {
    shown(handle(&deps(world), request).await)
}

fn deps(world: &World) -> Deps {
    Deps {
        store: world.store(),
        people: world.people(),
    }
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("auth-signup", async |world, request| {
        handle(&deps(world), request).await
    })
    .await;
}

#[tokio::test]
async fn an_address_is_signed_up_once_however_it_is_spelled() {
    let world = World::new().await;
    assert_eq!(
        answer(&world, event("auth-signup", "signup")).await["status"],
        201
    );
    let again = answer(&world, event("auth-signup", "signup")).await;
    assert_eq!(refusal(&again), (409, "email_taken", ""));
}

#[tokio::test]
async fn one_address_may_not_try_for_ever() {
    let world = World::new().await;
    for _ in 0..30 {
        answer(&world, event("auth-signup", "email-taken")).await;
    }
    let refused = answer(&world, event("auth-signup", "email-taken")).await;
    assert_eq!(refusal(&refused), (429, "rate_limited", ""));
    assert!(refused["retry-after"].is_string(), "{refused}");
}

#[tokio::test]
async fn a_pool_that_is_down_is_told_as_unavailable() {
    let world = World::new().await;
    world.people.break_down();
    let refused = answer(&world, event("auth-signup", "signup")).await;
    assert_eq!(refusal(&refused), (503, "unavailable", ""));
}
