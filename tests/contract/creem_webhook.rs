//! `creem-webhook`.

use std::sync::Arc;

use domain::billing::PaymentProvider;

use super::world::every_sample;
use super::world::payments::receiver;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("creem-webhook", async |world, request| {
        let receiver = receiver(world, PaymentProvider::Creem, Arc::default());
        creem_webhook::handle(&receiver, request).await
    })
    .await;
}
