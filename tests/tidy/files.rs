//! Names, first lines and sizes of files.

use super::{files_below, functions, packages, read, report};

/// Longest Rust file: what one reads in one sitting.
const RUST_LINES_MAX: usize = 420;
/// Pages and their longest length in lines.
const PAGES: &[(&str, usize)] = &[
    ("README.md", 150),
    ("ARCHITECTURE.md", 200),
    ("CONTRIBUTING.md", 120),
];
/// Longest decision.
const ADR_LINES_MAX: usize = 60;

#[test]
fn every_rust_file_says_what_it_is_for_and_is_short() {
    let mut problems = Vec::new();
    for folder in ["functions", "shared", "tests"] {
        for path in files_below(folder, &[".rs"]) {
            let text = read(&path);
            if !text.starts_with("//! ") {
                problems.push(format!("{path}: must begin with `//!`"));
            }
            if text.lines().count() > RUST_LINES_MAX {
                problems.push(format!(
                    "{path}: {} lines, at most {RUST_LINES_MAX}",
                    text.lines().count()
                ));
            }
            if path.ends_with("/mod.rs") {
                problems.push(format!("{path}: `name.rs` beside `name/`, not `mod.rs`"));
            }
        }
    }
    report(&problems);
}

#[test]
fn nothing_is_left_half_done_and_no_test_is_switched_off() {
    let marks = [
        "TO".to_owned() + "DO",
        "FIX".to_owned() + "ME",
        "#[ig".to_owned() + "nore",
        "should_".to_owned() + "panic",
    ];
    let mut problems = Vec::new();
    for folder in ["functions", "shared", "tests", "infra", "statemachines"] {
        for path in files_below(folder, &[".rs", ".py", ".yaml", ".json", ".c"]) {
            let text = read(&path);
            for mark in marks.iter().filter(|mark| text.contains(mark.as_str())) {
                problems.push(format!("{path}: holds `{mark}`"));
            }
        }
    }
    report(&problems);
}

#[test]
fn a_function_is_one_binary_of_its_folders_name_with_nothing_in_main() {
    let mut problems = Vec::new();
    for package in packages() {
        let folder = super::folder_of(&package);
        if !folder.starts_with("functions/") {
            continue;
        }
        let name = package["name"].as_str().expect("a name");
        if !folder.ends_with(&format!("/{name}")) {
            problems.push(format!("{folder}: the crate is called {name}"));
        }
        let binaries: Vec<&str> = package["targets"]
            .as_array()
            .expect("targets")
            .iter()
            .filter(|target| target["kind"][0] == "bin")
            .filter_map(|target| target["name"].as_str())
            .collect();
        if binaries != [name] {
            problems.push(format!("{name}: binaries {binaries:?}"));
        }
        if read(&format!("{folder}/src/main.rs")).lines().count() > 20 {
            problems.push(format!("{name}: main.rs has more than 20 lines"));
        }
    }
    report(&problems);
}

#[test]
fn pages_stay_readable() {
    let mut problems = Vec::new();
    let adrs = files_below("docs/adr", &[".md"]);
    let limits = PAGES.iter().map(|(path, max)| ((*path).to_owned(), *max));
    for (path, max) in limits.chain(adrs.into_iter().map(|path| (path, ADR_LINES_MAX))) {
        let lines = read(&path).lines().count();
        if lines > max {
            problems.push(format!("{path}: {lines} lines, at most {max}"));
        }
    }
    report(&problems);
}

#[test]
fn every_decision_has_its_four_parts() {
    let mut problems = Vec::new();
    for path in files_below("docs/adr", &[".md"])
        .iter()
        .filter(|path| !path.ends_with("README.md"))
    {
        let text = read(path);
        for part in ["## Context", "## Decision", "## Consequences", "## Revisit when"] {
            if !text.contains(part) {
                problems.push(format!("{path}: no `{part}`"));
            }
        }
    }
    report(&problems);
}

/// Files of `tests/contract` that are about no single function.
const CONTRACT_FILES: &[&str] = &["authz", "errors", "main", "openapi", "templates", "world"];

#[test]
fn every_function_has_its_contract_test_under_its_name() {
    let functions: Vec<String> = functions()
        .into_iter()
        .map(|(name, _)| name.replace('-', "_"))
        .collect();
    let files: Vec<String> = files_below("tests/contract", &[".rs"])
        .iter()
        .filter_map(|path| path.strip_prefix("tests/contract/")?.strip_suffix(".rs"))
        .filter(|name| !name.contains('/'))
        .map(str::to_owned)
        .collect();
    let missing = functions.iter().filter(|name| !files.contains(name));
    let missing = missing.map(|name| format!("no tests/contract/{name}.rs"));
    let strangers = files
        .iter()
        .filter(|name| !functions.contains(name) && !CONTRACT_FILES.contains(&name.as_str()))
        .map(|name| format!("tests/contract/{name}.rs: there is no such function"));
    report(&missing.chain(strangers).collect::<Vec<_>>());
}
