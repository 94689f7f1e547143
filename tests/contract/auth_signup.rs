//! `auth-signup`.

use auth_signup::{Deps, handle};
use domain::ErrorCode;
use serde_json::json;
use testkit::people::{CODE, RESET_CODE};

use super::world::{World, event, every_sample, refusal, saying, shown};

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
async fn a_new_a_known_and_an_unconfirmed_address_are_answered_alike_and_the_mail_says_which() {
    let world = World::new().await;
    let cases = ["signup", "known-address", "unconfirmed-address"];
    let mut answers = Vec::new();
    for case in cases {
        answers.push(shown(handle(&deps(&world), event("auth-signup", case)).await));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    let mails = [
        ("carol@example.com".to_owned(), CODE),
        ("ann@example.com".to_owned(), RESET_CODE),
        ("bob@example.com".to_owned(), CODE),
    ];
    assert_eq!(world.people.mails(), mails);
}

#[tokio::test]
async fn who_signs_a_strange_address_up_first_does_not_get_it() {
    let world = World::new().await;
    let sign_up = || event("auth-signup", "signup");
    // The attacker, then the owner of the mailbox, to whom both codes are mailed.
    for _ in 0..2 {
        assert_eq!(shown(handle(&deps(&world), sign_up()).await)["status"], 202);
    }
    let confirm = deps(&world);
    let body = json!({"email": "carol@example.com", "code": CODE, "password": "Victim-horse-1"});
    let proof = saying(event("auth-confirm", "confirm"), &body);
    assert_eq!(shown(auth_confirm::handle(&confirm, proof).await)["status"], 200);
    let people = world.people();
    assert!(people.log_in("carol@example.com", "Victim-horse-1").await.is_ok());
    let attacker = people.log_in("carol@example.com", "Attacker-horse-1").await;
    assert_eq!(attacker.unwrap_err().code, ErrorCode::Unauthenticated);
}

#[tokio::test]
async fn a_person_who_signs_up_again_gets_a_new_password_by_the_mail() {
    let world = World::new().await;
    shown(handle(&deps(&world), event("auth-signup", "known-address")).await);
    let confirm = deps(&world);
    let body = json!({"email": "ann@example.com", "code": RESET_CODE, "password": "Battery-staple-2"});
    let proof = saying(event("auth-confirm", "confirm"), &body);
    assert_eq!(shown(auth_confirm::handle(&confirm, proof).await)["status"], 200);
    assert!(
        world
            .people()
            .log_in("ann@example.com", "Battery-staple-2")
            .await
            .is_ok()
    );
    let account = world.store().account(world.ann.account_id).await.unwrap();
    assert_eq!(
        account.sessions_from,
        Some(event("auth-confirm", "confirm").now),
        "sessions end"
    );
}

#[tokio::test]
async fn one_address_may_not_try_for_ever() {
    let world = World::new().await;
    for _ in 0..30 {
        shown(handle(&deps(&world), event("auth-signup", "email-malformed")).await);
    }
    let refused = shown(handle(&deps(&world), event("auth-signup", "email-malformed")).await);
    assert_eq!(refusal(&refused), (429, "rate_limited", ""));
    assert!(refused["retry-after"].is_string(), "{refused}");
}

#[tokio::test]
async fn strangers_cannot_flood_a_mailbox_and_it_is_told_alike_of_every_address() {
    for case in ["signup", "known-address", "unconfirmed-address"] {
        let world = World::new().await;
        for _ in 0..5 {
            assert_eq!(
                shown(handle(&deps(&world), event("auth-signup", case)).await)["status"],
                202
            );
        }
        let refused = shown(handle(&deps(&world), event("auth-signup", case)).await);
        assert_eq!(refusal(&refused), (429, "rate_limited", ""), "{case}");
        assert_eq!(world.people.mails().len(), 5, "{case}");
    }
}

#[tokio::test]
async fn a_pool_that_is_down_is_told_as_unavailable() {
    let world = World::new().await;
    world.people.break_down();
    let refused = shown(handle(&deps(&world), event("auth-signup", "signup")).await);
    assert_eq!(refusal(&refused), (503, "unavailable", ""));
}
