//! `generate-images`.

use super::world::generation::{GenerationWorld, every_start};
use super::world::refusal;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_start("generate-images").await;
}

#[tokio::test]
async fn without_its_input_it_says_what_is_missing() {
    let generation = GenerationWorld::new().await;
    generation.forget_outputs().await;
    let refused = generation.answer("generate-images", "post").await;
    assert_eq!(refusal(&refused), (409, "input_missing", ""));
    assert_eq!(refused["body"]["error"]["details"]["missing"][0], "script");
    assert!(generation.executions.names().is_empty());
}
