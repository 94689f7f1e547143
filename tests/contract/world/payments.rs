//! A payment provider at which Ann has a paid subscription.

use std::collections::BTreeMap;
use std::sync::Arc;

use billing::{Billing, PriceIds, ProviderSetup, WebhookReceiver};
use domain::billing::PaymentProvider;
use ledger::ProductId;
use payments::{ProviderEvent, WebhookSecrets};
use serde_json::json;
use testkit::{FakeQueue, FixedClock, InMemoryPayments, in_memory_payments};

use super::World;

pub(crate) const RETURN_URL: &str = "https://studio.example.com/billing";

/// Ids of every product at the fake.
pub(crate) fn price_ids() -> PriceIds {
    let ids: BTreeMap<_, _> = ProductId::ALL
        .into_iter()
        .map(|id| (id.as_str(), in_memory_payments::price_id(id)))
        .collect();
    PriceIds::parse(&json!(ids).to_string()).expect("ids of the catalogue")
}

/// The use cases with one provider, at which Ann has a paid subscription.
pub(crate) fn billing_of(world: &World) -> Billing {
    let provider = InMemoryPayments::default();
    let ann = world.ann.account_id;
    provider.subscribed(1, ann, ProductId::SubscriptionStarter, world.ann.now());
    billing_at(world, Arc::new(provider))
}

/// The use cases with one provider, whatever it knows.
pub(crate) fn billing_at(world: &World, provider: Arc<InMemoryPayments>) -> Billing {
    let setup = ProviderSetup {
        payments: provider,
        price_ids: price_ids(),
        livemode: false,
    };
    Billing {
        store: world.store(),
        providers: [(PaymentProvider::Stripe, setup)].into(),
        clock: Arc::new(FixedClock::default()),
        ids: world.ids(),
    }
}

/// The same after the subscription's invoice was heard of.
pub(crate) async fn subscribed(world: &World) -> Billing {
    let billing = billing_of(world);
    billing
        .fulfil_invoice(PaymentProvider::Stripe, "in_1")
        .await
        .expect("the fake answers");
    billing
}

pub(crate) fn receiver(
    world: &World,
    provider: PaymentProvider,
    queue: Arc<FakeQueue<ProviderEvent>>,
) -> WebhookReceiver {
    WebhookReceiver {
        store: world.store(),
        provider,
        secrets: WebhookSecrets::parse("whsec_test_secret").expect("a secret"),
        livemode: false,
        queue,
    }
}
