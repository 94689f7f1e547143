//! Money that goes back: refunds and disputes.
#![expect(
    clippy::fn_params_excessive_bools,
    reason = "each is one question that a page or the control API answers with yes or no"
)]

use payments::{DisputeStatus, RefundStatus};

use super::{Dispute, ProviderState, Refund, StateChange};

impl ProviderState {
    /// Gives back so many cents of a payment, or all that is left; `None` when there is not so much, or a bank has
    /// taken the money: Stripe refuses that as `charge_disputed`.
    pub fn refund(&mut self, payment: &str, cents: Option<i64>) -> Option<(String, Vec<StateChange>)> {
        let left = self.left_of(payment)?;
        let cents = cents.unwrap_or(left);
        if cents <= 0 || cents > left {
            return None;
        }
        let id = self.mint("re", "ref");
        self.refunds.push(Refund {
            id: id.clone(),
            payment: payment.to_owned(),
            cents,
            status: RefundStatus::Succeeded,
            created: self.now,
        });
        Some((id.clone(), vec![StateChange::Refunded(id)]))
    }

    /// The bank sends a refund back.
    pub fn fail_refund(&mut self, id: &str) -> Option<Vec<StateChange>> {
        let going = |refund: &&mut Refund| refund.id == id && refund.status.takes_back();
        let refund = self.refunds.iter_mut().find(going)?;
        refund.status = RefundStatus::Failed;
        Some(vec![StateChange::RefundFailed(id.to_owned())])
    }

    /// A bank asks for the whole payment, also for what was refunded of it.
    pub fn dispute(&mut self, payment: &str) -> Option<(String, Vec<StateChange>)> {
        let cents = self.paid_cents(payment)?;
        let id = self.mint("dp", "disp");
        self.disputes.push(Dispute {
            id: id.clone(),
            payment: payment.to_owned(),
            cents,
            status: DisputeStatus::NeedsResponse,
            created: self.now,
        });
        Some((id.clone(), vec![StateChange::DisputeOpened(id)]))
    }

    /// The bank decides.
    pub fn close_dispute(&mut self, id: &str, won: bool) -> Option<Vec<StateChange>> {
        let open =
            |dispute: &&mut Dispute| dispute.id == id && dispute.status == DisputeStatus::NeedsResponse;
        let dispute = self.disputes.iter_mut().find(open)?;
        dispute.status = if won {
            DisputeStatus::Won
        } else {
            DisputeStatus::Lost
        };
        Some(vec![StateChange::DisputeClosed(id.to_owned())])
    }

    /// Whether a bank has taken the money, perhaps only until it has decided.
    pub fn is_charged_back(&self, payment: &str) -> bool {
        self.disputes
            .iter()
            .any(|dispute| dispute.payment == payment && dispute.status.takes_back())
    }

    fn left_of(&self, payment: &str) -> Option<i64> {
        let paid = self.paid_cents(payment)?;
        (!self.is_charged_back(payment)).then(|| paid - self.refunded(payment))
    }

    fn paid_cents(&self, payment: &str) -> Option<i64> {
        let paid = self
            .payment(payment)
            .filter(|payment| payment.status == "succeeded")?;
        Some(paid.cents)
    }
}
