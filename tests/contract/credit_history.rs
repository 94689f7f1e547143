//! `credit-history`.

use domain::Credits;
use serde_json::Value;

use super::world::{World, event, every_sample, of_account, refusal, shown};

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
    every_sample("credit-history", async |world, request| {
        credit_history::handle(&history(world), request).await
    })
    .await;
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
async fn a_history_as_a_table_is_whole_and_no_cell_of_it_is_a_formula() {
    let world = World::new().await;
    let (id, now) = (world.ann.account_id, world.ann.now());
    for (number, note) in ["=1+1", "+1", "-1", "@now", "plain, with a comma", "감사합니다"]
        .iter()
        .enumerate()
    {
        let mut grant = world.ann.grant_of(&format!("extra:{number}"), 1);
        grant.note = Some((*note).to_owned());
        world.store().grant(id, grant, now).await.unwrap();
    }
    for number in 0..110 {
        let grant = world.ann.grant_of(&format!("more:{number}"), 1);
        world.store().grant(id, grant, now).await.unwrap();
    }
    let answer = credit_history::handle(&history(&world), event("credit-history", "table"))
        .await
        .unwrap();
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(answer.headers.get("x-next-cursor"), None, "all of it");
    let text = answer.plain().unwrap();
    let lines: Vec<&str> = text.trim_end().split("\r\n").collect();
    assert_eq!(lines.len(), 1 + 1 + 6 + 110);
    let notes: Vec<&str> = lines[111..117]
        .iter()
        .map(|line| line.splitn(14, ',').last().unwrap())
        .collect();
    assert_eq!(
        notes,
        [
            "감사합니다",
            "\"plain, with a comma\"",
            "'@now",
            "-1",
            "+1",
            "'=1+1"
        ]
    );
    assert!(lines[117].contains(",grant,100,0,0,100,0,0,"), "{}", lines[117]);
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
