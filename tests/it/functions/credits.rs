//! `credit-balance` and `credit-history`.

use domain::Credits;
use domain::job::JobKind;
use serde_json::Value;

use super::{World, event, every_sample, later, of_account, refusal, shown};

fn balance(world: &World) -> credit_balance::Deps {
    credit_balance::Deps { store: world.store() }
}

fn history(world: &World) -> credit_history::Deps {
    credit_history::Deps { store: world.store() }
}

async fn page(world: &World, limit: &str, cursor: Option<&Value>) -> Value {
    let mut request = event("credit-history", "list");
    request.query.insert("limit".to_owned(), limit.to_owned());
    if let Some(cursor) = cursor {
        let text = cursor.as_str().expect("a cursor is text").to_owned();
        request.query.insert("cursor".to_owned(), text);
    }
    shown(credit_history::handle(&history(world), request).await)
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("credit-balance", async |world, request| {
        credit_balance::handle(&balance(world), request).await
    })
    .await;
    every_sample("credit-history", async |world, request| {
        credit_history::handle(&history(world), request).await
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
        .start_job(&job, world.ann.transaction_id(), now)
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
async fn the_pages_of_a_history_are_whole_and_newest_first() {
    let world = World::new().await;
    for number in 0..4 {
        let grant = world.ann.grant_of(&format!("extra:{number}"), 1);
        world
            .store()
            .grant(world.ann.account_id, grant, world.ann.now())
            .await
            .unwrap();
    }
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = page(&world, "2", cursor.as_ref()).await;
        let data = &page["body"]["data"];
        for row in data["items"].as_array().unwrap() {
            seen.push(row["sequence"].as_u64().unwrap());
        }
        cursor = data.get("next_cursor").cloned();
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
    let wallet = world.store().wallet(world.ann.account_id).await.unwrap();
    assert_eq!(wallet.available(), Credits::new(104));
}

#[tokio::test]
async fn a_cursor_of_another_account_is_refused() {
    let world = World::new().await;
    let grant = world.ann.grant_of("extra", 1);
    world
        .store()
        .grant(world.ann.account_id, grant, world.ann.now())
        .await
        .unwrap();
    let first = page(&world, "1", None).await;
    let cursor = first["body"]["data"]["next_cursor"].as_str().unwrap().to_owned();
    let mut request = of_account(event("credit-history", "list"), 2);
    request.query.insert("cursor".to_owned(), cursor);
    let refused = shown(credit_history::handle(&history(&world), request).await);
    assert_eq!(refusal(&refused), (400, "invalid_cursor", ""));
}
