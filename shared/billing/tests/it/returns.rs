//! What one payment takes back is never more than it brought: refunds and disputes in any order, at both providers.

use domain::billing::PaymentProvider;
use ledger::ProductId;
use payments::EventKind;

use crate::both::{Both, event};

#[derive(Debug, Clone, Copy)]
enum Happens {
    Refund(i64),
    RefundFails,
    Dispute,
    Won,
    Lost,
}
use Happens::{Dispute, Lost, Refund, RefundFails, Won};

impl Both {
    /// Buys a pack of 500 credits for 999 cents; answers with its payment.
    async fn has_a_pack(&mut self, provider: PaymentProvider) -> String {
        let page = self.opens(provider, ProductId::PackStarter).await.unwrap();
        assert!(self.pays(&page));
        self.hears(&event(provider, EventKind::Checkout, &page.1)).await;
        let state = self.fake(provider).state();
        state.checkout(&page.1).unwrap().payment.clone().unwrap()
    }

    fn happens(&self, provider: PaymentProvider, payment: &str, what: Happens) {
        let done = self.fake(provider).change(|state| {
            let refund = state.refunds.last().map(|one| one.id.clone());
            let dispute = state.disputes.last().map(|one| one.id.clone());
            let changes = match what {
                Refund(cents) => state.refund(payment, Some(cents))?.1,
                RefundFails => state.fail_refund(&refund?)?,
                Dispute => state.dispute(payment)?.1,
                Won => state.close_dispute(&dispute?, true)?,
                Lost => state.close_dispute(&dispute?, false)?,
            };
            Some(((), changes))
        });
        assert!(done.is_some(), "{what:?}");
    }
}

/// When the provider's events reach us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Telling {
    AtOnce,
    AtTheEnd,
}

/// The credits that a pack has left after this life of its payment.
async fn left_after(provider: PaymentProvider, life: &[Happens], when: Telling) -> u64 {
    let mut both = Both::new().await;
    let payment = both.has_a_pack(provider).await;
    let told = event(provider, EventKind::Payment, &payment);
    for what in life {
        both.happens(provider, &payment, *what);
        if when == Telling::AtOnce {
            both.hears(&told).await;
        }
    }
    both.hears(&told).await;
    assert_eq!(both.found().await, Vec::<String>::new(), "{provider} {life:?}");
    both.available().await
}

#[tokio::test]
async fn a_refund_and_a_dispute_of_one_payment_never_take_more_than_it_brought() {
    let lives: [(&[Happens], u64); 8] = [
        (&[Refund(999), Dispute], 0),
        (&[Refund(999), Dispute, Won], 0),
        (&[Refund(999), Dispute, Lost], 0),
        (&[Refund(333), Dispute], 0),
        (&[Refund(333), Dispute, Won], 334),
        (&[Dispute, Won, Refund(333)], 334),
        (&[Refund(333), Refund(666), Dispute, Won, RefundFails], 334),
        (&[Refund(999), RefundFails, Dispute, Won, Refund(999)], 0),
    ];
    let told = |provider| [(provider, Telling::AtOnce), (provider, Telling::AtTheEnd)];
    for (provider, when) in PaymentProvider::ALL.into_iter().flat_map(told) {
        for (life, left) in lives {
            let left_now = left_after(provider, life, when).await;
            assert_eq!(left_now, left, "{provider} {life:?}, {when:?}");
        }
    }
}
