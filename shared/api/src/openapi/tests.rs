//! Tests of `openapi`.

use domain::ErrorCode;
use serde::Serialize;
use serde_json::json;
use utoipa::{OpenApi, ToSchema};

use super::document;

#[derive(Serialize, ToSchema)]
struct Thing {
    name: String,
}

#[utoipa::path(post, path = "/v1/things", responses(
    (status = 201, description = "Made.", body = Thing),
    (status = 409, description = "conflict")))]
#[expect(dead_code, reason = "only its description is used")]
fn make_thing() {}

#[utoipa::path(get, path = "/v1/open", security(()), responses((status = 200, description = "Open.", body = Thing)))]
#[expect(dead_code, reason = "only its description is used")]
fn look() {}

#[utoipa::path(post, path = "/v1/limited", responses(
    (status = 201, description = "Made.", body = Thing),
    (status = 429, description = "quota_exceeded")))]
#[expect(dead_code, reason = "only its description is used")]
fn make_limited() {}

#[derive(OpenApi)]
#[openapi(paths(make_thing))]
struct Made;

#[derive(OpenApi)]
#[openapi(paths(make_limited))]
struct Limited;

#[derive(OpenApi)]
#[openapi(paths(look))]
struct Looked;

#[test]
fn the_order_of_the_parts_does_not_matter() {
    let one = document([Made::openapi(), Looked::openapi()]).unwrap();
    let other = document([Looked::openapi(), Made::openapi()]).unwrap();
    assert_eq!(one, other);
    assert_eq!(one["openapi"], "3.1.0");
}

#[test]
fn data_is_wrapped_in_the_envelope_and_every_operation_can_fail() {
    let document = document([Made::openapi()]).unwrap();
    let operation = &document["paths"]["/v1/things"]["post"];
    let answer = &operation["responses"]["201"]["content"]["application/json"]["schema"];
    assert_eq!(*answer, json!({"$ref": "#/components/schemas/MakeThingEnvelope"}));
    let schema = &document["components"]["schemas"]["MakeThingEnvelope"];
    assert_eq!(
        schema["properties"]["data"],
        json!({"$ref": "#/components/schemas/Thing"})
    );
    assert_eq!(schema["properties"]["success"], json!({"const": true}));
    assert_eq!(
        operation["responses"]["default"]["$ref"],
        "#/components/responses/Error"
    );
    let codes = &document["components"]["schemas"]["ErrorCode"]["enum"];
    assert_eq!(codes.as_array().unwrap().len(), ErrorCode::ALL.len());
}

#[test]
fn a_post_takes_an_idempotency_key_and_a_public_route_takes_no_credentials() {
    let document = document([Made::openapi(), Looked::openapi()]).unwrap();
    let made = &document["paths"]["/v1/things"]["post"];
    assert_eq!(
        made["parameters"],
        json!([
            {"$ref": "#/components/parameters/IdempotencyKey"},
            {"$ref": "#/components/parameters/Account"},
        ])
    );
    assert_eq!(made.get("security"), None);
    let open = &document["paths"]["/v1/open"]["get"];
    assert_eq!(open["security"], json!([]));
    assert_eq!(
        open["parameters"],
        json!([]),
        "nobody acts for another without credentials"
    );
    assert_eq!(document["security"], json!([{"bearer": []}, {"api_key": []}]));
}

#[test]
fn a_refusal_lists_the_routes_own_codes_beside_those_of_its_shape() {
    let document = document([Made::openapi(), Looked::openapi()]).unwrap();
    let made = &document["paths"]["/v1/things"]["post"]["responses"];
    let conflict = &made["409"];
    let examples = &conflict["content"]["application/json"]["examples"];
    assert_eq!(
        examples,
        &json!({
            "conflict": {"$ref": "#/components/examples/conflict"},
            "idempotency_in_progress": {"$ref": "#/components/examples/idempotency_in_progress"},
        })
    );
    assert!(
        conflict["description"]
            .as_str()
            .unwrap()
            .contains(ErrorCode::Conflict.meaning())
    );
    let statuses: Vec<&str> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        statuses,
        [
            "201", "400", "401", "403", "409", "413", "415", "422", "429", "default"
        ]
    );
    let open = &document["paths"]["/v1/open"]["get"]["responses"];
    assert_eq!(open.get("401"), None);
    assert_eq!(
        document["components"]["examples"]["conflict"]["value"]["error"]["code"],
        "conflict"
    );
}

#[test]
fn a_limit_of_the_routes_own_stands_beside_the_one_of_all() {
    let document = document([Made::openapi(), Limited::openapi()]).unwrap();
    let shared = &document["paths"]["/v1/things"]["post"]["responses"]["429"];
    assert_eq!(*shared, json!({"$ref": "#/components/responses/RateLimited"}));
    let own = &document["paths"]["/v1/limited"]["post"]["responses"]["429"];
    assert_eq!(
        own["content"]["application/json"]["examples"],
        json!({
            "quota_exceeded": {"$ref": "#/components/examples/quota_exceeded"},
            "rate_limited": {"$ref": "#/components/examples/rate_limited"},
        })
    );
    assert_eq!(
        own["headers"]["retry-after"],
        json!({"$ref": "#/components/headers/RetryAfter"})
    );
}

#[utoipa::path(patch, path = "/v1/projects/{project_id}", responses(
    (status = 200, description = "Changed.", body = Thing),
    (status = 412, description = "precondition_failed")))]
#[expect(dead_code, reason = "only its description is used")]
fn change_tagged() {}

#[utoipa::path(get, path = "/v1/projects/{project_id}", responses((status = 200, description = "It.", body = Thing)))]
#[expect(dead_code, reason = "only its description is used")]
fn show_tagged() {}

#[derive(OpenApi)]
#[openapi(paths(change_tagged, show_tagged))]
struct Tagged;

#[test]
fn what_is_made_has_an_address_and_what_has_versions_has_conditions() {
    let document = document([Made::openapi(), Tagged::openapi()]).unwrap();
    let made = &document["paths"]["/v1/things"]["post"]["responses"]["201"]["headers"];
    assert_eq!(made["location"]["$ref"], "#/components/headers/Location");
    assert_eq!(made["ratelimit"]["$ref"], "#/components/headers/RateLimit");
    let item = &document["paths"]["/v1/projects/{project_id}"];
    let (get, patch) = (&item["get"], &item["patch"]);
    assert_eq!(
        get["parameters"][1]["$ref"],
        "#/components/parameters/IfNoneMatch"
    );
    assert_eq!(patch["parameters"][1]["$ref"], "#/components/parameters/IfMatch");
    assert_eq!(
        get["responses"]["304"]["headers"]["etag"]["$ref"],
        "#/components/headers/ETag"
    );
    assert!(patch["responses"].get("412").is_some() && patch["responses"].get("304").is_none());
}
