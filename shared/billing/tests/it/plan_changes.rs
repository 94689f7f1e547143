//! A plan that was changed at the provider, at its dashboard: what was paid for is delivered once, in any order.

use billing::Outcome;
use domain::Credits;
use domain::account::PlanId;
use domain::billing::PaymentProvider;
use domain::notice::NoticeSubject;
use ledger::ProductId;
use payments::EventKind;

use crate::both::{Both, Page, event};

const STARTER: ProductId = ProductId::SubscriptionStarter;
const ENTERPRISE: ProductId = ProductId::SubscriptionEnterprise;

/// When the difference of a change is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Difference {
    AtOnce,
    WithTheNext,
}

impl Both {
    /// Somebody moves a subscription to another price, as at the provider's dashboard.
    fn is_moved(&self, page: &Page, to: ProductId, paid: Difference) {
        let prefix = match page.0 {
            PaymentProvider::Stripe => "price",
            PaymentProvider::Creem => "prod",
        };
        let (id, price) = (self.subscription_of(page), format!("{prefix}_{}", to.as_str()));
        self.fake(page.0)
            .change(|state| Some(((), state.change_price(&id, &price, paid == Difference::AtOnce)?)))
            .unwrap();
    }

    /// The newest invoice: Creem's is its transaction.
    fn newest_invoice(&self, provider: PaymentProvider) -> String {
        let state = self.fake(provider).state();
        let invoice = state.invoices.last().unwrap();
        match provider {
            PaymentProvider::Stripe => invoice.id.clone(),
            PaymentProvider::Creem => invoice.payment.clone().unwrap(),
        }
    }

    async fn plan(&self) -> PlanId {
        let account = self.dynamo.store.account(self.ann.account_id).await.unwrap();
        account.plan
    }
}

#[tokio::test]
async fn a_change_that_was_paid_at_the_provider_brings_plan_and_credits_once_in_any_order() {
    let both_orders = |provider| [(provider, false), (provider, true)];
    for (provider, change_first) in PaymentProvider::ALL.into_iter().flat_map(both_orders) {
        let mut both = Both::new().await;
        let page = both.opens(provider, STARTER).await.unwrap();
        assert!(both.pays(&page));
        let first = event(provider, EventKind::Invoice, &both.invoice_of(&page));
        both.clock.advance_ms(60_000);
        both.is_moved(&page, ENTERPRISE, Difference::AtOnce);
        let change = event(provider, EventKind::Invoice, &both.newest_invoice(provider));
        let mut order = [&first, &change];
        order.rotate_left(usize::from(change_first));
        for told in order.iter().chain(&order) {
            both.hears(told).await;
        }
        both.hears(&event(
            provider,
            EventKind::Subscription,
            &both.subscription_of(&page),
        ))
        .await;
        assert_eq!(both.available().await, 8000, "{provider} {change_first}");
        assert_eq!(
            both.plan().await,
            PlanId::Professional,
            "{provider} {change_first}"
        );
        let told = NoticeSubject::PlanChanged {
            plan: PlanId::Professional,
            credits: Credits::new(7500),
        };
        assert_eq!(both.notices().await, [told]);
        assert_eq!(
            both.found().await,
            Vec::<String>::new(),
            "{provider} {change_first}"
        );
        let look = both.billing.sync_provider(provider).await.unwrap();
        assert!(look.granted.is_empty() && look.unclaimed.is_empty(), "{look:?}");
    }
}

#[tokio::test]
async fn the_money_of_a_change_that_is_given_back_takes_its_credits_and_no_more() {
    for provider in PaymentProvider::ALL {
        let mut both = Both::new().await;
        let page = both.opens(provider, STARTER).await.unwrap();
        assert!(both.pays(&page));
        both.hears_all(&page).await;
        both.clock.advance_ms(60_000);
        both.is_moved(&page, ENTERPRISE, Difference::AtOnce);
        let change = both.newest_invoice(provider);
        both.hears(&event(provider, EventKind::Invoice, &change)).await;
        let payment = both.fake(provider).state().payments.last().unwrap().id.clone();
        both.fake(provider)
            .change(|state| state.refund(&payment, None))
            .unwrap();
        both.fake(provider)
            .change(|state| state.dispute(&payment))
            .unwrap();
        for _delivery in 0..2 {
            both.hears(&event(provider, EventKind::Payment, &payment)).await;
        }
        assert_eq!(both.available().await, 500, "{provider}");
        assert_eq!(both.found().await, Vec::<String>::new(), "{provider}");
    }
}

#[tokio::test]
async fn a_change_that_costs_nothing_now_brings_nothing_until_the_next_period_is_paid() {
    for provider in PaymentProvider::ALL {
        let mut both = Both::new().await;
        let page = both.opens(provider, STARTER).await.unwrap();
        assert!(both.pays(&page));
        both.hears_all(&page).await;
        both.is_moved(&page, ENTERPRISE, Difference::WithTheNext);
        both.hears(&event(
            provider,
            EventKind::Subscription,
            &both.subscription_of(&page),
        ))
        .await;
        assert_eq!((both.available().await, both.plan().await), (500, PlanId::Basic));
        both.clock.advance_ms(31 * 86_400_000);
        both.fake(provider)
            .change(|state| Some(((), state.tick())))
            .unwrap();
        let renewal = event(provider, EventKind::Invoice, &both.newest_invoice(provider));
        assert_eq!(both.hears(&renewal).await, Outcome::Granted);
        assert_eq!(both.available().await, 8000);
        assert_eq!(both.plan().await, PlanId::Professional);
        assert_eq!(both.notices().await, []);
    }
}

#[tokio::test]
async fn the_portal_that_is_opened_offers_no_change_of_plan() {
    let mut both = Both::new().await;
    let page = both.opens(PaymentProvider::Stripe, STARTER).await.unwrap();
    assert!(both.pays(&page));
    both.hears_all(&page).await;
    let account = both.dynamo.store.account(both.ann.account_id).await.unwrap();
    let mut opened = Vec::new();
    for _call in 0..2 {
        let portal = both
            .billing
            .portal(&account, PaymentProvider::Stripe, "https://studio.example.com");
        opened.push(portal.await.unwrap());
    }
    let portals = both.fake(PaymentProvider::Stripe).state().portals.clone();
    assert_eq!(portals.len(), 1, "made once");
    assert!(!portals[0].changes_plan);
    assert!(
        opened.iter().all(|url| url.contains(&portals[0].id)),
        "{opened:?}"
    );
    let web = runtime::web().unwrap();
    let shown = web.get(&opened[0]).send().await.unwrap().text().await.unwrap();
    assert!(
        shown.contains("Cancel at the period") && !shown.contains("Change plan"),
        "{shown}"
    );
}
