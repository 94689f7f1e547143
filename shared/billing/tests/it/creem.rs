//! What a provider gives back that tells only sums: found without its webhook, undone when the money comes again.

use std::sync::Arc;

use billing::{Billing, Order, Outcome, PriceIds, ProviderSetup};
use domain::billing::PaymentProvider;
use domain::ports::Clock;
use fake_providers::payments::{DeliveryMode, DeliveryOptions, FakePayments};
use ledger::ProductId;
use payments::creem::Creem;
use payments::{ApiKey, EventKind, EventObjects, ProviderEvent, Retry};
use serde_json::json;
use testkit::{Customer, Dynamo, FixedClock, SequentialIds, dynamo};

const PROVIDER: PaymentProvider = PaymentProvider::Creem;

/// Ann, and Creem as a server.
struct World {
    dynamo: Dynamo,
    ann: Customer,
    creem: FakePayments,
    billing: Billing,
}

impl World {
    async fn new() -> Self {
        let dynamo = dynamo().await;
        let ann = Customer::with_credits(&dynamo.store, 1, 0).await;
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::default());
        let creem = FakePayments::start(PROVIDER, Arc::clone(&clock), "t", 0)
            .await
            .unwrap();
        creem.set_delivery_options(DeliveryOptions {
            mode: DeliveryMode::Drop,
            ..DeliveryOptions::default()
        });
        let retry = Retry {
            tries: 1,
            first_pause_ms: 1,
        };
        let key = ApiKey::parse("creem_test_1").unwrap();
        let price_ids = json!({"pack_starter": "prod_pack_starter"}).to_string();
        let setup = ProviderSetup {
            payments: Arc::new(Creem::new(runtime::web().unwrap(), key, creem.url(), retry)),
            price_ids: PriceIds::parse(&price_ids).unwrap(),
            livemode: false,
        };
        let billing = Billing {
            store: dynamo.store.clone(),
            providers: [(PROVIDER, setup)].into(),
            clock,
            ids: Arc::new(SequentialIds::after(5_000_000)),
        };
        Self {
            dynamo,
            ann,
            creem,
            billing,
        }
    }

    /// Buys a pack of 500 credits for 999 cents; answers with its checkout and its transaction. Nobody is told.
    async fn buys(&self) -> (String, String) {
        let account = self.dynamo.store.account(self.ann.account_id).await.unwrap();
        let order = Order {
            provider: PROVIDER,
            product: ProductId::PackStarter,
            success_url: "https://studio.example.com/done".to_owned(),
            cancel_url: "https://studio.example.com/back".to_owned(),
            idempotency_key: "k1".to_owned(),
        };
        let id = self.billing.checkout(&account, &order).await.unwrap().id;
        self.creem
            .change(|state| Some(((), state.pay_checkout(&id, false))))
            .unwrap();
        let payment = self.creem.state().checkout(&id).unwrap().payment.clone();
        (id, payment.unwrap())
    }

    /// Available credits after the hourly look, which must change nothing a second time.
    async fn after_a_look(&self) -> u64 {
        self.billing.sync_provider(PROVIDER).await.unwrap();
        let once = self.available().await;
        let again = self.billing.sync_provider(PROVIDER).await.unwrap();
        assert!(again.returned.is_empty(), "{again:?}");
        assert_eq!(self.available().await, once);
        once
    }

    async fn available(&self) -> u64 {
        let audit = self.dynamo.assert_clean(self.ann.account_id).await;
        assert_eq!(audit.balance.debt.get(), 0);
        audit.balance.available.get()
    }

    fn refund(&self, payment: &str, cents: i64) -> String {
        self.creem
            .change(|state| state.refund(payment, Some(cents)))
            .unwrap()
    }
}

#[tokio::test]
async fn refunds_of_a_pack_are_found_without_their_webhook() {
    let world = World::new().await;
    let (checkout, payment) = world.buys().await;
    let granted = world.billing.fulfil_checkout(PROVIDER, &checkout).await.unwrap();
    assert_eq!(granted, Outcome::Granted);
    world.refund(&payment, 333);
    assert_eq!(world.after_a_look().await, 500 - 166);
    world.refund(&payment, 666);
    assert_eq!(world.after_a_look().await, 0);
}

#[tokio::test]
async fn a_refund_that_failed_gives_its_credits_back_and_a_new_one_takes_them_again() {
    let world = World::new().await;
    let (checkout, payment) = world.buys().await;
    world.billing.fulfil_checkout(PROVIDER, &checkout).await.unwrap();
    let first = world.refund(&payment, 999);
    assert_eq!(world.after_a_look().await, 0);
    world
        .creem
        .change(|state| Some(((), state.fail_refund(&first)?)))
        .unwrap();
    assert_eq!(world.after_a_look().await, 500);
    world.refund(&payment, 999);
    assert_eq!(world.after_a_look().await, 0);
}

#[tokio::test]
async fn a_charge_back_after_a_refund_takes_only_the_rest_and_a_won_one_gives_it_back() {
    let world = World::new().await;
    let (checkout, payment) = world.buys().await;
    world.billing.fulfil_checkout(PROVIDER, &checkout).await.unwrap();
    world.refund(&payment, 333);
    assert_eq!(world.after_a_look().await, 334);
    let dispute = world.creem.change(|state| state.dispute(&payment)).unwrap();
    assert_eq!(world.after_a_look().await, 0);
    world
        .creem
        .change(|state| Some(((), state.close_dispute(&dispute, true)?)))
        .unwrap();
    assert_eq!(world.after_a_look().await, 334);
}

#[tokio::test]
async fn a_refunds_event_alone_finds_its_checkout() {
    let world = World::new().await;
    let (checkout, payment) = world.buys().await;
    world.refund(&payment, 333);
    let event = ProviderEvent {
        provider: PROVIDER,
        id: "evt_1".to_owned(),
        kind: EventKind::Payment,
        name: "refund.created".to_owned(),
        created: world.ann.now(),
        livemode: false,
        api_version: None,
        objects: EventObjects {
            payment: Some(payment),
            checkout: Some(checkout),
            ..EventObjects::default()
        },
        account: None,
    };
    for expected in [Outcome::Granted, Outcome::Unchanged] {
        assert_eq!(world.billing.handle(&event).await.unwrap(), expected);
        assert_eq!(world.available().await, 334);
    }
}
