//! How an operation refuses: every status with its codes and an example of each, from the registry of codes.
//!
//! A route names only what is its own, as the description of a response: `(status = 409, description =
//! "job_active, input_missing")`. What follows from its shape (credentials, body, path, idempotency) is added here.

use std::collections::{BTreeMap, BTreeSet};

use domain::ErrorCode;
use serde_json::{Map, Value, json};

use super::reference;

/// What decides which refusals an operation shares with others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) public: bool,
    pub(super) parameters: &'a Value,
}

/// Replaces the refusals that a route names by whole answers, and adds those of its shape.
pub(super) fn complete(responses: &mut Map<String, Value>, shape: Shape<'_>) {
    let mut codes: BTreeSet<ErrorCode> = shared(shape).into_iter().collect();
    for response in responses.iter().filter(|(status, _)| status.starts_with('4')) {
        codes.extend(named(response.1));
    }
    let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
    for code in codes {
        by_status.entry(code.status()).or_default().push(code);
    }
    // Every route is limited; one that has no other 429 refers to the answer that all share.
    if let Some(own) = by_status.get_mut(&ErrorCode::RateLimited.status()) {
        own.push(ErrorCode::RateLimited);
    }
    responses.retain(|status, _| !status.starts_with('4'));
    for (status, codes) in by_status {
        responses.insert(status.to_string(), answer(&codes));
    }
}

/// The codes in a response's description; a word that is no code is left out and found by a test.
fn named(response: &Value) -> Vec<ErrorCode> {
    let words = response
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    words
        .split(", ")
        .filter_map(|word| ErrorCode::ALL.iter().copied().find(|code| code.as_str() == word))
        .collect()
}

fn shared(shape: Shape<'_>) -> Vec<ErrorCode> {
    let takes = |place: &str, name: &str| {
        shape
            .parameters
            .as_array()
            .into_iter()
            .flatten()
            .any(|parameter| {
                parameter.get("in").is_some_and(|found| found == place)
                    && parameter.get("name").is_some_and(|found| found == name)
            })
    };
    // A query parameter that the route does not take is refused everywhere.
    let mut codes = vec![ErrorCode::ValidationFailed];
    if matches!(shape.method, "post" | "put" | "patch") {
        codes.extend([
            ErrorCode::MalformedJson,
            ErrorCode::PayloadTooLarge,
            ErrorCode::UnsupportedMediaType,
        ]);
    }
    if takes("query", "cursor") {
        codes.push(ErrorCode::InvalidCursor);
    }
    if shape.path.contains('{') {
        codes.push(ErrorCode::NotFound);
    }
    if !shape.public {
        codes.extend([ErrorCode::Unauthenticated, ErrorCode::Forbidden]);
        if shape.method == "post" && !super::NOT_IDEMPOTENT.contains(&shape.path) {
            codes.extend([ErrorCode::IdempotencyInProgress, ErrorCode::IdempotencyMismatch]);
        }
    }
    codes
}

fn answer(codes: &[ErrorCode]) -> Value {
    let meanings: Vec<String> = codes
        .iter()
        .map(|code| format!("`{code}`: {}", code.meaning()))
        .collect();
    json!({
        "description": meanings.join(" "),
        "headers": {"x-request-id": reference("headers", "RequestId")},
        "content": {"application/json": content(codes)},
    })
}

/// The envelope, with an example of each code.
pub(super) fn content(codes: &[ErrorCode]) -> Value {
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| (code.to_string(), reference("examples", code.as_str())))
        .collect();
    json!({"schema": reference("schemas", "ErrorEnvelope"), "examples": examples})
}

/// One example per code that a route can answer with, for `components`.
pub(super) fn examples() -> Map<String, Value> {
    ErrorCode::ALL
        .iter()
        .filter(|code| code.status() < 500 || matches!(code, ErrorCode::Internal | ErrorCode::Unavailable))
        .map(|code| {
            let body = json!({"success": false, "error": {"code": code, "message": code.meaning()}});
            (code.to_string(), json!({"value": body}))
        })
        .collect()
}
