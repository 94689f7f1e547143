//! `creem-webhook`.

use std::sync::Arc;

use domain::billing::PaymentVendor;

use super::world::every_sample;
use super::world::payments::intake;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("creem-webhook", async |world, request| {
        let intake = intake(world, PaymentVendor::Creem, Arc::default());
        creem_webhook::handle(&intake, request).await
    })
    .await;
}
