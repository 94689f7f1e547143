//! Tests of `http`: events in, envelopes out.

use api::Response;
use domain::{Credits, ErrorCode, Failure, Invalid, RequestId, Timestamp};
use lambda_http::Body;
use serde_json::{Value, json};

use super::{Answer, answer, request_of_event};
use crate::error_chain::chain;

fn id() -> RequestId {
    RequestId::new(7_u128.into())
}

fn body(answer: &Answer) -> Value {
    match answer.body() {
        Body::Text(text) => serde_json::from_str(text).unwrap(),
        _ => Value::Null,
    }
}

fn event(context: &Value) -> String {
    json!({
        "version": "2.0",
        "routeKey": "PATCH /v1/projects/{project_id}",
        "rawPath": "/v1/projects/prj_1",
        "rawQueryString": "limit=2&cursor=a%2Bb&limit=3",
        "headers": {"Idempotency-Key": "k", "content-type": "application/json", "x-odd": "cl\u{e9}"},
        "requestContext": {
            "accountId": "000000000000", "apiId": "a", "domainName": "d", "stage": "$default",
            "http": {"method": "PATCH", "path": "/v1/projects/prj_1", "protocol": "HTTP/1.1",
                     "sourceIp": "192.0.2.9", "userAgent": "test"},
            "requestId": "r", "time": "21/Nov/2026:08:00:00 +0000", "timeEpoch": 1,
            "authorizer": {"lambda": context},
        },
        "pathParameters": {"project_id": "prj_1"},
        "body": "eyJhIjoxfQ==",
        "isBase64Encoded": true,
    })
    .to_string()
}

#[test]
fn an_event_becomes_a_request() {
    let caller = json!({
        "account_id": "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV", "scopes": ["read"], "plan": "free", "role": "customer",
    });
    let event = event(&json!({"caller": caller.to_string()}));
    let request = request_of_event(&event, id(), Timestamp::from_ms(5)).unwrap();
    assert_eq!(request.method, "PATCH");
    assert_eq!(request.path, "/v1/projects/prj_1");
    assert_eq!(request.path_params["project_id"], "prj_1");
    assert_eq!(request.query["limit"], "2");
    assert_eq!(request.query["cursor"], "a+b");
    assert!(request.repeated_query.iter().eq(["limit"]));
    assert_eq!(request.headers["idempotency-key"], "k");
    assert!(
        !request.headers["x-odd"].is_ascii(),
        "kept, so that a rule can refuse it"
    );
    assert_eq!(request.body, br#"{"a":1}"#);
    assert_eq!(request.source_ip, "192.0.2.9");
    assert_eq!(request.now, Timestamp::from_ms(5));
    assert_eq!(
        request.caller.unwrap().account_id.to_string(),
        "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV"
    );
}

#[test]
fn a_refused_or_unreadable_caller_is_no_caller() {
    let refused = event(&json!({"refused": "unavailable"}));
    let request = request_of_event(&refused, id(), Timestamp::from_ms(5)).unwrap();
    assert_eq!(
        (request.caller, request.refused),
        (None, Some(ErrorCode::Unavailable))
    );
    for context in [
        json!({}),
        json!({"caller": "{}"}),
        json!({"caller": 7}),
        json!({"refused": "odd"}),
    ] {
        let request = request_of_event(&event(&context), id(), Timestamp::from_ms(5)).unwrap();
        assert_eq!((request.caller, request.refused), (None, None), "{context}");
    }
}

#[test]
fn an_answer_has_the_envelope_and_the_request_id() {
    let made = Response::created(&json!({"id": "prj_1"}), "/v1/projects/prj_1").unwrap();
    let answer = answer(Ok(made.with_header("idempotent-replayed", "true")), id());
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["x-request-id"], id().to_string());
    assert_eq!(answer.headers()["idempotent-replayed"], "true");
    assert_eq!(answer.headers()["location"], "/v1/projects/prj_1");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(body(&answer), json!({"success": true, "data": {"id": "prj_1"}}));
}

#[test]
fn no_content_has_no_body() {
    let answer = answer(Ok(Response::no_content()), id());
    assert_eq!(answer.status(), 204);
    assert!(matches!(answer.body(), Body::Empty));
    assert_eq!(answer.headers().get("content-type"), None);
}

#[test]
fn a_refusal_says_code_sentence_and_details() {
    let short = Failure::insufficient_credits(Credits::new(9), Credits::new(4));
    let short = answer(Err(short), id());
    assert_eq!(short.status(), 402);
    assert_eq!(body(&short)["success"], false);
    assert_eq!(
        body(&short)["error"]["details"],
        json!({"needed": 9, "available": 4})
    );
    let invalid = Invalid::new("duration_s", "range", "must be 5 to 180 seconds");
    let invalid = answer(Err(invalid.into()), id());
    assert_eq!(body(&invalid)["error"]["code"], "validation_failed");
    assert_eq!(
        body(&invalid)["error"]["message"],
        "duration_s must be 5 to 180 seconds"
    );
}

#[test]
fn a_limit_says_when_to_come_again() {
    let failure = Failure::new(ErrorCode::RateLimited).with_details(json!({"retry_after_s": 17}));
    assert_eq!(answer(Err(failure), id()).headers()["retry-after"], "17");
    let failure = Failure::new(ErrorCode::Unavailable);
    assert_eq!(answer(Err(failure), id()).headers()["retry-after"], "1");
}

#[test]
fn our_own_fault_keeps_its_sentence_and_details_to_itself() {
    let failure = Failure::new(ErrorCode::Internal)
        .saying("row acct#1 is corrupt")
        .with_details(json!({"table": "studio"}))
        .because("attribute `x` is missing");
    assert_eq!(
        chain(&failure),
        "internal: row acct#1 is corrupt: attribute `x` is missing"
    );
    let answer = answer(Err(failure), id());
    assert_eq!(answer.status(), 500);
    let text = body(&answer).to_string();
    assert!(!text.contains("corrupt") && !text.contains("studio"), "{text}");
}
