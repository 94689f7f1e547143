//! Tests of `write`.

use super::{Write, failed_conditions};
use crate::keys::Key;

#[test]
fn only_failed_conditions_are_named() {
    let codes = [
        "None",
        "ConditionalCheckFailed",
        "TransactionConflict",
        "ConditionalCheckFailed",
    ];
    assert_eq!(failed_conditions(&codes), Some(vec![1, 3]));
}

#[test]
fn other_writers_alone_name_no_condition() {
    let codes = ["TransactionConflict", "None", "ThrottlingError"];
    assert_eq!(failed_conditions(&codes), Some(vec![]));
}

#[test]
fn a_reason_that_no_repeat_cures_is_an_error() {
    assert_eq!(failed_conditions(&["None", "ValidationError"]), None);
    assert_eq!(failed_conditions(&["ItemCollectionSizeLimitExceeded"]), None);
}

#[test]
fn each_hash_word_names_its_attribute_once() {
    let key = Key {
        pk: "a".to_owned(),
        sk: "b".to_owned(),
    };
    let write = Write::update(
        "t",
        key,
        "SET #body.#state = :s",
        "#body.#run = :r AND #body.#steps.#step = :d",
    )
    .name("step", "script");
    let mut names: Vec<_> = write.names.into_iter().collect();
    names.sort();
    let shown: Vec<String> = names.into_iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(
        shown,
        [
            "#body=body",
            "#run=run",
            "#state=state",
            "#step=script",
            "#steps=steps"
        ]
    );
}
