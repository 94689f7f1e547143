//! `auth-logout`.

use auth_logout::{Deps, handle};
use domain::ports::Session;

use super::world::team::caller_by_token;
use super::world::{PASSWORD, World, event, every_sample, saying, shown};

fn deps(world: &World) -> Deps {
    Deps {
        store: world.store(),
        people: world.people(),
    }
}

/// A log-in of a minute ago.
async fn logged_in(world: &World) -> Session {
    world.people.at(world.ann.now().plus_s(-60));
    let session = world.people().log_in("ann@example.com", PASSWORD).await;
    session.expect("a session")
}

fn by(session: &Session, case: &str) -> api::Request {
    let mut request = event("auth-logout", case);
    let bearer = format!("Bearer {}", session.access_token);
    request.headers.insert("authorization".to_owned(), bearer);
    request
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("auth-logout", async |world, request| {
        handle(&deps(world), request).await
    })
    .await;
}

#[tokio::test]
async fn the_tokens_of_a_session_are_refused_at_once_and_another_session_goes_on() {
    let world = World::new().await;
    let (phone, laptop) = (logged_in(&world).await, logged_in(&world).await);
    let refresh_token = phone.refresh_token.as_deref().unwrap();
    let body = serde_json::json!({"refresh_token": refresh_token});
    let request = saying(by(&phone, "session"), &body);
    assert_eq!(shown(handle(&deps(&world), request).await)["status"], 204);
    let refused = caller_by_token(&world, &phone.access_token).await;
    assert_eq!(refused.unwrap_err(), "unauthenticated");
    assert!(world.people().refresh(refresh_token).await.is_err());
    assert!(caller_by_token(&world, &laptop.access_token).await.is_ok());
    let other = laptop.refresh_token.as_deref().unwrap();
    assert!(world.people().refresh(other).await.is_ok());
}

#[tokio::test]
async fn everywhere_means_every_session_and_the_next_log_in_is_let_in() {
    let world = World::new().await;
    let (phone, laptop) = (logged_in(&world).await, logged_in(&world).await);
    let request = by(&phone, "everywhere");
    assert_eq!(shown(handle(&deps(&world), request).await)["status"], 204);
    for session in [&phone, &laptop] {
        let refused = caller_by_token(&world, &session.access_token).await;
        assert_eq!(refused.unwrap_err(), "unauthenticated");
        let refresh_token = session.refresh_token.as_deref().unwrap();
        assert!(world.people().refresh(refresh_token).await.is_err());
    }
    world.people.at(world.ann.now());
    let next = world.people().log_in("ann@example.com", PASSWORD).await.unwrap();
    assert!(caller_by_token(&world, &next.access_token).await.is_ok());
}
