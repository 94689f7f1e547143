//! The sample events of `events/<function>/<case>.json`.

use std::fs;

use crate::workspace::root;

/// The text of a sample.
pub fn sample(function: &str, case: &str) -> String {
    let path = root().join(format!("events/{function}/{case}.json"));
    fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

/// The cases of a function, sorted.
pub fn cases(function: &str) -> Vec<String> {
    let folder = root().join(format!("events/{function}"));
    let mut cases: Vec<String> = fs::read_dir(&folder)
        .unwrap_or_else(|cause| panic!("{}: {cause}", folder.display()))
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".json")?.to_owned()))
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "{function} has no samples");
    cases
}
