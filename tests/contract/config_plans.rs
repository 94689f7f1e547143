//! `config-plans`.

use super::world::every_sample;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("config-plans", async |_world, request| {
        config_plans::handle(&config_plans::Deps, request).await
    })
    .await;
}
