//! `health`.

use super::world::every_sample;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("health", async |_world, request| {
        health::handle(&health::Deps, request).await
    })
    .await;
}
