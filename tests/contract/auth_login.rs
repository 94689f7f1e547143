//! `auth-login`.

use auth_login::{Deps, handle};
use domain::AccountId;
use domain::settings::Language;

use super::world::{World, event, every_sample, later, saying, shown};

fn deps(world: &World) -> Deps {
    Deps {
        store: world.store(),
        people: world.people(),
        ids: world.ids(),
    }
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("auth-login", async |world, request| {
        handle(&deps(world), request).await
    })
    .await;
}

#[tokio::test]
async fn the_first_log_in_opens_the_account_with_its_gift_and_later_ones_give_nothing() {
    let world = World::new().await;
    let account = world
        .people
        .confirmed("ann@example.com", super::world::PASSWORD, 77);
    assert_eq!(account, AccountId::new(77_u128.into()));
    for day in 0..3 {
        let mut request = later(event("auth-login", "login"), day * 86_400);
        request
            .headers
            .insert("accept-language".to_owned(), "ru".to_owned());
        assert_eq!(shown(handle(&deps(&world), request).await)["status"], 200);
    }
    let store = world.store();
    let wallet = store.wallet(account).await.unwrap();
    assert_eq!(wallet.available().get(), 100);
    assert_eq!(wallet.sequence(), 1, "one row: the gift");
    let lot = &wallet.lots()[0];
    assert_eq!(lot.expires_at, event("auth-login", "login").now.plus_days(30));
    let opened = store.account(account).await.unwrap();
    assert_eq!(
        (opened.email.as_str(), opened.language),
        ("ann@example.com", Language::Russian)
    );
    world.dynamo.assert_clean(account).await;
}

#[tokio::test]
async fn log_ins_at_the_same_time_give_one_gift() {
    let world = World::new().await;
    let account = world
        .people
        .confirmed("ann@example.com", super::world::PASSWORD, 78);
    let deps = deps(&world);
    let one = || handle(&deps, event("auth-login", "login"));
    let (a, b, c) = tokio::join!(one(), one(), one());
    for outcome in [a, b, c] {
        assert_eq!(shown(outcome)["status"], 200);
    }
    assert_eq!(
        world.store().wallet(account).await.unwrap().available().get(),
        100
    );
    world.dynamo.assert_clean(account).await;
}

#[tokio::test]
async fn a_wrong_password_an_unknown_and_an_unconfirmed_address_are_told_alike() {
    let world = World::new().await;
    let wrong = shown(handle(&deps(&world), event("auth-login", "wrong-password")).await);
    let unknown = shown(handle(&deps(&world), event("auth-login", "unknown-address")).await);
    let unconfirmed = shown(handle(&deps(&world), event("auth-login", "not-confirmed")).await);
    assert_eq!(wrong, unknown);
    assert_eq!(wrong, unconfirmed);
    assert_eq!(wrong["status"], 401);
}

#[tokio::test]
async fn an_alias_of_a_mailbox_brings_no_second_gift() {
    let world = World::new().await;
    let mut given = Vec::new();
    for (number, email) in [
        (81, "dora@example.com"),
        (82, "dora+again@example.com"),
        (83, "d.ora@example.com"),
        (84, "e.mil@gmail.com"),
        (85, "emil+2@googlemail.com"),
    ] {
        let account = world.people.confirmed(email, super::world::PASSWORD, number);
        let body = serde_json::json!({"email": email, "password": super::world::PASSWORD});
        for _ in 0..2 {
            let request = saying(event("auth-login", "login"), &body);
            assert_eq!(
                shown(handle(&deps(&world), request).await)["status"],
                200,
                "{email}"
            );
        }
        given.push(world.store().wallet(account).await.unwrap().available().get());
        world.dynamo.assert_clean(account).await;
    }
    assert_eq!(
        given,
        [100, 0, 100, 100, 0],
        "dots are another mailbox but at Google"
    );
}
