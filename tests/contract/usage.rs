//! `usage`.

use domain::account::PlanId;
use serde_json::{Value, json};

use super::world::quotas::{ask_usage, quota, some_use};
use super::world::{World, event, every_sample, later, saying, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("usage", async |world, request| {
        some_use(world).await;
        ask_usage(world, request).await
    })
    .await;
}

#[tokio::test]
async fn use_is_counted_once_and_refused_above_the_limit_until_the_next_day() {
    let world = World::new().await;
    let body = |id: &str| json!({"items": [{"kind": "upload", "resource_type": "file", "resource_id": id, "quantity": 6}]});
    let count = async |id: &str, seconds| {
        let request = later(saying(event("usage", "count"), &body(id)), seconds);
        shown(ask_usage(&world, request).await)
    };
    let first = count("a", 0).await;
    assert_eq!(
        (&first["status"], &first["body"]["data"]["repeated"]),
        (&json!(200), &json!(false))
    );
    assert_eq!(quota(&first, "upload")["used"], 6);
    assert_eq!(count("a", 0).await["body"]["data"]["repeated"], true);
    let refused = count("b", 0).await;
    assert_eq!(
        (&refused["status"], &refused["retry-after"]),
        (&json!(429), &json!("57600"))
    );
    let details = &refused["body"]["error"]["details"];
    assert_eq!(
        (&details["kind"], &details["limit"], &details["used"]),
        (&json!("upload"), &json!(10), &json!(6))
    );
    assert_eq!(details["resets_at"], "2026-11-22T00:00:00.000Z");
    let next_day = count("b", 57_600).await;
    assert_eq!(next_day["status"], 200, "{next_day}");
    world.dynamo.assert_clean(world.ann.account_id).await;
}

#[tokio::test]
async fn a_larger_plan_counts_from_the_next_call_on() {
    let world = World::new().await;
    some_use(&world).await;
    let (store, ann) = (world.store(), world.ann.account_id);
    store
        .set_standing(ann, Some(PlanId::Basic), None, world.ann.now())
        .await
        .expect("a plan");
    let shown = shown(ask_usage(&world, event("usage", "today")).await);
    let short_forms = quota(&shown, "short_form");
    assert_eq!(
        (&short_forms["limit"], &short_forms["percent"]),
        (&json!(30), &json!(13))
    );
    assert_eq!(short_forms["level"], Value::Null);
}
