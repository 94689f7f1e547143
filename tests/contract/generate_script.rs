//! `generate-script`.

use super::world::generation::every_start;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_start("generate-script").await;
}
