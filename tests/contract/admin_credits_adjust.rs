//! `admin-credits-adjust`.

use domain::AccountId;
use serde_json::json;

use super::world::operators::{adjust, asked, available};
use super::world::{World, event, every_sample, refusal, saying, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("admin-credits-adjust", async |world, request| {
        asked(world).await;
        admin_credits_adjust::handle(&adjust(world), request).await
    })
    .await;
}

#[tokio::test]
async fn a_repeat_under_one_key_corrects_once() {
    let world = World::new().await;
    let mut request = event("admin-credits-adjust", "small");
    request
        .headers
        .insert("idempotency-key".to_owned(), "one".to_owned());
    for _ in 0..2 {
        let answer = shown(admin_credits_adjust::handle(&adjust(&world), request.clone()).await);
        assert_eq!(answer["status"], 200);
        assert_eq!(available(&world, 2).await, 60);
    }
    let other = saying(
        request,
        &json!({"account_id": AccountId::new(2_u128.into()), "credits": -41, "note": "x"}),
    );
    let refused = shown(admin_credits_adjust::handle(&adjust(&world), other).await);
    assert_eq!(refusal(&refused).1, "idempotency_mismatch");
    assert_eq!(available(&world, 2).await, 60);
}
