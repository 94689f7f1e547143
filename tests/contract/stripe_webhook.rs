//! `stripe-webhook`.

use std::sync::Arc;

use domain::billing::PaymentProvider;
use serde_json::Value;
use testkit::FakeQueue;
use testkit::events::sample;

use super::world::payments::receiver;
use super::world::{World, event, every_sample, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("stripe-webhook", async |world, request| {
        let receiver = receiver(world, PaymentProvider::Stripe, Arc::default());
        stripe_webhook::handle(&receiver, request).await
    })
    .await;
}

#[tokio::test]
async fn an_event_that_comes_three_times_is_handed_over_once_and_reads_back() {
    let world = World::new().await;
    let queue = Arc::new(FakeQueue::default());
    let receiver = receiver(&world, PaymentProvider::Stripe, Arc::clone(&queue));
    let mut answers = Vec::new();
    for _delivery in 0..3 {
        let answer = stripe_webhook::handle(&receiver, event("stripe-webhook", "checkout-completed")).await;
        answers.push(shown(answer)["body"]["data"]["event"].clone());
    }
    assert_eq!(answers, ["queued", "known", "known"]);
    let sent = queue.take();
    assert_eq!(sent.len(), 1);
    let sent = serde_json::to_value(&sent[0]).unwrap();
    let batch: Value = serde_json::from_str(&sample("payment-events", "checkout-completed")).unwrap();
    let body: Value = serde_json::from_str(batch["Records"][0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(sent, body, "the sample of the consumer is what the webhook sends");
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    for case in [
        "forged",
        "replayed-after-ten-minutes",
        "truncated",
        "not-signed",
        "real-money-in-a-test",
    ] {
        let world = World::new().await;
        let queue = Arc::new(FakeQueue::default());
        let receiver = receiver(&world, PaymentProvider::Stripe, Arc::clone(&queue));
        let refused = shown(stripe_webhook::handle(&receiver, event("stripe-webhook", case)).await);
        assert_eq!(refused["status"], 400, "{case}");
        assert!(queue.take().is_empty(), "{case}");
        let seen = world
            .store()
            .event(PaymentProvider::Stripe, "evt_1")
            .await
            .unwrap();
        assert_eq!(seen, None, "{case}");
    }
}
