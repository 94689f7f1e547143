//! `config-models`.

use catalogue::{Catalogue, LOCAL, Model};

use super::world::every_sample;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    // The samples show what every build has; a row of another provider does not change them.
    let rows = Catalogue::standard().rows().iter().copied();
    let rows: Vec<Model> = rows.filter(|row| row.provider == LOCAL).collect();
    let catalogue = Catalogue::of(rows.leak());
    every_sample("config-models", async |_world, request| {
        config_models::handle(&config_models::Deps { catalogue }, request).await
    })
    .await;
}
