//! Who may depend on whom: the table of ARCHITECTURE.md, and nothing else.

use super::{folder_of, packages, report};

/// A shared crate and the crates of ours that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ledger", &["domain", "catalogue"]),
    ("store", &["domain", "ledger"]),
    ("objects", &["domain"]),
    ("engine", &[]),
    ("payments", &["domain"]),
    ("intake", &["domain", "engine"]),
    ("catalogue", &["domain"]),
    ("spoken-text", &["domain"]),
    ("providers", &["domain", "catalogue", "spoken-text"]),
    (
        "local-providers",
        &["domain", "catalogue", "providers", "engine", "spoken-text"],
    ),
    ("billing", &["domain", "ledger", "store", "payments"]),
    ("jobs", &["domain", "ledger", "store", "catalogue", "providers"]),
    ("composer", &["domain", "catalogue", "ledger", "jobs", "engine"]),
    ("audit", &["domain", "ledger", "store"]),
    ("uploads", &["domain", "objects", "store"]),
    ("api", &["domain", "store"]),
    ("runtime", &["domain", "api", "store", "objects"]),
    ("simulation", &["domain", "ledger", "store"]),
    ("fake-providers", &["domain", "ledger", "payments"]),
    (
        "wiring",
        &[
            "domain",
            "catalogue",
            "api",
            "objects",
            "jobs",
            "runtime",
            "store",
        ],
    ),
    (
        "billing-wiring",
        &["domain", "api", "payments", "billing", "runtime", "store"],
    ),
    (
        "media-wiring",
        &[
            "domain",
            "catalogue",
            "providers",
            "local-providers",
            "jobs",
            "composer",
            "wiring",
            "runtime",
        ],
    ),
    (
        "testkit",
        &[
            "domain",
            "ledger",
            "store",
            "objects",
            "engine",
            "providers",
            "payments",
            "jobs",
            "api",
        ],
    ),
];

/// Crates of tests that may use every crate of ours, functions too.
const CONNECTING: &[&str] = &["contract", "workflow"];

/// Crates of tests that link none of our crates.
const ALONE: &[&str] = &["e2e", "tidy"];

/// A crate of others and the only crates of ours that may name it.
const WRAPPED: &[(&str, &[&str])] = &[
    ("async-stripe", &["payments"]),
    ("async-stripe-client-core", &["payments"]),
    ("async-stripe-webhook", &["payments"]),
    ("aws-config", &["runtime", "testkit"]),
    ("aws-sdk-cognitoidentityprovider", &["runtime"]),
    ("aws-sdk-dynamodb", &["store", "runtime", "simulation", "testkit"]),
    ("aws-sdk-s3", &["objects", "runtime"]),
    ("aws-sdk-secretsmanager", &["runtime"]),
    ("aws-sdk-sesv2", &["runtime"]),
    ("aws-sdk-sfn", &["runtime"]),
    ("aws-sdk-sqs", &["runtime"]),
    ("cosmic-text", &["engine"]),
    ("dynoxide-rs", &["testkit"]),
    ("lambda_http", &["runtime"]),
    ("lambda_runtime", &["runtime"]),
    ("reqwest", &["fake-providers", "payments", "providers", "runtime"]),
];

#[test]
fn every_dependency_is_an_arrow_of_the_table() {
    let packages = packages();
    let ours: Vec<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    let mut problems = Vec::new();
    for package in &packages {
        let name = package["name"].as_str().expect("a name");
        let folder = folder_of(package);
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let on = dependency["name"].as_str().expect("a name");
            let dev = dependency["kind"] == "dev";
            let allowed = arrow_allowed(name, &folder, on) || dev && dev_arrow_allowed(name, on);
            if ours.contains(&on) && !allowed {
                problems.push(format!("{name} must not depend on {on}"));
            }
            if let Some((_, wrappers)) = WRAPPED.iter().find(|(crate_name, _)| *crate_name == on)
                && !dev
                && !wrappers.contains(&name)
            {
                problems.push(format!("{name} must not name {on}: that is for {wrappers:?}"));
            }
        }
    }
    report(&problems);
}

fn arrow_allowed(name: &str, folder: &str, on: &str) -> bool {
    if CONNECTING.contains(&name) {
        return true;
    }
    if folder.starts_with("functions/") {
        return ARROWS
            .iter()
            .any(|(shared, _)| *shared == on && !["fake-providers", "simulation", "testkit"].contains(&on));
    }
    ARROWS
        .iter()
        .any(|(shared, allowed)| *shared == name && allowed.contains(&on))
}

/// For tests a shared crate may go anywhere, and a function to `testkit`.
fn dev_arrow_allowed(name: &str, on: &str) -> bool {
    if ALONE.contains(&name) {
        return false;
    }
    on == "testkit" || ARROWS.iter().any(|(shared, _)| *shared == name)
}

#[test]
fn a_function_crate_takes_versions_and_features_from_the_workspace() {
    let mut problems = Vec::new();
    for (name, folder) in super::functions() {
        let manifest = super::read(&format!("{folder}/Cargo.toml"));
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or_default();
        for line in dependencies
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            if !line.ends_with(".workspace = true") {
                problems.push(format!("{name}: `{line}` must be `<crate>.workspace = true`"));
            }
        }
    }
    report(&problems);
}
