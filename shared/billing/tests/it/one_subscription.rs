//! One subscription brings credits, whatever was opened and paid, at either provider, in any order of events.

use billing::Outcome;
use domain::ErrorCode;
use domain::account::PlanId;
use domain::billing::PaymentProvider;
use domain::notice::NoticeSubject;
use fake_providers::payments::ApiFault;
use ledger::ProductId;
use payments::{CheckoutStatus, EventKind, SubscriptionStatus};

use crate::both::{Both, Page, event};

const STARTER: ProductId = ProductId::SubscriptionStarter;
const PROFESSIONAL: ProductId = ProductId::SubscriptionProfessional;
/// Credits and cents of [`STARTER`] and of [`PROFESSIONAL`].
const OF_STARTER: (u64, i64) = (500, 899);
const OF_PROFESSIONAL: (u64, i64) = (1500, 1999);

/// Which of two subscriptions is heard of first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    First,
    Second,
}
use Told::{First, Second};

impl Both {
    /// Two pages that are both paid, although the second closed the first where that was possible.
    async fn pays_two(&mut self, first: PaymentProvider, second: PaymentProvider) -> [Page; 2] {
        let one = self.opens(first, STARTER).await.unwrap();
        if first == PaymentProvider::Stripe {
            // The customer pays in the moment in which the second page is opened.
            self.fake(second).fault(ApiFault::status("nothing", 500, 0));
            assert!(self.pays(&one));
            let two = self.opens(second, PROFESSIONAL).await;
            assert_eq!(two.unwrap_err().code, ErrorCode::SubscriptionExists);
            // Both were open before either was paid: as it was before the pages closed each other.
            let id = self.opens_beside(second);
            return [one, (second, id)];
        }
        let two = self.opens(second, PROFESSIONAL).await.unwrap();
        assert!(self.pays(&one) && self.pays(&two));
        [one, two]
    }

    /// A page that nobody closed, opened and paid at the provider.
    fn opens_beside(&self, provider: PaymentProvider) -> String {
        let fake = self.fake(provider);
        let known = self.fake(provider).state().checkouts.last().cloned();
        let other = self
            .fakes
            .values()
            .find_map(|fake| fake.state().checkouts.first().cloned());
        let mut params = known.or(other).unwrap().params;
        let prefix = match provider {
            PaymentProvider::Stripe => "price",
            PaymentProvider::Creem => "prod",
        };
        params.price_id = format!("{prefix}_{}", PROFESSIONAL.as_str());
        params.customer = params.customer.filter(|id| fake.state().customer(id).is_some());
        let id = fake.state().open_checkout(params).unwrap();
        fake.change(|state| Some(((), state.pay_checkout(&id, false))))
            .unwrap();
        id
    }

    /// Everything of one subscription, then the other's in its order and turned by one, with the first's between.
    async fn hears_of_both(&mut self, early: &Page, late: &Page) {
        let (one, other) = (self.events(early), self.events(late));
        // Any one of its events decides, and later ones change nothing.
        for event in &one {
            self.hears(event).await;
        }
        let turned = other.iter().skip(1).chain(other.first());
        for (event, again) in other.iter().chain(turned).zip(one.iter().cycle()) {
            self.hears(event).await;
            self.hears(again).await;
        }
    }

    /// Exactly one of the two subscriptions goes on and brought credits; the other's money went back, once.
    async fn one_is_left(&self, told_first: Told) {
        let ((credits, cents), (_, returned_cents)) = match told_first {
            First => (OF_STARTER, OF_PROFESSIONAL),
            Second => (OF_PROFESSIONAL, OF_STARTER),
        };
        assert_eq!(self.available().await, credits);
        assert_eq!(self.renewing().len(), 1);
        assert_eq!((self.kept_cents(), self.refunds()), (cents, 1));
        let told = self.notices().await;
        let back = u64::try_from(returned_cents).unwrap();
        assert_eq!(
            told,
            [NoticeSubject::SecondSubscription {
                returned_minor: back,
                currency: "usd".to_owned(),
            }]
        );
    }
}

