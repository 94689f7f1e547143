//! `config-models`.

use ledger::PriceList;

use super::world::every_sample;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("config-models", async |_world, request| {
        let prices = PriceList::standard();
        config_models::handle(&config_models::Deps { prices }, request).await
    })
    .await;
}
