//! Routes of payments, webhooks and their workers: samples, rights, and what a delivery leaves.

use std::collections::BTreeMap;
use std::sync::Arc;

use billing::{Billing, PaymentProvider, PriceIds, WebhookReceiver};
use domain::billing::PaymentVendor;
use ledger::ProductId;
use payments::WebhookSecrets;
use serde_json::{Value, json};
use testkit::events::sample;
use testkit::{FakeMessageQueue, FakePayments, FixedClock, fake_payments};

use super::world::{World, compare, event, every_sample, refusal, shown};

const RETURN_URL: &str = "https://studio.example.com/billing";

/// Ids of every product at the fake.
fn price_ids() -> PriceIds {
    let ids: BTreeMap<_, _> = ProductId::ALL
        .into_iter()
        .map(|id| (id.as_str(), fake_payments::price_id(id)))
        .collect();
    PriceIds::parse(&json!(ids).to_string()).expect("ids of the catalogue")
}

/// The use cases with one provider, at which Ann has a paid subscription.
pub(crate) fn billing_of(world: &World) -> Billing {
    let vendor = FakePayments::default();
    let ann = world.ann.account_id;
    vendor.subscribed(1, ann, ProductId::SubscriptionStarter, world.ann.now());
    let provider = PaymentProvider {
        payments: Arc::new(vendor),
        price_ids: price_ids(),
        livemode: false,
    };
    Billing {
        store: world.store(),
        providers: [(PaymentVendor::Stripe, provider)].into(),
        clock: Arc::new(FixedClock::default()),
        ids: world.ids(),
    }
}

/// The same after the subscription's invoice was heard of.
async fn subscribed(world: &World) -> Billing {
    let billing = billing_of(world);
    billing
        .fulfil_invoice(PaymentVendor::Stripe, "in_1")
        .await
        .expect("the fake answers");
    billing
}

fn receiver(world: &World, vendor: PaymentVendor, queue: Arc<FakeMessageQueue>) -> WebhookReceiver {
    WebhookReceiver {
        store: world.store(),
        vendor,
        secrets: WebhookSecrets::parse("whsec_test_secret").expect("a secret"),
        livemode: false,
        queue,
    }
}

#[tokio::test]
async fn billing_packs() {
    every_sample("billing-packs", async |_world, request| {
        let deps = billing_packs::Deps {
            price_ids: [(PaymentVendor::Stripe, price_ids())].into(),
        };
        billing_packs::handle(&deps, request).await
    })
    .await;
}

#[tokio::test]
async fn billing_checkout() {
    every_sample("billing-checkout", async |world, request| {
        let deps = billing_checkout::Deps {
            billing: billing_of(world),
            return_url: RETURN_URL.to_owned(),
        };
        billing_checkout::handle(&deps, request).await
    })
    .await;
}

#[tokio::test]
async fn whoever_has_a_subscription_does_not_get_a_second() {
    let world = World::new().await;
    let deps = billing_checkout::Deps {
        billing: subscribed(&world).await,
        return_url: RETURN_URL.to_owned(),
    };
    let request = event("billing-checkout", "subscription");
    let refused = shown(billing_checkout::handle(&deps, request).await);
    assert_eq!(refusal(&refused), (409, "subscription_exists", ""));
}

#[tokio::test]
async fn billing_portal() {
    every_sample("billing-portal", async |world, request| {
        let deps = billing_portal::Deps {
            billing: subscribed(world).await,
            return_url: RETURN_URL.to_owned(),
        };
        billing_portal::handle(&deps, request).await
    })
    .await;
}

#[tokio::test]
async fn who_never_paid_has_no_portal() {
    let world = World::new().await;
    let deps = billing_portal::Deps {
        billing: billing_of(&world),
        return_url: RETURN_URL.to_owned(),
    };
    let refused = shown(billing_portal::handle(&deps, event("billing-portal", "post")).await);
    assert_eq!(refusal(&refused), (404, "not_found", ""));
}

#[tokio::test]
async fn billing_subscription() {
    every_sample("billing-subscription", async |world, request| {
        let deps = billing_subscription::Deps {
            billing: subscribed(world).await,
        };
        billing_subscription::handle(&deps, request).await
    })
    .await;
}