#[tokio::test]
async fn a_second_page_for_a_subscription_closes_the_first() {
    let mut both = Both::new().await;
    let first = both.opens(PaymentProvider::Stripe, STARTER).await.unwrap();
    let second = both.opens(PaymentProvider::Creem, PROFESSIONAL).await.unwrap();
    let third = both.opens(PaymentProvider::Stripe, PROFESSIONAL).await.unwrap();
    let pack = both
        .opens(PaymentProvider::Stripe, ProductId::PackStarter)
        .await
        .unwrap();
    let open = |page: &Page| both.fake(page.0).state().checkout(&page.1).unwrap().status;
    assert_eq!(open(&first), CheckoutStatus::Expired);
    // Creem has no call for it.
    assert_eq!(open(&second), CheckoutStatus::Open);
    assert_eq!(
        (open(&third), open(&pack)),
        (CheckoutStatus::Open, CheckoutStatus::Open)
    );
    assert!(!both.pays(&first));
    assert!(both.pays(&third));
}

#[tokio::test]
async fn a_page_that_was_paid_meanwhile_lets_no_second_be_opened() {
    let mut both = Both::new().await;
    let first = both.opens(PaymentProvider::Stripe, STARTER).await.unwrap();
    assert!(both.pays(&first));
    let refused = both
        .opens(PaymentProvider::Creem, PROFESSIONAL)
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::SubscriptionExists);
    both.hears_all(&first).await;
    assert_eq!(both.available().await, OF_STARTER.0);
}

#[tokio::test]
async fn a_second_subscription_that_is_paid_is_ended_and_its_money_goes_back_in_any_order() {
    use PaymentProvider::{Creem, Stripe};
    for (first, second) in [(Creem, Stripe), (Creem, Creem), (Stripe, Stripe), (Stripe, Creem)] {
        for told_first in [First, Second] {
            one_stays(first, second, told_first).await;
        }
    }
}

async fn one_stays(first: PaymentProvider, second: PaymentProvider, told_first: Told) {
    let mut both = Both::new().await;
    let [page_one, page_two] = both.pays_two(first, second).await;
    let (early, late) = match told_first {
        First => (page_one, page_two),
        Second => (page_two, page_one),
    };
    both.hears_of_both(&early, &late).await;
    both.one_is_left(told_first).await;
    assert_eq!(
        both.found().await,
        ["second_subscription"],
        "{first} {second} {told_first:?}"
    );
    both.clock.advance_ms(25 * 3_600_000);
    for provider in PaymentProvider::ALL {
        let look = both.billing.sync_provider(provider).await.unwrap();
        assert!(look.granted.is_empty() && look.returned.is_empty(), "{look:?}");
    }
    both.one_is_left(told_first).await;
    assert_eq!(both.found().await, Vec::<String>::new());
}

#[tokio::test]
async fn two_that_are_told_at_once_leave_one() {
    for _turn in 0..4 {
        let mut both = Both::new().await;
        let pages = both
            .pays_two(PaymentProvider::Creem, PaymentProvider::Stripe)
            .await;
        let invoices = pages
            .each_ref()
            .map(|page| event(page.0, EventKind::Invoice, &both.invoice_of(page)));
        let (a, b, c, d) = tokio::join!(
            both.billing.handle(&invoices[0]),
            both.billing.handle(&invoices[1]),
            both.billing.handle(&invoices[0]),
            both.billing.handle(&invoices[1]),
        );
        // One that fails because another was first comes again.
        let failed = [a, b, c, d].into_iter().filter(Result::is_err).count();
        assert!(failed <= 2, "{failed}");
        for invoice in &invoices {
            both.hears(invoice).await;
        }
        let counts = both.renewing().first().map(|one| one.0);
        let told_first = if counts == Some(PaymentProvider::Stripe) {
            Second
        } else {
            First
        };
        both.one_is_left(told_first).await;
    }
}

#[tokio::test]
async fn a_crash_between_ending_and_giving_back_is_made_good_by_the_next_delivery() {
    use PaymentProvider::{Creem, Stripe};
    for (first, second) in [(Creem, Stripe), (Stripe, Creem)] {
        for fault in ["refunds", "subscriptions"] {
            let mut both = Both::new().await;
            let pages = both.pays_two(first, second).await;
            both.hears_all(&pages[0]).await;
            let surplus = event(second, EventKind::Invoice, &both.invoice_of(&pages[1]));
            // The second call of its subscription is the one that ends it.
            both.fake(second).fault(ApiFault::status(fault, 500, 1));
            assert!(both.billing.handle(&surplus).await.is_err());
            assert_eq!(both.refunds(), 0);
            both.hears(&surplus).await;
            both.hears(&surplus).await;
            both.one_is_left(First).await;
        }
    }
}

