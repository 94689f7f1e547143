//! `admin-quota-reset`.

use api::{Request, Response};
use domain::Failure;
use serde_json::json;

use super::world::quotas::{ask_usage, quota, some_use};
use super::world::{World, event, every_sample, of_account, shown};

async fn reset(world: &World, request: Request) -> Result<Response, Failure> {
    let (store, ids) = (world.store(), world.ids());
    admin_quota_reset::handle(&admin_quota_reset::Deps { store, ids }, request).await
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("admin-quota-reset", async |world, request| {
        some_use(world).await;
        reset(world, request).await
    })
    .await;
}

#[tokio::test]
async fn a_reset_reaches_only_the_account_it_names_and_a_repeat_resets_nothing_more() {
    let world = World::new().await;
    some_use(&world).await;
    let mut request = event("admin-quota-reset", "post");
    request
        .headers
        .insert("idempotency-key".to_owned(), "once".to_owned());
    let first = shown(reset(&world, request.clone()).await);
    assert_eq!(first["body"]["data"]["counters"][0]["used_before"], 3);
    let used = async |number| {
        let shown = shown(ask_usage(&world, of_account(event("usage", "today"), number)).await);
        quota(&shown, "short_form")["used"].clone()
    };
    assert_eq!((used(1).await, used(2).await), (json!(4), json!(0)));
    let again = shown(reset(&world, request).await);
    assert_eq!(again["body"], first["body"]);
    for number in [1_u128, 2] {
        world
            .dynamo
            .assert_clean(domain::AccountId::new(number.into()))
            .await;
    }
}
