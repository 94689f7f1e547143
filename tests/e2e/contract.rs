//! What the API promises of every call, whatever it is about: the envelope, methods, conditions, headers.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Answer, Auth, Stack};
use super::refusals::{concrete, routes};

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer
        .headers
        .get(name)
        .map_or("", |value| value.to_str().expect("text"))
}

#[tokio::test]
async fn a_path_that_is_none_is_refused_in_the_envelope() {
    let stack = Stack::connect();
    for path in [
        "/nope",
        "/projects/prj_01J00000000000000000000000/generation-status/",
        "/projects//generation-status",
        "/projects/prj_01J00000000000000000000000/generate-all/again",
    ] {
        for method in [Method::GET, Method::POST, Method::PUT] {
            let answer = stack.call(&Auth::Nobody, method.clone(), path, None).await;
            assert_eq!(answer.refusal(), (404, "not_found"), "{method} {path}");
            assert!(
                header(&answer, "x-request-id").starts_with("req_"),
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn a_slash_too_many_leads_to_the_path_without_it() {
    let stack = Stack::connect();
    let read = stack.get(&Auth::Nobody, "/config/plans/").await;
    assert!(
        read.data()["items"].is_array() || read.data().is_object(),
        "{}",
        read.body
    );
    let owner = stack.newcomer("slash").await;
    let made = stack
        .post(&owner, "/projects/", json!({"settings": {"keyword": "Slash"}}))
        .await;
    assert_eq!(made.status.as_u16(), 201, "the body is sent again: {}", made.body);
}

#[tokio::test]
async fn every_path_tells_a_method_it_does_not_have_those_it_has() {
    let stack = Stack::connect();
    let all = routes();
    let paths: BTreeSet<&String> = all.iter().map(|(path, _)| path).collect();
    for path in paths.into_iter().filter(|path| path.starts_with("/v1/")) {
        let mut methods: BTreeSet<&str> = BTreeSet::from(["OPTIONS"]);
        for (_, method) in all.iter().filter(|(other, _)| other == path) {
            methods.insert(method.as_str());
        }
        if methods.contains("GET") {
            methods.insert("HEAD");
        }
        let answer = stack
            .call(&Auth::Nobody, Method::PUT, &concrete(path), None)
            .await;
        assert_eq!(answer.refusal(), (405, "method_not_allowed"), "{path}");
        let told: BTreeSet<&str> = header(&answer, "allow").split(", ").collect();
        assert_eq!(told, methods, "{path}");
    }
}

#[tokio::test]
async fn head_is_answered_as_get_without_a_body() {
    let stack = Stack::connect();
    let customer = stack.customer();
    for path in ["/health", "/projects", "/credit/balance"] {
        let answer = stack.call(&customer, Method::HEAD, path, None).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}");
        assert_eq!(answer.body, Value::String(String::new()), "{path}");
    }
    let nobody = stack.call(&Auth::Nobody, Method::HEAD, "/projects", None).await;
    assert_eq!(nobody.status.as_u16(), 401);
}

#[tokio::test]
async fn the_document_and_its_page_are_served_and_not_sent_twice() {
    let stack = Stack::connect();
    let served = stack.get(&Auth::Nobody, "/openapi.json").await;
    assert_eq!(served.body["openapi"], "3.1.0");
    assert_eq!(served.body["servers"][0]["url"], "..");
    let tag = header(&served, "etag").to_owned();
    let again = stack.get_if_other(&Auth::Nobody, "/openapi.json", &tag).await;
    assert_eq!(
        (again.status.as_u16(), again.body),
        (304, Value::String(String::new()))
    );
    let page = stack.get_outside("/docs").await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(header(&page, "content-security-policy").starts_with("default-src 'none'"));
    assert!(
        page.body
            .as_str()
            .is_some_and(|html| html.contains("list_projects"))
    );
}

#[tokio::test]
async fn a_project_is_read_again_and_changed_by_its_version() {
    let stack = Stack::connect();
    let owner = stack.newcomer("versions").await;
    let made = stack
        .post(&owner, "/projects", json!({"settings": {"keyword": "Versions"}}))
        .await;
    let path = header(&made, "location").trim_start_matches("/v1").to_owned();
    let read = stack.get(&owner, &path).await;
    let tag = header(&read, "etag").to_owned();
    assert!(header(&read, "ratelimit-policy").contains("\"account\";q=100;w=60"));
    assert!(header(&read, "ratelimit").starts_with("\"account\";r="));
    let unchanged = stack.get_if_other(&owner, &path, &tag).await;
    assert_eq!(unchanged.status.as_u16(), 304);
    let change = json!({"name": "Second"});
    let changed = stack.patch_if_same(&owner, &path, &tag, &change).await;
    assert_eq!(changed.data()["name"], "Second");
    let stale = stack.patch_if_same(&owner, &path, &tag, &change).await;
    assert_eq!(stale.refusal(), (412, "precondition_failed"));
}
