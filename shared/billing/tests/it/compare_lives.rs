//! Random lives of a paying customer at providers that run as servers: after each look of `sync-payments` nothing is
//! found, whatever was bought, renewed, given back, disputed, cancelled and used; and what a provider says, or does not
//! say, is never a false alarm.

use std::collections::BTreeMap;
use std::sync::Arc;

use billing::{Billing, Order, PriceIds, ProviderSetup};
use catalogue::Catalogue;
use domain::billing::PaymentProvider;
use domain::job::{Job, JobKind, JobOutcome};
use domain::ports::Clock;
use fake_providers::payments::faults::ApiFault;
use fake_providers::payments::{DeliveryMode, DeliveryOptions, FakePayments};
use ledger::{ProductId, receipt};
use payments::creem::Creem;
use payments::stripe::Stripe;
use payments::{ApiKey, Payments, Retry};
use serde_json::json;
use store::EndJob;
use testkit::{Customer, Dynamo, FixedClock, SequentialIds, dynamo};

/// Lives of each provider.
const LIVES: u64 = 6;
/// What happens in one.
const EVENTS: u32 = 25;

/// Small steps of a generator that needs no crate (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(of.len()).unwrap();
        (count > 0)
            .then(|| usize::try_from(self.below(count)).unwrap())
            .and_then(|at| of.get(at))
    }
}

pub(crate) struct Life {
    pub(crate) dynamo: Dynamo,
    pub(crate) ann: Customer,
    pub(crate) fake: FakePayments,
    pub(crate) billing: Billing,
    clock: Arc<FixedClock>,
    orders: u32,
}

impl Life {
    pub(crate) async fn new(provider: PaymentProvider) -> Self {
        let dynamo = dynamo().await;
        let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
        let clock = Arc::new(FixedClock::default());
        let time: Arc<dyn Clock> = Arc::<FixedClock>::clone(&clock);
        let fake = FakePayments::start(provider, Arc::clone(&time), "t", 0)
            .await
            .unwrap();
        fake.set_delivery_options(DeliveryOptions {
            mode: DeliveryMode::Drop,
            ..DeliveryOptions::default()
        });
        let retry = Retry {
            tries: 1,
            first_pause_ms: 1,
        };
        let web = runtime::web().unwrap();
        let (prefix, payments): (_, Arc<dyn Payments>) = match provider {
            PaymentProvider::Stripe => {
                let key = ApiKey::parse("sk_test_1").unwrap();
                ("price", Arc::new(Stripe::new(web, &key, fake.url(), retry)))
            }
            PaymentProvider::Creem => {
                let key = ApiKey::parse("creem_test_1").unwrap();
                ("prod", Arc::new(Creem::new(web, key, fake.url(), retry)))
            }
        };
        let ids: BTreeMap<_, _> = ProductId::ALL
            .into_iter()
            .map(|id| (id.as_str(), format!("{prefix}_{}", id.as_str())))
            .collect();
        let setup = ProviderSetup {
            payments,
            price_ids: PriceIds::parse(&json!(ids).to_string()).unwrap(),
            livemode: false,
        };
        let billing = Billing {
            store: dynamo.store.clone(),
            providers: [(provider, setup)].into(),
            clock: time,
            ids: Arc::new(SequentialIds::after(5_000_000)),
        };
        Self {
            dynamo,
            ann,
            fake,
            billing,
            clock,
            orders: 0,
        }
    }

    fn provider(&self) -> PaymentProvider {
        *self.billing.providers.keys().next().unwrap()
    }

    /// Opens a checkout; answers with its id.
    pub(crate) async fn orders(&mut self, product: ProductId) -> Option<String> {
        self.orders += 1;
        let account = self.dynamo.store.account(self.ann.account_id).await.unwrap();
        let order = Order {
            provider: self.provider(),
            product,
            success_url: "https://studio.example.com/done".to_owned(),
            cancel_url: "https://studio.example.com/back".to_owned(),
            idempotency_key: format!("k{}", self.orders),
        };
        // A second subscription is refused.
        self.billing
            .checkout(&account, &order)
            .await
            .ok()
            .map(|opened| opened.id)
    }

