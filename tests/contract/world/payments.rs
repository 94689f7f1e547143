//! A payment provider at which Ann has a paid subscription.

use std::collections::BTreeMap;
use std::sync::Arc;

use billing::{Desk, Intake, Shelf, Till};
use domain::billing::PaymentVendor;
use ledger::ProductId;
use payments::WebhookSecrets;
use serde_json::json;
use testkit::{FakeMessageQueue, FakePayments, FixedClock, fake_payments};

use super::World;

pub(crate) const RETURN_URL: &str = "https://studio.example.com/billing";

/// Ids of every product at the fake.
pub(crate) fn shelf() -> Shelf {
    let ids: BTreeMap<_, _> = ProductId::ALL
        .into_iter()
        .map(|id| (id.as_str(), fake_payments::price_id(id)))
        .collect();
    Shelf::parse(&json!(ids).to_string()).expect("ids of the catalogue")
}

/// A desk with one vendor, at which Ann has a paid subscription.
pub(crate) fn payments_desk(world: &World) -> Desk {
    let vendor = FakePayments::default();
    let ann = world.ann.account_id;
    vendor.subscribed(1, ann, ProductId::SubscriptionStarter, world.ann.now());
    let till = Till {
        payments: Arc::new(vendor),
        shelf: shelf(),
        livemode: false,
    };
    Desk {
        store: world.store(),
        tills: [(PaymentVendor::Stripe, till)].into(),
        clock: Arc::new(FixedClock::default()),
        ids: world.ids(),
    }
}

/// The same after the subscription's invoice was heard of.
pub(crate) async fn subscribed(world: &World) -> Desk {
    let desk = payments_desk(world);
    desk.fulfil_invoice(PaymentVendor::Stripe, "in_1")
        .await
        .expect("the fake answers");
    desk
}

pub(crate) fn intake(world: &World, vendor: PaymentVendor, queue: Arc<FakeMessageQueue>) -> Intake {
    Intake {
        store: world.store(),
        vendor,
        secrets: WebhookSecrets::parse("whsec_test_secret").expect("a secret"),
        livemode: false,
        queue,
    }
}
