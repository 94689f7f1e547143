//! The OpenAPI 3.1 document, put together from what each route says of itself.
//!
//! A route crate documents its methods with `#[utoipa::path]` and exports `Docs` (`#[derive(OpenApi)]`); the
//! body of a 2xx response is the type of `data` alone, a 4xx names the route's own codes. This page adds what all
//! routes share: the envelope, the refusals, the credentials, `Idempotency-Key`, `Retry-After` and `x-request-id`.

mod headers;
mod named;
mod refusals;

use domain::ErrorCode;
use serde_json::{Map, Value, json};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};

use self::refusals::Shape;

/// What the groups of routes are about, in the order of a first use.
const TAGS: [(&str, &str); 13] = [
    ("auth", "Sign-up, log-in and sessions of people."),
    ("account", "The account and its API keys."),
    (
        "members",
        "Who else acts in the account, and how much they may spend.",
    ),
    ("credits", "Balance, history and what a job would cost."),
    (
        "projects",
        "A keyword with its settings, and what was made of it.",
    ),
    (
        "assets",
        "Files of the caller's own: images, clips and music, looked at before they are used.",
    ),
    ("generation", "Jobs: start, watch, cancel, resume."),
    ("usage", "What was used, and how much of each limit."),
    (
        "billing",
        "Packs, subscriptions, the provider's pages and invoices.",
    ),
    ("webhooks", "Where payment providers tell of what changed."),
    (
        "config",
        "What can be chosen: models and prices, plans, templates, voices.",
    ),
    ("admin", "What operators do."),
    ("system", "Whether the API is there."),
];

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The whole document.
///
/// # Promises
/// The same parts in any order give the same text.
///
/// # Errors
/// The serializer's; a bug in a part.
pub fn document(parts: impl IntoIterator<Item = OpenApi>) -> Result<Value, serde_json::Error> {
    let info = InfoBuilder::new()
        .title("Reelsmith API")
        .version("1")
        .description(Some(
            "A keyword becomes a captioned, narrated video. Credits are held first and charged only for \
             what was delivered.",
        ))
        .build();
    let mut whole = OpenApiBuilder::new().info(info).build();
    for part in parts {
        whole.merge(part);
    }
    let mut document = serde_json::to_value(whole)?;
    for (path, item) in entries(&mut document, "paths") {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                complete(operation, path, method);
            }
        }
    }
    if let Some(root) = document.as_object_mut() {
        root.insert("openapi".to_owned(), json!("3.1.0"));
        let tags = TAGS.map(|(name, description)| json!({"name": name, "description": description}));
        root.insert("tags".to_owned(), json!(tags));
        root.insert("servers".to_owned(), servers());
        root.insert("security".to_owned(), json!([{"bearer": []}, {"api_key": []}]));
        let components = root.entry("components").or_insert_with(|| json!({}));
        add_components(components);
    }
    named::complete(&mut document);
    Ok(document)
}

/// Where the API is: each stack has an address of its own, which the document that a stack serves begins with.
fn servers() -> Value {
    json!([{
        "url": "{address}",
        "description": "A stack; `make deploy` and `make up` say its address.",
        "variables": {"address": {
            "default": "https://api.example.com",
            "description": "Everything before `/v1`.",
        }},
    }])
}

fn entries<'a>(document: &'a mut Value, key: &str) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    document
        .get_mut(key)
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
}

/// Beginnings of paths on which nobody acts in another's account: operators, and who joins.
const FROM_THE_OWN_ACCOUNT: [&str; 2] = ["/v1/admin/", "/v1/members/join"];

/// Paths whose `POST` changes nothing, and so takes no `Idempotency-Key`.
const NOT_IDEMPOTENT: [&str; 1] = ["/v1/billing/portal"];

/// Paths whose answer is no envelope.
const WITHOUT_ENVELOPE: [&str; 1] = ["/v1/openapi.json"];

/// Adds to one operation what every operation has.
fn complete(operation: &mut Value, path: &str, method: &str) {
    let Some(fields) = operation.as_object_mut() else {
        return;
    };
    let public = fields.contains_key("security");
    if public {
        fields.insert("security".to_owned(), json!([]));
    }
    let parameters = fields.entry("parameters").or_insert_with(|| json!([]));
    named::limit_query(parameters);
    if let Some(list) = parameters.as_array_mut() {
        if method == "post" && !public && !NOT_IDEMPOTENT.contains(&path) {
            list.push(json!({"$ref": "#/components/parameters/IdempotencyKey"}));
        }
        if !public && !FROM_THE_OWN_ACCOUNT.iter().any(|own| path.starts_with(own)) {
            list.push(json!({"$ref": "#/components/parameters/Account"}));
        }
        if path.ends_with("/projects") && method == "post" {
            list.push(json!({"$ref": "#/components/parameters/AcceptLanguage"}));
        }
    }
    if let Some(list) = parameters.as_array_mut() {
        list.extend(headers::conditions(path, method));
    }
    let parameters = parameters.clone();
    let responses = fields.entry("responses").or_insert_with(|| json!({}));
    let Some(responses) = responses.as_object_mut() else {
        return;
    };
    let shape = Shape {
        path,
        method,
        public,
        parameters: &parameters,
    };
    refusals::complete(responses, shape);
    headers::complete(responses, shape);
    for (status, response) in responses.iter_mut() {
        if status.starts_with('2') {
            if !WITHOUT_ENVELOPE.contains(&path) {
                wrap(response);
            }
            name_header(response, "x-request-id", "RequestId");
            if status == "202" && !public {
                name_header(response, "retry-after", "RetryAfter");
            }
            if method == "post" && !public && !NOT_IDEMPOTENT.contains(&path) {
                name_header(
                    response,
                    crate::idempotency::REPLAYED_HEADER,
                    "IdempotentReplayed",
                );
            }
        }
    }
    if let Some(own) = responses.get_mut("401") {
        name_header(own, "www-authenticate", "WwwAuthenticate");
    }
    match responses.get_mut("429") {
        Some(own) => name_header(own, "retry-after", "RetryAfter"),
        None => drop(responses.insert("429".to_owned(), reference("responses", "RateLimited"))),
    }
    responses.insert("default".to_owned(), reference("responses", "Error"));
}

