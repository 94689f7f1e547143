//! `admin-credits-approve`.

use domain::{AccountId, AdjustmentId};
use serde_json::json;

use super::world::operators::{adjust, approve, asked, available};
use super::world::{World, event, every_sample, later, of_account, refusal, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("admin-credits-approve", async |world, request| {
        if request.path_params["adjustment_id"] == AdjustmentId::new(1_u128.into()).to_string() {
            asked(world).await;
        }
        admin_credits_approve::handle(&approve(world), request).await
    })
    .await;
}

#[tokio::test]
async fn a_large_correction_waits_for_another_operator_and_moves_once() {
    let world = World::new().await;
    let asked =
        shown(admin_credits_adjust::handle(&adjust(&world), event("admin-credits-adjust", "large")).await);
    assert_eq!((&asked["status"], available(&world, 2).await), (&json!(202), 100));
    let id = asked["body"]["data"]["id"].as_str().expect("an id").to_owned();
    let mut own = event("admin-credits-approve", "approve");
    own.path_params.insert("adjustment_id".to_owned(), id);
    let refused = shown(admin_credits_approve::handle(&approve(&world), own.clone()).await);
    assert_eq!(refusal(&refused).1, "forbidden");
    let other = of_account(own.clone(), 7);
    for _ in 0..2 {
        let agreed = shown(admin_credits_approve::handle(&approve(&world), other.clone()).await);
        assert_eq!(
            (&agreed["status"], available(&world, 2).await),
            (&json!(200), 20_100)
        );
    }
    let third = shown(admin_credits_approve::handle(&approve(&world), of_account(own.clone(), 8)).await);
    assert_eq!(refusal(&third).1, "conflict");
    let tomorrow = shown(admin_credits_approve::handle(&approve(&world), later(own, 90_000)).await);
    assert_eq!(refusal(&tomorrow).1, "conflict", "decided long ago");
    world.dynamo.assert_clean(AccountId::new(2_u128.into())).await;
}
