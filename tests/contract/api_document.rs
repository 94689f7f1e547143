//! `api-document`.

use api::{Request, Response};
use domain::Failure;
use domain::RequestId;
use http::Method;
use serde_json::{Value, json};
use testkit::events::cases;

use super::world::{compare, event, refusal, shown};

async fn handle(request: Request) -> Result<Response, Failure> {
    let deps = api_document::Deps::connect(&runtime::Env::process())
        .await
        .expect("the document is there");
    api_document::handle(&deps, request).await
}

/// The status and the headers; the texts are those of other files.
async fn head_of(case: &str) -> Value {
    let answer = runtime::answer(
        handle(event("api-document", case)).await,
        RequestId::new(9_u128.into()),
    );
    let mut head = json!({"status": answer.status().as_u16()});
    for name in ["cache-control", "content-type", "location"] {
        if let Some(value) = answer.headers().get(name) {
            head[name] = json!(value.to_str().expect("text"));
        }
    }
    if answer.status().as_u16() >= 400 {
        head["body"] = serde_json::from_slice(answer.body()).expect("the envelope");
    }
    head
}

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    for case in cases("api-document") {
        compare("api-document", &case, &head_of(&case).await);
    }
}

#[tokio::test]
async fn the_document_is_the_committed_one_with_its_own_address() {
    let answer = handle(event("api-document", "document"))
        .await
        .expect("the document");
    let served: Value = serde_json::from_str(answer.plain().expect("no envelope")).expect("JSON");
    let path = testkit::workspace::root().join("docs/openapi.json");
    let committed = std::fs::read_to_string(path).expect("the document");
    let committed: Value = serde_json::from_str(&committed).expect("JSON");
    assert_eq!(served["paths"], committed["paths"]);
    assert_eq!(served["servers"][0]["url"], "..");
    assert_eq!(served["servers"][1], committed["servers"][0]);
}

#[tokio::test]
async fn the_page_names_every_operation_and_loads_nothing() {
    let answer = handle(event("api-document", "page")).await.expect("the page");
    let html = answer.plain().expect("no envelope");
    let served = handle(event("api-document", "document"))
        .await
        .expect("the document");
    let document: Value = serde_json::from_str(served.plain().expect("no envelope")).expect("JSON");
    let mut operations = 0;
    for item in document["paths"].as_object().expect("paths").values() {
        for operation in item.as_object().expect("methods").values() {
            let id = operation["operationId"].as_str().expect("an id");
            assert!(html.contains(&format!("<h3 id=\"{id}\">")), "{id}");
            operations += 1;
        }
    }
    assert!(operations > 60, "only {operations}");
    for foreign in ["<script", "src=", "http://", "@import", "url("] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    for target in html
        .split("href=\"#")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or(""))
    {
        assert!(
            html.contains(&format!("id=\"{target}\"")),
            "#{target} leads nowhere"
        );
    }
    let policy = &answer.headers["content-security-policy"];
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
}

#[tokio::test]
async fn only_a_path_that_is_there_without_its_last_slash_is_redirected() {
    for (path, location) in [
        ("/v1/projects/", Some("../projects")),
        ("/v1/projects/prj_1/", Some("../prj_1")),
        ("/docs/", Some("../docs")),
        ("/v1/projects//", None),
        ("/v1/nope/", None),
        ("/v1/projects/a b/", None),
        ("/v1/projects/%0d%0aset-cookie:x/", None),
        ("/", None),
        ("", None),
    ] {
        let mut request = event("api-document", "no-path");
        request.path = path.to_owned();
        request.method = Method::POST;
        let answer = handle(request).await;
        let found = answer
            .as_ref()
            .ok()
            .and_then(|answer| answer.headers.get("location"));
        assert_eq!(found.map(String::as_str), location, "{path}");
        if location.is_none() {
            assert_eq!(refusal(&shown(answer)), (404, "not_found", ""), "{path}");
        }
    }
}

#[tokio::test]
async fn what_describes_the_api_is_only_read() {
    let mut request = event("api-document", "document");
    request.method = Method::POST;
    assert_eq!(
        refusal(&shown(handle(request).await)),
        (405, "method_not_allowed", "")
    );
}
