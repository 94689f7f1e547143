//! The use cases with one provider in memory and one customer, Ann, who has nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use billing::{Billing, Outcome, PriceIds, ProviderSetup};
use domain::Timestamp;
use domain::account::PlanId;
use domain::billing::PaymentProvider;
use ledger::wallet::LOTS_MAX;
use ledger::{ProductId, Wallet};
use payments::{EventKind, EventObjects, Money, Payments, ProviderEvent, Refund, RefundStatus};
use serde_json::json;
use testkit::{Customer, Dynamo, FixedClock, InMemoryPayments, SequentialIds, dynamo, in_memory_payments};

pub(crate) const PROVIDER: PaymentProvider = PaymentProvider::Stripe;

pub(crate) struct World {
    pub(crate) dynamo: Dynamo,
    pub(crate) ann: Customer,
    pub(crate) provider: Arc<InMemoryPayments>,
    pub(crate) billing: Billing,
}

impl World {
    pub(crate) async fn new() -> Self {
        let dynamo = dynamo().await;
        let ann = Customer::with_credits(&dynamo.store, 1, 0).await;
        let provider = Arc::new(InMemoryPayments::default());
        let payments: Arc<dyn Payments> = Arc::<InMemoryPayments>::clone(&provider);
        let setup = ProviderSetup {
            payments,
            price_ids: price_ids(),
            livemode: false,
        };
        let billing = Billing {
            store: dynamo.store.clone(),
            providers: [(PROVIDER, setup)].into(),
            clock: Arc::new(FixedClock::default()),
            ids: Arc::new(SequentialIds::after(5_000_000)),
        };
        Self {
            dynamo,
            ann,
            provider,
            billing,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.ann.now()
    }

    pub(crate) fn pack(&self) {
        let ann = Some(self.ann.account_id);
        self.provider
            .pack_paid(1, ann, ProductId::PackStarter, self.now());
    }

    pub(crate) fn subscription(&self) {
        let ann = self.ann.account_id;
        self.provider
            .subscribed(2, ann, ProductId::SubscriptionProfessional, self.now());
    }

    pub(crate) fn refund(&self, id: &str, cents: i64, status: RefundStatus) {
        let created = self.now().plus_s(i64::try_from(id.len()).expect("a short id"));
        self.provider.change_payment("pi_1", |payment| {
            payment.refunds.retain(|refund| refund.id != id);
            payment.refunds.push(Refund {
                id: id.to_owned(),
                payment: Some("pi_1".to_owned()),
                amount: Money::usd(cents),
                status,
                created,
            });
        });
    }

    pub(crate) async fn hear(&self, kind: EventKind, id: &str) -> Outcome {
        self.billing.handle(&heard(kind, id)).await.expect("an outcome")
    }

    /// (available, debt) after an audit.
    pub(crate) async fn balance(&self) -> (u64, u64) {
        self.dynamo.assert_clean(self.ann.account_id).await;
        let wallet = self
            .dynamo
            .store
            .wallet(self.ann.account_id)
            .await
            .expect("a wallet");
        (wallet.available().get(), wallet.debt().get())
    }

    /// Gives Ann as many lots of one credit as a wallet can hold, without their rows: 500 grants would take a minute.
    pub(crate) async fn fill_wallet(&self) {
        let mut full = Wallet::default();
        for number in 0..LOTS_MAX {
            let gift = self.ann.grant_of(&format!("gift-{number}"), 1);
            full = full.grant(&gift, self.now()).expect("room").wallet;
        }
        let (client, table) = (&self.dynamo.client, &self.dynamo.tables.ledger);
        let key = |row: &str| serde_dynamo::to_attribute_value(row).expect("a text");
        let read = client.get_item().table_name(table);
        let read = read
            .key("pk", key(&format!("ACCT#{}", self.ann.account_id)))
            .key("sk", key("WALLET"));
        let mut item = read.send().await.expect("an answer").item.expect("a wallet");
        item.insert(
            "body".to_owned(),
            serde_dynamo::to_attribute_value(&full).expect("a wallet"),
        );
        let write = client.put_item().table_name(table).set_item(Some(item));
        write.send().await.expect("it is written");
    }

    pub(crate) async fn plan(&self) -> PlanId {
        self.dynamo
            .store
            .account(self.ann.account_id)
            .await
            .expect("an account")
            .plan
    }
}

pub(crate) fn heard(kind: EventKind, id: &str) -> ProviderEvent {
    let some = || Some(id.to_owned());
    let mut objects = EventObjects::default();
    match kind {
        EventKind::Checkout => objects.checkout = some(),
        EventKind::Invoice => objects.invoice = some(),
        EventKind::Subscription => objects.subscription = some(),
        EventKind::Payment => objects.payment = some(),
        EventKind::Other => {}
    }
    ProviderEvent {
        provider: PROVIDER,
        id: format!("evt_{id}"),
        kind,
        name: "sample".to_owned(),
        created: Timestamp::from_ms(testkit::time::NOW_MS),
        livemode: false,
        api_version: None,
        objects,
        account: None,
    }
}

/// Ids of every product at the provider in memory.
fn price_ids() -> PriceIds {
    let ids: BTreeMap<_, _> = ProductId::ALL
        .into_iter()
        .map(|id| (id.as_str(), in_memory_payments::price_id(id)))
        .collect();
    PriceIds::parse(&json!(ids).to_string()).expect("ids of the catalogue")
}
