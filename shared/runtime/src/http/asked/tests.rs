//! Tests of `asked`.

use ::http::Method;
use api::{Request, Response};
use domain::{ErrorCode, Failure, RequestId, Timestamp};
use lambda_http::Body;
use serde_json::json;

use super::Asked;
use crate::http::{Answer, answer, request_of_event};

fn request(method: Method, headers: &[(&str, &str)]) -> Request {
    let event = json!({
        "version": "2.0",
        "routeKey": "ANY /v1/projects/{project_id}",
        "rawPath": "/v1/projects/prj_1",
        "rawQueryString": "",
        "headers": {},
        "requestContext": {
            "accountId": "000000000000", "apiId": "a", "domainName": "d", "stage": "$default",
            "http": {"method": "GET", "path": "/v1/projects/prj_1", "protocol": "HTTP/1.1",
                     "sourceIp": "192.0.2.9", "userAgent": "test"},
            "requestId": "r", "time": "21/Nov/2026:08:00:00 +0000", "timeEpoch": 1,
        },
        "isBase64Encoded": false,
    });
    let id = RequestId::new(7_u128.into());
    let mut request = request_of_event(&event.to_string(), id, Timestamp::from_ms(5)).unwrap();
    request.method = method;
    for (name, value) in headers {
        request.headers.insert((*name).to_owned(), (*value).to_owned());
    }
    request
}

/// A route that has `GET` alone, and answers with version 7.
fn route(request: &Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => Ok(Response::ok(&json!({"id": "prj_1"}))?.tagged("\"7\"")),
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

fn called(method: Method, headers: &[(&str, &str)]) -> Answer {
    let (asked, request) = Asked::of(request(method, headers));
    let outcome = asked.outcome(route(&request));
    asked.shape(answer(outcome, request.request_id))
}

#[test]
fn head_is_get_without_the_body() {
    let (get, head) = (called(Method::GET, &[]), called(Method::HEAD, &[]));
    assert!(matches!(get.body(), Body::Text(_)));
    assert!(matches!(head.body(), Body::Empty));
    assert_eq!((get.status(), get.headers()), (head.status(), head.headers()));
}

#[test]
fn another_method_is_told_those_that_the_path_has() {
    let refused = called(Method::PUT, &[]);
    assert_eq!(refused.status(), ErrorCode::MethodNotAllowed.status());
    assert_eq!(refused.headers()["allow"], "GET, HEAD, OPTIONS");
    let options = called(Method::OPTIONS, &[]);
    assert_eq!(options.status(), 204);
    assert_eq!(options.headers()["allow"], "GET, HEAD, OPTIONS");
}

#[test]
fn what_the_caller_has_already_is_not_sent_again() {
    let known = called(Method::GET, &[("if-none-match", "W/\"7\"")]);
    assert_eq!(known.status(), 304);
    assert!(matches!(known.body(), Body::Empty));
    assert_eq!(known.headers()["etag"], "\"7\"");
    assert_eq!(known.headers()["cache-control"], "private, no-cache");
    assert_eq!(known.headers().get("content-type"), None);
    let other = called(Method::GET, &[("if-none-match", "\"6\"")]);
    assert_eq!(other.status(), 200);
}
