//! Tests of `transaction`.

use std::collections::BTreeSet;

use super::{Part, failed_parts, is_only};

fn parts() -> Vec<Part> {
    vec![Part::Job, Part::Project, Part::Hold, Part::Budget]
}

#[test]
fn only_failed_conditions_are_named() {
    let codes = [
        "None",
        "ConditionalCheckFailed",
        "TransactionConflict",
        "ConditionalCheckFailed",
    ];
    let failed = BTreeSet::from([Part::Project, Part::Budget]);
    assert_eq!(failed_parts(parts(), &codes), Some(failed));
}

#[test]
fn other_writers_alone_name_no_part() {
    let codes = ["TransactionConflict", "None", "ThrottlingError", "None"];
    assert_eq!(failed_parts(parts(), &codes), Some(BTreeSet::new()));
}

#[test]
fn a_reason_that_no_retry_cures_is_an_error() {
    let codes = ["None", "ValidationError", "None", "None"];
    assert_eq!(failed_parts(parts(), &codes), None);
    assert_eq!(failed_parts(parts(), &["ItemCollectionSizeLimitExceeded"]), None);
}

#[test]
fn one_of_two_failed_parts_is_not_the_only_one() {
    let budget = BTreeSet::from([Part::Budget]);
    assert!(is_only(&budget, &Part::Budget));
    assert!(!is_only(&budget, &Part::Member));
    assert!(!is_only(
        &BTreeSet::from([Part::Budget, Part::Job]),
        &Part::Budget
    ));
}
