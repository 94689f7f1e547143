//! The headers of requests and answers that several routes share: conditions, tags, limits, addresses.

use serde_json::{Map, Value, json};

use super::refusals::Shape;
use super::{add, name_header, reference};

/// Paths whose `GET` is answered with an `ETag`.
const TAGGED: [&str; 4] = [
    "/docs",
    "/v1/assets/{asset_id}",
    "/v1/openapi.json",
    "/v1/projects/{project_id}",
];

/// What an operation can be made to depend on.
pub(super) fn conditions(path: &str, method: &str) -> Option<Value> {
    let name = match method {
        "get" => "IfNoneMatch",
        "patch" | "delete" => "IfMatch",
        _ => return None,
    };
    TAGGED.contains(&path).then(|| reference("parameters", name))
}

/// Names the headers of an operation's answers, and 304 where it can be answered.
pub(super) fn complete(responses: &mut Map<String, Value>, shape: Shape<'_>) {
    let is_tagged = TAGGED.contains(&shape.path);
    for (status, response) in responses.iter_mut().filter(|(status, _)| status.starts_with('2')) {
        if status == "201" || (status == "202" && !shape.public) {
            name_header(response, "location", "Location");
        }
        if is_tagged && status == "200" {
            name_header(response, "etag", "ETag");
        }
        if !shape.public {
            name_header(response, "ratelimit", "RateLimit");
            name_header(response, "ratelimit-policy", "RateLimitPolicy");
        }
    }
    if is_tagged && shape.method == "get" {
        responses.insert(
            "304".to_owned(),
            json!({
                "description": "The caller has it: its tag is one of `If-None-Match`.",
                "headers": {"etag": reference("headers", "ETag"), "x-request-id": reference("headers", "RequestId")},
            }),
        );
    }
}

/// Each header once, for the whole document.
pub(super) fn add_components(components: &mut Map<String, Value>) {
    for (name, description, kind) in [
        ("RequestId", "Id of this call, for support.", "string"),
        ("WwwAuthenticate", "`Bearer`: how to sign in.", "string"),
        (
            "RetryAfter",
            "Seconds to wait before the next try, or before asking for the result.",
            "integer",
        ),
        (
            "IdempotentReplayed",
            "`true` when this is the stored answer of an earlier call.",
            "string",
        ),
        (
            "Location",
            "Path of what was made, or under which the result is found; of a page of a provider its whole address.",
            "string",
        ),
        (
            "ETag",
            "Names this version; an answer with links that expire names the half hour too.",
            "string",
        ),
        (
            "RateLimit",
            "What is left of each limit the call was counted in: `r` calls, for `t` seconds more.",
            "string",
        ),
        (
            "RateLimitPolicy",
            "Each limit the call was counted in: `q` calls in `w` seconds.",
            "string",
        ),
    ] {
        let header = json!({"description": description, "schema": {"type": kind}});
        add(components, "headers", name, header);
    }
    for (component, name, description) in [
        (
            "IfMatch",
            "If-Match",
            "An `ETag`; refused with 412 when it names another version.",
        ),
        (
            "IfNoneMatch",
            "If-None-Match",
            "An `ETag`; answered with 304 when it names this version.",
        ),
    ] {
        let parameter = json!({
            "name": name, "in": "header", "required": false,
            "description": description, "schema": {"type": "string"},
        });
        add(components, "parameters", component, parameter);
    }
}
