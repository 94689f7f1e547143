//! Ann, with Stripe and Creem as servers beside each other. Webhooks are told by hand, in the order that a test wants.

use std::collections::BTreeMap;
use std::sync::Arc;

use billing::{Billing, Order, Outcome, PriceIds, ProviderSetup};
use domain::Failure;
use domain::billing::PaymentProvider;
use domain::notice::NoticeSubject;
use domain::ports::Clock;
use fake_providers::payments::{DeliveryMode, DeliveryOptions, FakePayments};
use ledger::ProductId;
use payments::creem::Creem;
use payments::stripe::Stripe;
use payments::{ApiKey, EventKind, EventObjects, Payments, ProviderEvent, Retry};
use serde_json::json;
use store::PageRequest;
use testkit::{Customer, Dynamo, FixedClock, SequentialIds, dynamo};

pub(crate) struct Both {
    pub(crate) dynamo: Dynamo,
    pub(crate) ann: Customer,
    pub(crate) fakes: BTreeMap<PaymentProvider, FakePayments>,
    pub(crate) billing: Billing,
    pub(crate) clock: Arc<FixedClock>,
    orders: u32,
}

/// A page for a subscription, and where it was opened.
pub(crate) type Page = (PaymentProvider, String);

impl Both {
    pub(crate) async fn new() -> Self {
        let dynamo = dynamo().await;
        let ann = Customer::with_credits(&dynamo.store, 1, 0).await;
        let clock = Arc::new(FixedClock::default());
        let time: Arc<dyn Clock> = Arc::<FixedClock>::clone(&clock);
        let (mut fakes, mut providers) = (BTreeMap::new(), BTreeMap::new());
        for provider in PaymentProvider::ALL {
            let fake = FakePayments::start(provider, Arc::clone(&time), "t", 0)
                .await
                .unwrap();
            fake.set_delivery_options(DeliveryOptions {
                mode: DeliveryMode::Drop,
                ..DeliveryOptions::default()
            });
            providers.insert(provider, setup(provider, fake.url()));
            fakes.insert(provider, fake);
        }
        let billing = Billing {
            store: dynamo.store.clone(),
            providers,
            clock: time,
            ids: Arc::new(SequentialIds::after(5_000_000)),
        };
        Self {
            dynamo,
            ann,
            fakes,
            billing,
            clock,
            orders: 0,
        }
    }

    pub(crate) fn fake(&self, provider: PaymentProvider) -> &FakePayments {
        self.fakes.get(&provider).expect("every provider has one")
    }

    pub(crate) async fn opens(
        &mut self,
        provider: PaymentProvider,
        product: ProductId,
    ) -> Result<Page, Failure> {
        self.orders += 1;
        let account = self.dynamo.store.account(self.ann.account_id).await.unwrap();
        let order = Order {
            provider,
            product,
            success_url: "https://studio.example.com/done".to_owned(),
            cancel_url: "https://studio.example.com/back".to_owned(),
            idempotency_key: format!("k{}", self.orders),
        };
        let opened = self.billing.checkout(&account, &order).await?;
        Ok((provider, opened.id))
    }

    /// Pays a page; false when it is closed.
    pub(crate) fn pays(&self, page: &Page) -> bool {
        self.fake(page.0)
            .change(|state| {
                let changes = state.pay_checkout(&page.1, false);
                (!changes.is_empty()).then_some(((), changes))
            })
            .is_some()
    }

    /// What its webhooks tell: checkout, subscription, invoice.
    pub(crate) fn events(&self, page: &Page) -> Vec<ProviderEvent> {
        let checkout = self.fake(page.0).state().checkout(&page.1).unwrap().clone();
        let invoice = self.invoice_of(page);
        vec![
            event(page.0, EventKind::Checkout, &checkout.id),
            event(page.0, EventKind::Subscription, &checkout.subscription.unwrap()),
            event(page.0, EventKind::Invoice, &invoice),
        ]
    }

