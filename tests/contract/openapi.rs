//! The OpenAPI document: collected from every route crate, committed, and never out of date.

mod samples;
pub(crate) mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use domain::ErrorCode;
use serde_json::Value;
use testkit::workspace::root;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Part;

/// Every route crate's part.
fn parts() -> Vec<Part> {
    vec![
        admin_quota_reset::Docs::openapi(),
        admin_audit::Docs::openapi(),
        admin_credits_adjust::Docs::openapi(),
        admin_credits_approve::Docs::openapi(),
        admin_reports::Docs::openapi(),
        admin_subscriptions_sync::Docs::openapi(),
        api_document::Docs::openapi(),
        api_key::Docs::openapi(),
        api_keys::Docs::openapi(),
        asset::Docs::openapi(),
        assets::Docs::openapi(),
        auth_confirm::Docs::openapi(),
        auth_forgot::Docs::openapi(),
        auth_login::Docs::openapi(),
        auth_logout::Docs::openapi(),
        auth_password::Docs::openapi(),
        auth_refresh::Docs::openapi(),
        auth_resend::Docs::openapi(),
        auth_reset::Docs::openapi(),
        auth_signup::Docs::openapi(),
        billing_checkout::Docs::openapi(),
        billing_invoices::Docs::openapi(),
        billing_packs::Docs::openapi(),
        billing_portal::Docs::openapi(),
        billing_subscription::Docs::openapi(),
        cancel_job::Docs::openapi(),
        complete_asset::Docs::openapi(),
        compose_video::Docs::openapi(),
        config_models::Docs::openapi(),
        config_plans::Docs::openapi(),
        config_templates::Docs::openapi(),
        config_voices::Docs::openapi(),
        credit_balance::Docs::openapi(),
        credit_history::Docs::openapi(),
        credit_quote::Docs::openapi(),
        credit_receipt::Docs::openapi(),
        creem_webhook::Docs::openapi(),
        generate_all::Docs::openapi(),
        generate_images::Docs::openapi(),
        generate_script::Docs::openapi(),
        generate_voice::Docs::openapi(),
        generation_status::Docs::openapi(),
        health::Docs::openapi(),
        member::Docs::openapi(),
        members::Docs::openapi(),
        members_join::Docs::openapi(),
        members_log::Docs::openapi(),
        project::Docs::openapi(),
        projects::Docs::openapi(),
        resume_job::Docs::openapi(),
        stripe_webhook::Docs::openapi(),
        usage::Docs::openapi(),
        usage_alerts::Docs::openapi(),
        user_me::Docs::openapi(),
        show_jobs::Docs::openapi(),
        project_scripts::Docs::openapi(),
    ]
}

pub(crate) fn document() -> Value {
    let mut document = api::openapi::document(parts()).expect("the parts are JSON");
    samples::illustrate(&mut document);
    document
}

/// Every operation with its path and method.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            operations.push((path.clone(), method.clone(), operation));
        }
    }
    operations
}

/// With `UPDATE_OPENAPI=1` (`make openapi`) it writes the document instead.
#[test]
fn the_committed_document_is_that_of_the_types() {
    let path = root().join("docs/openapi.json");
    let mut fresh = serde_json::to_string_pretty(&document()).expect("JSON");
    fresh.push('\n');
    if runtime::Env::process().optional("UPDATE_OPENAPI").is_some() {
        fs::write(&path, &fresh).expect("docs/ can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == fresh,
        "docs/openapi.json is out of date: run `make openapi`"
    );
}

#[test]
fn every_operation_has_an_id_of_its_own_and_a_described_tag() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().expect("an id");
        assert!(ids.insert(id.to_owned()), "{id} of {method} {path} is taken");
        let tags = document["tags"].as_array().expect("tags");
        assert!(
            tags.iter().any(|tag| tag["name"] == operation["tags"][0]),
            "{method} {path}: its tag is not described"
        );
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    let mut seen = 0;
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().expect("a reference ends");
        assert!(document.pointer(pointer).is_some(), "#{pointer} leads nowhere");
        seen += 1;
    }
    assert!(seen > 50, "only {seen} references");
}

#[test]
fn every_refusal_that_a_route_names_is_a_code_of_its_status() {
    let mut checked = 0;
    for part in parts() {
        let part = serde_json::to_value(part).expect("JSON");
        for (path, method, operation) in operations(&part) {
            for (status, word) in refusals(operation) {
                let code = ErrorCode::ALL.iter().find(|code| code.as_str() == word);
                let code = code.unwrap_or_else(|| panic!("{method} {path}: {word} is no code"));
                assert_eq!(code.status().to_string(), status, "{method} {path}: {word}");
                checked += 1;
            }
        }
    }
    assert!(checked > 20, "only {checked} codes");
}

/// The codes that an operation names itself, each with its status.
fn refusals(operation: &Value) -> impl Iterator<Item = (&str, &str)> {
    let responses = operation["responses"].as_object().expect("responses");
    responses
        .iter()
        .filter(|(status, _)| !status.starts_with('2'))
        .flat_map(|(status, response)| {
            let words = response["description"].as_str().expect("codes");
            words.split(", ").map(move |word| (status.as_str(), word))
        })
}

/// Two types of one name would be one schema, and one of them wrong.
#[test]
fn no_two_routes_give_one_name_to_different_types() {
    let mut seen: BTreeMap<String, Value> = BTreeMap::new();
    for part in parts() {
        let part = serde_json::to_value(part).expect("JSON");
        let schemas = part["components"]["schemas"].as_object();
        for (name, schema) in schemas.into_iter().flatten() {
            let first = seen.entry(name.clone()).or_insert_with(|| schema.clone());
            assert_eq!(first, schema, "{name} is two types");
        }
    }
}

#[test]
fn every_example_is_what_its_schema_says() {
    let document = document();
    let mut checked = 0;
    let mut problems = Vec::new();
    for (path, method, operation) in operations(&document) {
        let answers = operation["responses"].as_object().expect("responses").values();
        for content in answers
            .chain([&operation["requestBody"]])
            .filter_map(|body| body.pointer("/content/application~1json"))
        {
            if let Some(example) = content.get("example") {
                let place = format!("{method} {path} ");
                problems.extend(schema::problems(&document, &content["schema"], example, &place));
                checked += 1;
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(checked > 30, "only {checked} examples");
}
