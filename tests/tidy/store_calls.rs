//! What a call of the store needs: the table of rights in `docs/DATA.md` names each call, and no other.

use std::collections::BTreeSet;

use super::{files_below, read};

/// Methods of `Store` that call nothing.
const BUILDERS: [&str; 2] = ["new", "sleeping"];

/// Public methods of `Store`, in any file of the crate.
fn calls() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in files_below("shared/store/src", &[".rs"]) {
        let text = read(&path);
        let blocks = text.split("\nimpl Store {\n").skip(1);
        for block in blocks.map(|rest| rest.split("\n}\n").next().unwrap_or_default()) {
            let named = block.lines().filter_map(|line| line.strip_prefix("    pub fn "));
            found.extend(
                named
                    .filter_map(|rest| rest.split(['<', '(']).next())
                    .map(str::to_owned),
            );
        }
    }
    found
}

/// Calls in the first column of the table of rights.
fn listed() -> BTreeSet<String> {
    let text = read("docs/DATA.md");
    let table = text
        .split("\n## Rights of a function\n")
        .nth(1)
        .unwrap_or_default();
    let table = table.split("\n## ").next().unwrap_or_default();
    let firsts = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    firsts
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_table_of_rights_names_every_call_of_the_store() {
    let calls: BTreeSet<String> = calls()
        .into_iter()
        .filter(|name| !BUILDERS.contains(&name.as_str()))
        .collect();
    assert!(!calls.is_empty(), "no call was found");
    let listed = listed();
    let missing: Vec<_> = calls.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&calls).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "docs/DATA.md, Rights of a function: missing {missing:?}, not in the store {gone:?}"
    );
}
