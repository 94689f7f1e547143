//! The promise of quotas on the deployed stack: many at once, never one too many, never another's.

use reqwest::StatusCode;
use serde_json::json;
use tokio::task::JoinSet;

use super::client::{Auth, Stack};

/// Counts one `ai_request` for each of `count` resources, all at once; answers with the statuses.
async fn count_at_once(who: &Auth, count: usize) -> Vec<StatusCode> {
    let mut calls = JoinSet::new();
    for number in 0..count {
        let who = who.clone();
        calls.spawn(async move {
            let item = json!({"kind": "ai_request", "resource_type": "prompt", "resource_id": format!("p-{number}")});
            let answer = Stack::connect().post(&who, "/usage", json!({"items": [item]})).await;
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                assert_eq!(answer.refusal(), (429, "quota_exceeded"), "{}", answer.body);
                assert!(answer.headers.contains_key("retry-after"));
            }
            answer.status
        });
    }
    calls.join_all().await
}

/// What the API and the log of the account say was used.
async fn used(stack: &Stack, who: &Auth) -> (u64, u64) {
    let answer = stack.get(who, "/usage").await;
    let data = answer.data();
    let quotas = data["quotas"].as_array().expect("quotas");
    let quota = quotas.iter().find(|quota| quota["kind"] == "ai_request");
    let used = quota.and_then(|quota| quota["used"].as_u64()).expect("a number");
    (used, data["totals"]["calls"].as_u64().expect("a number"))
}

fn of(statuses: &[StatusCode], wanted: StatusCode) -> usize {
    statuses.iter().filter(|status| **status == wanted).count()
}

#[tokio::test]
async fn fifty_at_once_inside_the_limit_all_succeed_and_of_seventy_against_fifty_exactly_fifty() {
    let stack = Stack::connect();
    // The free plan allows fifty calls a day, and the minute's window a hundred requests of one account.
    let inside = stack.newcomer("quota-inside").await;
    let statuses = count_at_once(&inside, 50).await;
    assert_eq!(of(&statuses, StatusCode::OK), 50, "{statuses:?}");
    assert_eq!(used(&stack, &inside).await, (50, 50));
    let above = stack.newcomer("quota-above").await;
    let statuses = count_at_once(&above, 70).await;
    assert_eq!(of(&statuses, StatusCode::OK), 50, "{statuses:?}");
    assert_eq!(of(&statuses, StatusCode::TOO_MANY_REQUESTS), 20, "{statuses:?}");
    assert_eq!(used(&stack, &above).await, (50, 50));
    let alerts = stack.get(&above, "/usage/alerts").await;
    let told = alerts.data()["items"].as_array().expect("alerts").len();
    assert_eq!(told, 2, "a warning and a critical, each once: {}", alerts.body);
}

#[tokio::test]
async fn three_accounts_at_once_never_mix() {
    let stack = Stack::connect();
    let (a, b, c) = (
        stack.newcomer("quota-a").await,
        stack.newcomer("quota-b").await,
        stack.newcomer("quota-c").await,
    );
    let answers = tokio::join!(
        count_at_once(&a, 30),
        count_at_once(&b, 20),
        count_at_once(&c, 10)
    );
    for (who, statuses, expected) in [(&a, answers.0, 30), (&b, answers.1, 20), (&c, answers.2, 10)] {
        assert_eq!(of(&statuses, StatusCode::OK), expected, "{statuses:?}");
        let expected = u64::try_from(expected).expect("few");
        assert_eq!(used(&stack, who).await, (expected, expected));
    }
}
