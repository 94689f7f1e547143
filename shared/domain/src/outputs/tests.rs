//! The same inputs have the same hash, whatever order they are written in.

use serde_json::json;

use super::*;

#[test]
fn the_order_of_fields_is_not_an_input_but_the_step_and_each_value_are() {
    let hash = |step: &str, value: serde_json::Value| InputHash::of(step, &value).unwrap();
    let first = hash("script", json!({"keyword": "bees", "tone": "casual"}));
    assert_eq!(
        first,
        hash("script", json!({"tone": "casual", "keyword": "bees"}))
    );
    assert_ne!(first, hash("image", json!({"tone": "casual", "keyword": "bees"})));
    assert_ne!(
        first,
        hash("script", json!({"tone": "humorous", "keyword": "bees"}))
    );
    assert_eq!(first.as_str().len(), 64);
}
