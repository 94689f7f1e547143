//! `billing-subscription`.

use std::sync::Arc;

use domain::billing::PaymentProvider;
use ledger::ProductId;
use serde_json::Value;
use testkit::InMemoryPayments;

use super::world::payments::{billing_at, subscribed};
use super::world::{World, event, every_sample, of_account, refusal, shown};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("billing-subscription", async |world, request| {
        let deps = billing_subscription::Deps {
            billing: subscribed(world).await,
        };
        billing_subscription::handle(&deps, request).await
    })
    .await;
}

#[tokio::test]
async fn a_stranger_sees_no_subscription_and_ends_none() {
    let world = World::new().await;
    let deps = billing_subscription::Deps {
        billing: subscribed(&world).await,
    };
    let request = of_account(event("billing-subscription", "get"), 2);
    let answer = shown(billing_subscription::handle(&deps, request).await);
    assert_eq!(answer["body"]["data"]["subscription"], Value::Null);
    let request = of_account(event("billing-subscription", "delete"), 2);
    let refused = shown(billing_subscription::handle(&deps, request).await);
    assert_eq!(refusal(&refused), (404, "not_found", ""));
}

#[tokio::test]
async fn every_subscription_that_is_alive_is_shown_and_ended() {
    let world = World::new().await;
    let provider = Arc::new(InMemoryPayments::default());
    let (ann, now) = (world.ann.account_id, world.ann.now());
    provider.subscribed(1, ann, ProductId::SubscriptionStarter, now);
    provider.subscribed(2, ann, ProductId::SubscriptionProfessional, now);
    let deps = billing_subscription::Deps {
        billing: billing_at(&world, Arc::clone(&provider)),
    };
    let stripe = PaymentProvider::Stripe;
    deps.billing.fulfil_invoice(stripe, "in_1").await.unwrap();
    // The second one's webhook has not come: DELETE asks the provider.
    let answer = shown(billing_subscription::handle(&deps, event("billing-subscription", "delete")).await);
    assert_eq!(answer["body"]["data"]["plan"], "basic");
    let answer = shown(billing_subscription::handle(&deps, event("billing-subscription", "get")).await);
    let data = &answer["body"]["data"];
    assert_eq!(data["subscription"]["product"], "subscription_starter");
    assert_eq!(data["others"][0]["product"], "subscription_professional");
    assert_eq!(data["others"].as_array().unwrap().len(), 1);
    for one in [&data["subscription"], &data["others"][0]] {
        assert_eq!(one["cancel_at_period_end"], true, "{one}");
    }
    let ends = provider
        .objects()
        .subscriptions
        .values()
        .all(|one| one.cancel_at.is_some());
    assert!(ends);
}
