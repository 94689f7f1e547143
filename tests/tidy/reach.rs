//! Which functions compile the video engine: only those that write, draw, speak, render, check or inspect media.

use std::collections::{BTreeMap, BTreeSet};

use super::{files_below, read, report};

/// Functions that may reach `engine`, with the reason.
const REACHES_ENGINE: &[(&str, &str)] = &[
    ("check-video", "looks at a finished video"),
    (
        "config-templates",
        "lists the engine's templates and their variables",
    ),
    ("inspect-upload", "decodes and re-encodes uploads"),
    ("join-video", "joins chunks and mixes the sound"),
    ("render-chunk", "renders a part of a video"),
    ("render-image", "the local provider draws cards with it"),
    ("render-video", "renders a video"),
    ("speak-script", "the local provider levels its voice with it"),
    (
        "write-script",
        "the local provider is one crate: words, images and voice",
    ),
];

/// Our own crates that a manifest names as normal dependencies; no cargo call, the text alone.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let table = manifest.split("\n[dependencies]\n").nth(1).unwrap_or_default();
    table
        .lines()
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

fn reaches(graph: &BTreeMap<String, BTreeSet<String>>, from: &str, goal: &str) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(name) = open.pop() {
        if name == goal {
            return true;
        }
        if seen.insert(name) {
            open.extend(graph.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

#[test]
fn only_functions_that_work_on_media_reach_the_engine() {
    // Name of a crate = name of its folder; other tests hold that.
    let manifests: Vec<String> = ["functions", "shared"]
        .iter()
        .flat_map(|folder| files_below(folder, &["Cargo.toml"]))
        .collect();
    let name_of = |path: &str| path.rsplit('/').nth(1).unwrap_or_default().to_owned();
    let graph: BTreeMap<String, BTreeSet<String>> = manifests
        .iter()
        .map(|path| (name_of(path), dependencies(&read(path))))
        .collect();
    let mut problems = Vec::new();
    for path in manifests.iter().filter(|path| path.starts_with("functions/")) {
        let name = name_of(path);
        let allowed = REACHES_ENGINE.iter().any(|(function, _)| *function == name);
        match (reaches(&graph, &name, "engine"), allowed) {
            (true, false) => problems.push(format!("{name} must not reach `engine`")),
            (false, true) => problems.push(format!("{name} does not reach `engine`: strike it off the list")),
            _ => {}
        }
    }
    report(&problems);
}

#[test]
fn only_wiring_takes_the_catalogue_of_the_build() {
    let taken: Vec<String> = ["functions", "shared"]
        .iter()
        .flat_map(|folder| files_below(folder, &[".rs"]))
        .filter(|path| !path.contains("/tests/") && !path.ends_with("/tests.rs"))
        .filter(|path| read(path).contains("Catalogue::standard()"))
        .collect();
    assert_eq!(taken, ["shared/wiring/src/models.rs"]);
}