#[tokio::test]
async fn one_that_was_found_surplus_stays_so_when_the_first_ends_before_its_money_is_back() {
    let mut both = Both::new().await;
    let pages = both
        .pays_two(PaymentProvider::Creem, PaymentProvider::Stripe)
        .await;
    both.hears_all(&pages[0]).await;
    let surplus = event(
        PaymentProvider::Stripe,
        EventKind::Invoice,
        &both.invoice_of(&pages[1]),
    );
    both.fake(PaymentProvider::Stripe)
        .fault(ApiFault::status("refunds", 500, 1));
    assert!(both.billing.handle(&surplus).await.is_err());
    let first = both.subscription_of(&pages[0]);
    both.fake(PaymentProvider::Creem)
        .change(|state| Some(((), state.cancel_subscription(&first)?)))
        .unwrap();
    both.hears(&event(PaymentProvider::Creem, EventKind::Subscription, &first))
        .await;
    assert_eq!(both.hears(&surplus).await, Outcome::SecondSubscription);
    assert_eq!(both.available().await, OF_STARTER.0);
    assert_eq!((both.kept_cents(), both.renewing().len()), (OF_STARTER.1, 0));
}

#[tokio::test]
async fn one_whose_renewal_was_not_paid_gives_its_place_to_one_that_is() {
    use PaymentProvider::{Creem, Stripe};
    for (first, second) in [(Creem, Stripe), (Creem, Creem)] {
        let mut both = Both::new().await;
        let old = both.opens(first, STARTER).await.unwrap();
        let new = both.opens(second, PROFESSIONAL).await.unwrap();
        assert!(both.pays(&old));
        both.hears_all(&old).await;
        for customer in &mut both.fake(first).state().customers {
            customer.card_works = false;
        }
        both.clock.advance_ms(29 * 86_400_000);
        // Its page is older than a day: here it is still open, as Creem does not say when one closes.
        both.clock.advance_ms(2 * 86_400_000);
        for checkout in &mut both.fake(second).state().checkouts {
            checkout.expires = checkout.expires.plus_days(90);
        }
        both.fake(first).change(|state| Some(((), state.tick()))).unwrap();
        let old_one = both.subscription_of(&old);
        assert_eq!(
            both.fake(first).state().subscription(&old_one).unwrap().status,
            SubscriptionStatus::PastDue
        );
        assert!(both.pays(&new));
        both.hears_all(&new).await;
        both.hears(&event(first, EventKind::Subscription, &old_one)).await;
        assert_eq!(both.available().await, OF_PROFESSIONAL.0);
        assert_eq!(both.refunds(), 0);
        assert_eq!(both.renewing(), [(second, both.subscription_of(&new))]);
        let plan = both.dynamo.store.account(both.ann.account_id).await.unwrap().plan;
        assert_eq!(plan, PlanId::Standard);
    }
}

#[tokio::test]
async fn whoever_ends_the_subscription_ends_every_one_also_one_that_no_webhook_told() {
    let mut both = Both::new().await;
    let pages = both
        .pays_two(PaymentProvider::Creem, PaymentProvider::Stripe)
        .await;
    both.hears_all(&pages[0]).await;
    assert_eq!(both.renewing().len(), 2);
    let ann = both.ann.account_id;
    both.billing.end_subscriptions(ann, "k").await.unwrap();
    assert_eq!(both.renewing(), []);
    let (current, others) = both.billing.subscriptions(ann).await.unwrap();
    assert_eq!(current.unwrap().id, both.subscription_of(&pages[0]));
    let others: Vec<_> = others.into_iter().map(|row| row.id).collect();
    assert_eq!(others, [both.subscription_of(&pages[1])]);
    // The second one's webhook comes after all: its money goes back.
    both.hears_all(&pages[1]).await;
    assert_eq!(both.available().await, OF_STARTER.0);
    assert_eq!(both.kept_cents(), OF_STARTER.1);
    assert_eq!(both.billing.subscriptions(ann).await.unwrap().1, []);
}