/// Puts the envelope round the schema of `data`.
fn wrap(response: &mut Value) {
    let schema = response.pointer_mut("/content/application~1json/schema");
    if let Some(schema) = schema {
        let data = schema.take();
        *schema = json!({
            "type": "object",
            "required": ["success", "data"],
            "properties": {"success": {"const": true}, "data": data},
        });
    }
}

fn name_header(response: &mut Value, header: &str, component: &str) {
    if let Some(fields) = response.as_object_mut() {
        let headers = fields.entry("headers").or_insert_with(|| json!({}));
        if let Some(headers) = headers.as_object_mut() {
            headers.insert(header.to_owned(), reference("headers", component));
        }
    }
}

fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

fn add_components(components: &mut Value) {
    let Some(components) = components.as_object_mut() else {
        return;
    };
    add(components, "schemas", "ErrorCode", error_code_schema());
    add(components, "schemas", "ErrorEnvelope", error_envelope_schema());
    let error = |description: &str, headers: Value, codes: &[ErrorCode]| {
        json!({
            "description": description,
            "headers": headers,
            "content": {"application/json": refusals::content(codes)},
        })
    };
    let request_id = reference("headers", "RequestId");
    let plain = error(
        "Failed on our side or behind us: `error.code` says why, and whether the same call may succeed later.",
        json!({"x-request-id": request_id}),
        &[ErrorCode::Internal, ErrorCode::Unavailable],
    );
    let limited = error(
        "Too many requests: 100 a minute of one account, 10 a minute that start paid work, the key's own per \
         hour, 30 a minute of one address on the public routes.",
        json!({"x-request-id": request_id, "retry-after": reference("headers", "RetryAfter")}),
        &[ErrorCode::RateLimited],
    );
    add(components, "responses", "Error", plain);
    add(components, "responses", "RateLimited", limited);
    components.insert("examples".to_owned(), refusals::examples().into());
    headers::add_components(components);
    add_parameters(components);
    add(
        components,
        "securitySchemes",
        "bearer",
        json!({"type": "http", "scheme": "bearer", "bearerFormat": "JWT",
               "description": "`access_token` of `POST /v1/auth/login`."}),
    );
    add(
        components,
        "securitySchemes",
        "api_key",
        json!({"type": "apiKey", "in": "header", "name": "x-api-key",
               "description": "A secret of `POST /v1/api-keys`: `rs_live_...`."}),
    );
}

fn add_parameters(components: &mut Map<String, Value>) {
    add(
        components,
        "parameters",
        "Account",
        json!({
            "name": "x-account", "in": "header", "required": false,
            "description": "The account to act in, with a bearer token only: one of which the caller is a member. \
                            Without it, or with the caller's own, it is their own; 404 `not_found` where they are none.",
            "schema": {"type": "string"}, "example": "acct_00000000000000000000000001",
        }),
    );
    add(
        components,
        "parameters",
        "IdempotencyKey",
        json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "A repeat with the same key and body gets the first answer; with another body 422.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        }),
    );
    add(
        components,
        "parameters",
        "AcceptLanguage",
        json!({
            "name": "Accept-Language", "in": "header", "required": false,
            "description": "Language of the project when its settings name none.",
            "schema": {"type": "string"},
        }),
    );
}

fn add(components: &mut Map<String, Value>, kind: &str, name: &str, value: Value) {
    let group = components.entry(kind).or_insert_with(|| json!({}));
    if let Some(group) = group.as_object_mut() {
        group.insert(name.to_owned(), value);
    }
}

fn error_code_schema() -> Value {
    let codes: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    json!({"type": "string", "enum": codes, "description": "Codes are added, never changed or reused."})
}

fn error_envelope_schema() -> Value {
    json!({
        "type": "object",
        "required": ["success", "error"],
        "properties": {
            "success": {"const": false},
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "code": reference("schemas", "ErrorCode"),
                    "message": {"type": "string"},
                    "details": {"type": "object", "additionalProperties": true},
                },
            },
        },
    })
}

#[cfg(test)]
mod tests;