    pub(crate) fn pays(&self, checkout: &str) {
        self.fake
            .change(|state| Some(((), state.pay_checkout(checkout, false))))
            .unwrap();
    }

    async fn buys(&mut self, product: ProductId, chance: &mut Chance) {
        let Some(id) = self.orders(product).await else {
            return;
        };
        match chance.below(10) {
            // They leave the page.
            0 => {}
            1 => drop(
                self.fake
                    .change(|state| Some(((), state.pay_checkout(&id, true)))),
            ),
            _ => self.pays(&id),
        }
        // Sometimes the webhook comes before the next look.
        if chance.below(2) == 0 {
            self.billing.fulfil_checkout(self.provider(), &id).await.unwrap();
        }
    }

    fn gives_back(&self, chance: &mut Chance) {
        let state = self.fake.state().clone();
        let paid: Vec<_> = state
            .payments
            .iter()
            .filter(|of| of.status == "succeeded")
            .collect();
        let (Some(payment), cents) = (chance.one(&paid), chance.below(400)) else {
            return;
        };
        let cents = i64::try_from(cents).unwrap();
        match chance.below(5) {
            0 | 1 => drop(self.fake.change(|state| state.refund(&payment.id, Some(cents)))),
            2 => drop(self.fake.change(|state| state.dispute(&payment.id))),
            3 => {
                if let Some(refund) = chance.one(&state.refunds) {
                    self.fake
                        .change(|state| Some(((), state.fail_refund(&refund.id)?)));
                }
            }
            _ => {
                let won = chance.below(2) == 0;
                if let Some(dispute) = chance.one(&state.disputes) {
                    self.fake
                        .change(|state| Some(((), state.close_dispute(&dispute.id, won)?)));
                }
            }
        }
    }

    fn days_pass(&self, days: i64) {
        self.clock.advance_ms(days * 86_400_000);
        self.fake.change(|state| Some(((), state.tick())));
    }

    fn changes_plan(&self, chance: &mut Chance) {
        let state = self.fake.state().clone();
        let Some(plan) = chance.one(&state.subscriptions) else {
            return;
        };
        let id = &plan.id;
        match chance.below(4) {
            0 => drop(
                self.fake
                    .change(|state| Some(((), state.cancel_subscription(id)?))),
            ),
            1 => drop(self.fake.change(|state| Some(((), state.plan_end(id, true)?)))),
            2 => drop(self.fake.change(|state| Some(((), state.plan_end(id, false)?)))),
            _ => {
                let works = chance.below(2) == 0;
                let mut state = self.fake.state();
                state
                    .customers
                    .iter_mut()
                    .for_each(|customer| customer.card_works = works);
            }
        }
    }

    /// A job that delivers nothing, or a script.
    async fn works(&self, chance: &mut Chance) {
        let project = self.ann.project().await;
        let job = self
            .ann
            .job(&project, JobKind::GenerateScript, 1 + chance.below(30));
        let (store, now) = (&self.dynamo.store, self.clock.now());
        if store
            .start_job(&job, &ledger::Limits::none(), self.ann.transaction_id(), now)
            .await
            .is_err()
        {
            // Not enough credits, or a debt.
            return;
        }
        let outcome = chance
            .one(&[JobOutcome::Completed, JobOutcome::Cancelled])
            .unwrap()
            .clone();
        let end = end(job, outcome);
        store.end_job(&end, self.ann.transaction_id(), now).await.unwrap();
    }

    async fn findings(&self) -> Vec<domain::report::Finding> {
        self.billing.compare(self.ann.account_id).await.unwrap()
    }
}

fn end(job: Job, outcome: JobOutcome) -> EndJob {
    EndJob {
        receipt: receipt(&job, Catalogue::standard(), &outcome).unwrap(),
        project_outputs: (outcome == JobOutcome::Completed).then(|| job.outputs.clone()),
        outcome,
        job,
    }
}

