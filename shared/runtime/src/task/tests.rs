//! Tests of `task`.

use std::sync::Arc;

use domain::{ErrorCode, Failure};
use serde_json::json;

use super::{Handler, one};

#[tokio::test]
async fn a_failure_leaves_under_its_code() {
    let handler: Handler = Arc::new(|_event| {
        Box::pin(async { Err(Failure::new(ErrorCode::ProviderThrottled).because("429 of the provider")) })
    });
    let diagnostic = one(&handler, json!({"job_id": "job_1"}), "r").await.unwrap_err();
    assert_eq!(diagnostic.error_type, "provider_throttled");
    assert_eq!(diagnostic.error_message, ErrorCode::ProviderThrottled.meaning());
}

#[tokio::test]
async fn an_answer_is_passed_on() {
    let handler: Handler = Arc::new(|event| Box::pin(async move { Ok(json!({"scenes": event["n"]})) }));
    let answer = one(&handler, json!({"n": [0, 1]}), "r").await.unwrap();
    assert_eq!(answer, json!({"scenes": [0, 1]}));
}