    /// The first invoice: Creem's is its transaction.
    pub(crate) fn invoice_of(&self, page: &Page) -> String {
        let state = self.fake(page.0).state();
        let invoice = state.checkout(&page.1).unwrap().invoice.clone().unwrap();
        match page.0 {
            PaymentProvider::Stripe => invoice,
            PaymentProvider::Creem => state.invoice(&invoice).unwrap().payment.clone().unwrap(),
        }
    }

    pub(crate) fn subscription_of(&self, page: &Page) -> String {
        let state = self.fake(page.0).state();
        state.checkout(&page.1).unwrap().subscription.clone().unwrap()
    }

    pub(crate) async fn hears(&self, event: &ProviderEvent) -> Outcome {
        self.billing.handle(event).await.unwrap()
    }

    pub(crate) async fn hears_all(&self, page: &Page) {
        for event in self.events(page) {
            self.hears(&event).await;
        }
    }

    pub(crate) async fn available(&self) -> u64 {
        let audit = self.dynamo.assert_clean(self.ann.account_id).await;
        assert_eq!(audit.balance.debt.get(), 0);
        audit.balance.available.get()
    }

    /// Subscriptions that will be renewed, at both providers.
    pub(crate) fn renewing(&self) -> Vec<(PaymentProvider, String)> {
        let mut all = Vec::new();
        for (provider, fake) in &self.fakes {
            let state = fake.state();
            let alive = state
                .subscriptions
                .iter()
                .filter(|one| !one.status.ended() && !one.ends);
            all.extend(alive.map(|one| (*provider, one.id.clone())));
        }
        all
    }

    /// Cents that came in and were not given back, at both providers.
    pub(crate) fn kept_cents(&self) -> i64 {
        let mut cents = 0;
        for fake in self.fakes.values() {
            let state = fake.state();
            let paid = state.payments.iter().filter(|one| one.status == "succeeded");
            cents += paid.map(|one| one.cents - state.refunded(&one.id)).sum::<i64>();
        }
        cents
    }

    pub(crate) fn refunds(&self) -> usize {
        self.fakes.values().map(|fake| fake.state().refunds.len()).sum()
    }

    pub(crate) async fn notices(&self) -> Vec<NoticeSubject> {
        let page = PageRequest {
            limit: 100,
            cursor: None,
        };
        let told = self
            .dynamo
            .store
            .notices(self.ann.account_id, &page)
            .await
            .unwrap();
        told.items.into_iter().map(|notice| notice.subject).collect()
    }

    /// Codes of what the comparison with the providers finds.
    pub(crate) async fn found(&self) -> Vec<String> {
        let found = self.billing.compare(self.ann.account_id).await.unwrap();
        found.into_iter().map(|one| one.code).collect()
    }
}

fn setup(provider: PaymentProvider, url: &str) -> ProviderSetup {
    let retry = Retry {
        tries: 1,
        first_pause_ms: 1,
    };
    let web = runtime::web().unwrap();
    let (prefix, payments): (_, Arc<dyn Payments>) = match provider {
        PaymentProvider::Stripe => {
            let key = ApiKey::parse("sk_test_1").unwrap();
            ("price", Arc::new(Stripe::new(web, &key, url, retry)))
        }
        PaymentProvider::Creem => {
            let key = ApiKey::parse("creem_test_1").unwrap();
            ("prod", Arc::new(Creem::new(web, key, url, retry)))
        }
    };
    let ids: BTreeMap<_, _> = ProductId::ALL
        .into_iter()
        .map(|id| (id.as_str(), format!("{prefix}_{}", id.as_str())))
        .collect();
    ProviderSetup {
        payments,
        price_ids: PriceIds::parse(&json!(ids).to_string()).unwrap(),
        livemode: false,
    }
}

pub(crate) fn event(provider: PaymentProvider, kind: EventKind, id: &str) -> ProviderEvent {
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
        provider,
        id: format!("evt_{id}"),
        kind,
        name: "sample".to_owned(),
        created: domain::Timestamp::from_ms(testkit::time::NOW_MS),
        livemode: false,
        api_version: None,
        objects,
        account: None,
    }
}
