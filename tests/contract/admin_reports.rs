//! `admin-reports`.

use std::sync::Arc;

use super::world::every_sample;
use super::world::operators::reported;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("admin-reports", async |world, request| {
        reported(world, &Arc::default()).await;
        admin_reports::handle(&admin_reports::Deps { store: world.store() }, request).await
    })
    .await;
}