/// Lives one; answers with the payments that were granted and the credits that were taken back or used.
async fn a_life(provider: PaymentProvider, seed: u64) -> (usize, u64) {
    let mut life = Life::new(provider).await;
    let mut chance = Chance(seed);
    for event in 0..EVENTS {
        match chance.below(10) {
            0..=2 => {
                let product = *chance.one(&ProductId::ALL).unwrap();
                life.buys(product, &mut chance).await;
            }
            3 | 4 => life.gives_back(&mut chance),
            5 => life.changes_plan(&mut chance),
            6 | 7 => life.works(&mut chance).await,
            _ => life.days_pass(i64::try_from(chance.below(12)).unwrap()),
        }
        if chance.below(3) == 0 || event + 1 == EVENTS {
            // The hourly look asks about a checkout when it is an hour old.
            life.clock.advance_ms(2 * 3_600_000);
            life.billing.sync_provider(provider).await.unwrap();
            let findings = life.findings().await;
            assert_eq!(findings, [], "{provider}, seed {seed}, event {event}");
            life.dynamo.assert_clean(life.ann.account_id).await;
        }
    }
    let ann = life.ann.account_id;
    let wallet = life.dynamo.store.wallet(ann).await.unwrap();
    let gone = wallet.revoked().get() + wallet.debt().get();
    (life.dynamo.store.payments(ann).await.unwrap().len(), gone)
}

async fn lives(provider: PaymentProvider) {
    let (mut payments, mut gone) = (0, 0);
    for seed in 0..LIVES {
        let life = a_life(provider, seed).await;
        payments += life.0;
        gone += life.1;
    }
    assert!(
        payments > 10 && gone > 1000,
        "{payments} payments, {gone} credits"
    );
}

#[tokio::test]
async fn nothing_is_found_in_the_lives_of_customers_of_stripe() {
    lives(PaymentProvider::Stripe).await;
}

#[tokio::test]
async fn nothing_is_found_in_the_lives_of_customers_of_creem() {
    lives(PaymentProvider::Creem).await;
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_not_compared_and_nothing_else_is_said() {
    for provider in PaymentProvider::ALL {
        for status in [429, 500, 503] {
            let mut life = Life::new(provider).await;
            let id = life.orders(ProductId::PackStarter).await.unwrap();
            life.pays(&id);
            life.fake.fault(ApiFault::status("", status, 1));
            let found = life.findings().await;
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].code, "not_compared");
            assert_eq!(found[0].about.as_deref(), Some(provider.as_str()));
            let found = life.findings().await;
            assert_eq!(found[0].code, "payment_without_grant", "{found:?}");
        }
    }
}

#[tokio::test]
async fn who_never_paid_costs_no_call_and_who_paid_costs_a_few() {
    for (provider, calls_max) in [(PaymentProvider::Stripe, 4), (PaymentProvider::Creem, 3)] {
        let mut life = Life::new(provider).await;
        assert!(life.findings().await.is_empty());
        assert!(life.fake.calls().is_empty());
        for _ in 0..3 {
            let id = life.orders(ProductId::PackStarter).await.unwrap();
            life.pays(&id);
            life.billing.fulfil_checkout(provider, &id).await.unwrap();
        }
        let before = life.fake.calls().len();
        assert!(life.findings().await.is_empty());
        let calls = life.fake.calls().split_off(before);
        assert_eq!(calls.len(), calls_max, "{calls:?}");
    }
}

#[tokio::test]
async fn a_pack_of_creem_that_waits_for_a_person_is_found_by_its_money() {
    let mut life = Life::new(PaymentProvider::Creem).await;
    let id = life.orders(ProductId::PackStarter).await.unwrap();
    life.pays(&id);
    let payment = life.fake.state().payments[0].id.clone();
    let found = life.findings().await;
    assert_eq!(found[0].code, "payment_without_grant");
    assert_eq!(found[0].about, Some(format!("creem {payment}")));
    life.fake.state().checkouts[0].params.price_id = "prod_pack_pro".to_owned();
    life.billing
        .fulfil_checkout(PaymentProvider::Creem, &id)
        .await
        .unwrap();
    let found = life.findings().await;
    assert_eq!(found.len(), 1, "{found:?}");
}