#[tokio::test]
async fn billing_invoices() {
    every_sample("billing-invoices", async |world, request| {
        let deps = billing_invoices::Deps {
            billing: subscribed(world).await,
        };
        billing_invoices::handle(&deps, request).await
    })
    .await;
}

#[tokio::test]
async fn a_stranger_sees_neither_subscription_nor_invoices() {
    let world = World::new().await;
    let billing = subscribed(&world).await;
    let deps = billing_subscription::Deps {
        billing: billing.clone(),
    };
    let request = super::world::of_account(event("billing-subscription", "get"), 2);
    let answer = shown(billing_subscription::handle(&deps, request).await);
    assert_eq!(answer["body"]["data"]["subscription"], Value::Null);
    let request = super::world::of_account(event("billing-subscription", "delete"), 2);
    let refused = shown(billing_subscription::handle(&deps, request).await);
    assert_eq!(refusal(&refused), (404, "not_found", ""));
    let deps = billing_invoices::Deps { billing };
    let request = super::world::of_account(event("billing-invoices", "list"), 2);
    let answer = shown(billing_invoices::handle(&deps, request).await);
    assert_eq!(answer["body"]["data"]["items"], json!([]));
}

#[tokio::test]
async fn admin_subscriptions_sync() {
    every_sample("admin-subscriptions-sync", async |world, request| {
        let deps = admin_subscriptions_sync::Deps {
            billing: billing_of(world),
        };
        admin_subscriptions_sync::handle(&deps, request).await
    })
    .await;
}

#[tokio::test]
async fn stripe_webhook() {
    every_sample("stripe-webhook", async |world, request| {
        let receiver = receiver(world, PaymentVendor::Stripe, Arc::default());
        stripe_webhook::handle(&receiver, request).await
    })
    .await;
}

#[tokio::test]
async fn creem_webhook() {
    every_sample("creem-webhook", async |world, request| {
        let receiver = receiver(world, PaymentVendor::Creem, Arc::default());
        creem_webhook::handle(&receiver, request).await
    })
    .await;
}

#[tokio::test]
async fn an_event_that_comes_three_times_is_handed_over_once_and_reads_back() {
    let world = World::new().await;
    let queue = Arc::new(FakeMessageQueue::default());
    let receiver = receiver(&world, PaymentVendor::Stripe, Arc::clone(&queue));
    let mut answers = Vec::new();
    for _delivery in 0..3 {
        let answer = stripe_webhook::handle(&receiver, event("stripe-webhook", "checkout-completed")).await;
        answers.push(shown(answer)["body"]["data"]["event"].clone());
    }
    assert_eq!(answers, ["queued", "known", "known"]);
    let sent = queue.take();
    assert_eq!(sent.len(), 1);
    let sent: Value = serde_json::from_str(&sent[0]).unwrap();
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
        let queue = Arc::new(FakeMessageQueue::default());
        let receiver = receiver(&world, PaymentVendor::Stripe, Arc::clone(&queue));
        let refused = shown(stripe_webhook::handle(&receiver, event("stripe-webhook", case)).await);
        assert_eq!(refused["status"], 400, "{case}");
        assert!(queue.take().is_empty(), "{case}");
        let seen = world.store().event(PaymentVendor::Stripe, "evt_1").await.unwrap();
        assert_eq!(seen, None, "{case}");
    }
}

#[tokio::test]
async fn payment_events_and_sync_payments_work_on_their_samples() {
    let world = World::new().await;
    let billing = billing_of(&world);
    let deps = payment_events::Deps {
        billing: billing.clone(),
    };
    let batch: Value = serde_json::from_str(&sample("payment-events", "checkout-completed")).unwrap();
    let body = batch["Records"][0]["body"].as_str().unwrap();
    let message = serde_json::from_str(body).unwrap();
    payment_events::handle(&deps, message).await.unwrap();
    let deps = sync_payments::Deps { billing };
    let event = serde_json::from_str(&sample("sync-payments", "every-hour")).unwrap();
    let reports = sync_payments::handle(&deps, event).await.unwrap();
    compare("sync-payments", "every-hour", &json!(reports));
    world.dynamo.assert_clean(world.ann.account_id).await;
}
