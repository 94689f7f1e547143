//! `docs/generated/ERRORS.md`: written from the registry of codes, and never out of date.

use std::fmt::Write;
use std::fs;

use domain::{Class, ErrorCode};
use testkit::workspace::root;

const HEAD: &str = "# Error codes

Written from `shared/domain/src/code.rs` by `make docs`; do not edit.

Codes are added, never changed or reused.
Routes answer with `{\"success\":false,\"error\":{\"code\",\"message\",\"details\"?}}`; a step of the state machine fails with the code as its error name.
Who acts: *caller* sends something else or waits as `Retry-After` says, *retry* means that the same call may succeed later, *we* means that it was logged and somebody of ours has to look.

| code | HTTP | who acts | meaning |
|---|---|---|---|
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    for code in ErrorCode::ALL {
        let who = match code.class() {
            Class::Caller => "caller",
            Class::Retry => "retry",
            Class::Bug => "we",
        };
        writeln!(
            page,
            "| `{code}` | {} | {who} | {} |",
            code.status(),
            code.meaning()
        )
        .expect("text");
    }
    page
}

/// With `UPDATE_OPENAPI=1` (`make openapi`) it writes the page instead.
#[test]
fn the_page_of_error_codes_is_that_of_the_registry() {
    let path = root().join("docs/generated/ERRORS.md");
    let fresh = page();
    if runtime::Env::process().optional("UPDATE_OPENAPI").is_some() {
        fs::write(&path, &fresh).expect("docs/ can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == fresh,
        "docs/generated/ERRORS.md is out of date: run `make docs`"
    );
}

#[test]
fn no_two_codes_share_a_word() {
    let mut words: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), ErrorCode::ALL.len());
}
