//! What the API refuses: no credentials, bad ones, other people's things, and input that breaks a rule.

use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Auth, Stack};

/// Routes without credentials: those that docs/generated/ROUTES.md calls public or signed.
const PUBLIC: &[&str] = &[
    "/docs",
    "/v1/health",
    "/v1/openapi.json",
    "/v1/auth/signup",
    "/v1/auth/confirm",
    "/v1/auth/login",
    "/v1/auth/refresh",
    "/v1/auth/resend",
    "/v1/auth/forgot",
    "/v1/auth/reset",
    "/v1/billing/packs",
    "/v1/config/models",
    "/v1/config/plans",
    "/v1/config/templates",
    "/v1/config/voices",
    // Signed by their senders; what is not signed is 400.
    "/v1/webhooks/creem",
    "/v1/webhooks/stripe",
];

/// Keys of a path that are methods.
const METHODS: &[&str] = &["get", "post", "patch", "put", "delete"];

/// Every path of the API description with each of its methods.
pub(super) fn routes() -> Vec<(String, Method)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let document = std::fs::read_to_string(path).expect("the document");
    let document: Value = serde_json::from_str(&document).expect("JSON");
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let names = item.as_object().expect("an object").keys();
        let known = names.filter(|name| METHODS.contains(&name.as_str()));
        routes.extend(known.map(|name| (path.clone(), name.to_uppercase().parse().expect("a method"))));
    }
    routes
}

pub(super) fn concrete(path: &str) -> String {
    path.trim_start_matches("/v1")
        .replace("{project_id}", "prj_01J00000000000000000000000")
        .replace("{asset_id}", "ast_01J00000000000000000000000")
        .replace("{job_id}", "job_01J00000000000000000000000")
        .replace("{adjustment_id}", "adj_01J00000000000000000000000")
        .replace("{member_id}", "mem_01J00000000000000000000000")
        .replace("{key_id}", "key_01J00000000000000000000000")
}

#[tokio::test]
async fn every_route_refuses_a_caller_without_credentials_and_with_bad_ones() {
    let stack = Stack::connect();
    let forged = "eyJhbGciOiJub25lIn0.eyJzdWIiOiI1ZjBjN2Y0ZS05NGMxLTRmMmUtOGE1MS0wZDFiNGNmNGMwMDEifQ.";
    let bad = [
        Auth::Nobody,
        Auth::Key("rs_live_0000000000000000000000000000000000000000000".to_owned()),
        Auth::Key("' OR 1=1".to_owned()),
        Auth::Bearer(forged.to_owned()),
        Auth::Bearer("not a token".to_owned()),
    ];
    let mut asked = 0;
    for (path, method) in routes()
        .into_iter()
        .filter(|(path, _)| !PUBLIC.contains(&path.as_str()))
    {
        for auth in &bad {
            assert_refused(&stack, auth, &method, &path).await;
            asked += 1;
        }
    }
    assert!(
        asked >= 20 * bad.len(),
        "only {asked} calls: is the description complete?"
    );
}

async fn assert_refused(stack: &Stack, auth: &Auth, method: &Method, path: &str) {
    let answer = stack.call(auth, method.clone(), &concrete(path), None).await;
    let (status, body) = (answer.status.as_u16(), &answer.body);
    assert!(status == 401 || status == 403, "{method} {path}: {status} {body}");
}

#[tokio::test]
async fn another_accounts_ids_are_not_found() {
    let stack = Stack::connect();
    let owner = stack.customer();
    let stranger = stack.newcomer("stranger").await;
    let project = stack
        .project(&owner, json!({"keyword": "Mine", "duration_s": 5}))
        .await;
    for (method, path) in [
        (Method::GET, format!("/projects/{project}")),
        (Method::PATCH, format!("/projects/{project}")),
        (Method::DELETE, format!("/projects/{project}")),
        (Method::POST, format!("/projects/{project}/generate-all")),
        (Method::POST, format!("/projects/{project}/compose-video")),
        (
            Method::GET,
            format!("/projects/{project}/generation-status/job_01J00000000000000000000000"),
        ),
        (
            Method::POST,
            "/jobs/job_01J00000000000000000000000/cancel".to_owned(),
        ),
        (
            Method::POST,
            "/jobs/job_01J00000000000000000000000/resume".to_owned(),
        ),
        (
            Method::DELETE,
            "/api-keys/key_01J00000000000000000000000".to_owned(),
        ),
        (
            Method::DELETE,
            "/members/mem_01J00000000000000000000000".to_owned(),
        ),
        (
            Method::POST,
            "/assets/ast_01J00000000000000000000000/complete".to_owned(),
        ),
        (
            Method::GET,
            "/credit/receipts/job_01J00000000000000000000000".to_owned(),
        ),
    ] {
        let body = (method == Method::PATCH).then(|| json!({"name": "Taken"}));
        let answer = stack.call(&stranger, method.clone(), &path, body).await;
        assert_eq!(
            answer.refusal(),
            (404, "not_found"),
            "{method} {path} {}",
            answer.body
        );
    }
    assert_eq!(
        stack.get(&owner, &format!("/projects/{project}")).await.data()["name"],
        "Mine"
    );
}

#[tokio::test]
async fn input_that_breaks_a_rule_is_refused_by_field_and_starts_nothing() {
    let stack = Stack::connect();
    let who = stack.newcomer("rules").await;
    for (settings, field) in [
        (json!({"keyword": ""}), "settings.keyword"),
        (json!({"keyword": "x".repeat(10_000)}), "settings.keyword"),
        (json!({"keyword": "Tea", "tone": "angry"}), "settings.tone"),
        (json!({"keyword": "Tea", "language": "tlh"}), "settings.language"),
        (json!({"keyword": "Tea", "duration_s": 0}), "settings.duration_s"),
        (
            json!({"keyword": "Tea", "duration_s": 4000}),
            "settings.duration_s",
        ),
        (json!({"keyword": "Tea", "aspect": "4:3"}), "settings.aspect"),
        (json!({"keyword": "Tea", "colour": "red"}), "settings.colour"),
        (json!({"keyword": 7}), "settings.keyword"),
    ] {
        let answer = stack.post(&who, "/projects", json!({"settings": settings})).await;
        assert_eq!(
            answer.refusal(),
            (400, "validation_failed"),
            "{settings} {}",
            answer.body
        );
        assert_eq!(
            answer.body["error"]["details"]["field"], field,
            "{settings} {}",
            answer.body
        );
    }
    let cursor = stack.get(&who, "/credit/history?cursor=bm90IG91cnM").await;
    assert_eq!(cursor.refusal(), (400, "invalid_cursor"));
    let unknown = stack
        .call(
            &who,
            Method::POST,
            "/projects/prj_01J00000000000000000000000/generate-all",
            None,
        )
        .await;
    assert_eq!(unknown.refusal(), (404, "not_found"));
    assert_eq!(stack.balance(&who).await, (100, 0));
}
