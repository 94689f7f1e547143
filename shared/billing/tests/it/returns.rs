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
    for provider in PaymentProvider::ALL {
        for (life, left) in lives {
            // Each thing is told when it happens, or all of them at the end.
            for told_late in [false, true] {
                let mut both = Both::new().await;
                let payment = both.has_a_pack(provider).await;
                let told = event(provider, EventKind::Payment, &payment);
                for what in life {
                    both.happens(provider, &payment, *what);
                    if !told_late {
                        both.hears(&told).await;
                    }
                }
                both.hears(&told).await;
                assert_eq!(
                    both.available().await,
                    left,
                    "{provider} {life:?}, late: {told_late}"
                );
                assert_eq!(both.found().await, Vec::<String>::new(), "{provider} {life:?}");
            }
        }
    }
}
