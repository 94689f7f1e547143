//! `credit-balance`.

use domain::Credits;
use domain::job::JobKind;
use ledger::Origin;
use serde_json::Value;

use super::world::{World, event, every_sample, later, shown};

fn balance(world: &World) -> credit_balance::Deps {
    credit_balance::Deps { store: world.store() }
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("credit-balance", async |world, request| {
        credit_balance::handle(&balance(world), request).await
    })
    .await;
}

#[tokio::test]
async fn a_hold_moves_credits_from_available_to_held() {
    let world = World::new().await;
    let project = world.ann.project().await;
    let job = world.ann.job(&project, JobKind::GenerateAll, 30);
    let now = world.ann.now();
    world
        .store()
        .start_job(&job, &ledger::Limits::none(), world.ann.transaction_id(), now)
        .await
        .unwrap();
    let shown = shown(credit_balance::handle(&balance(&world), event("credit-balance", "get")).await);
    let data = &shown["body"]["data"];
    assert_eq!(
        (&data["available"], &data["held"]),
        (&Value::from(70), &Value::from(30))
    );
    assert_eq!(data["lots"][0]["held"], 30);
}

#[tokio::test]
async fn expired_credits_are_not_shown_as_available() {
    let world = World::new().await;
    let request = later(event("credit-balance", "get"), 30 * 86_400);
    let shown = shown(credit_balance::handle(&balance(&world), request).await);
    assert_eq!(shown["body"]["data"]["available"], 0);
    assert_eq!(shown["body"]["data"]["lots"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn a_balance_tells_what_is_owed_and_what_expires_within_a_week_and_a_month() {
    let world = World::new().await;
    let (id, now) = (world.ann.account_id, world.ann.now());
    for (key, credits, days, origin) in [
        ("early", 5, 2, Origin::Gift),
        ("early too", 6, 2, Origin::Gift),
        ("bought", 7, 2, Origin::Purchase),
        ("later", 8, 29, Origin::Subscription),
        ("far", 9, 365, Origin::Purchase),
    ] {
        let mut grant = world.ann.grant_of(key, credits);
        grant.expires_at = now.plus_days(days);
        grant.origin = origin;
        world.store().grant(id, grant, now).await.unwrap();
    }
    let shown_now =
        async || shown(credit_balance::handle(&balance(&world), event("credit-balance", "get")).await);
    let first = shown_now().await;
    let data = &first["body"]["data"];
    let sums: Vec<_> = data["expiring"]
        .as_array()
        .unwrap()
        .iter()
        .map(|window| {
            (
                window["within_days"].as_u64().unwrap(),
                window["credits"].as_u64().unwrap(),
            )
        })
        .collect();
    // The gift of 100 expires in exactly 30 days: not within them.
    assert_eq!(sums, [(7, 18), (30, 26)]);
    let groups = data["expiring"][1]["groups"].as_array().unwrap();
    let told: Vec<_> = groups
        .iter()
        .map(|group| {
            (
                group["origin"].as_str().unwrap(),
                group["credits"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [("purchase", 7), ("gift", 11), ("subscription", 8)]);
    assert_eq!(groups[0]["day"].as_str(), Some(now.plus_days(2).day().as_str()));
    assert_eq!(
        (&data["debt"], &data["open_jobs"]),
        (&Value::from(0), &Value::from(0))
    );
    let claw_back = ledger::ClawBack {
        key: "refund:1".to_owned(),
        credits: Credits::new(140),
        from_grant: None,
        transaction_id: world.ann.transaction_id(),
        note: None,
    };
    world.store().claw_back(id, claw_back, now).await.unwrap();
    let owing = shown_now().await;
    let data = &owing["body"]["data"];
    assert_eq!(
        (&data["available"], &data["debt"]),
        (&Value::from(0), &Value::from(5))
    );
    assert_eq!(data["expiring"][1]["credits"], 0);
}
