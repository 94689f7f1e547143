//! Tests of `queue`.

use std::sync::Arc;

use domain::{ErrorCode, Failure};
use serde_json::json;

use super::{Handler, batch};

#[tokio::test]
async fn only_the_failed_messages_come_again() {
    let handler: Handler = Arc::new(|body| {
        Box::pin(async move {
            match body.as_str() {
                "good" => Ok(()),
                "passing" => Err(Failure::new(ErrorCode::Unavailable)),
                _ => Err(Failure::new(ErrorCode::NotFound)),
            }
        })
    });
    let event = json!({"Records": [
        {"messageId": "1", "body": "good"},
        {"messageId": "2", "body": "passing"},
        {"messageId": "3", "body": "for ever"},
    ]});
    let answer = batch(&handler, serde_json::from_value(event).unwrap()).await;
    assert_eq!(
        serde_json::to_value(answer).unwrap(),
        json!({"batchItemFailures": [{"itemIdentifier": "2"}, {"itemIdentifier": "3"}]})
    );
}
