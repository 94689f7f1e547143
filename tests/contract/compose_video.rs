//! `compose-video`.

use super::world::refusal;
use super::world::studio::{Studio, every_start};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_start("compose-video").await;
}

#[tokio::test]
async fn without_its_input_it_says_what_is_missing() {
    let studio = Studio::new().await;
    studio.forget_outputs().await;
    let refused = studio.answer("compose-video", "post").await;
    assert_eq!(refusal(&refused), (409, "input_missing", ""));
    assert_eq!(refused["body"]["error"]["details"]["missing"][0], "script");
    assert!(studio.executions.names().is_empty());
}
