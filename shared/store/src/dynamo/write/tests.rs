//! Tests of `write`.

use super::Write;
use crate::dynamo::keys::Key;

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
