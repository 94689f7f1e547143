//! Takes credits back when money is returned, once for each refund and each dispute.
//!
//! A dispute takes the credits when it is opened: when it is lost, they would be spent. If it is won, they come back.
//! An inquiry moves no money and takes nothing.
//! A refund and a dispute may return the same money, so what a payment takes back is never more than it brought:
//! [`ledger::returns`] has the rule, and the payment's row has the steps that were taken.

use domain::billing::PaymentProvider;
use domain::{Failure, Timestamp};
use ledger::{ClawBack, MoneyReturn, Origin as LotOrigin, ReturnStep, Reversal, next_steps};
use payments::{Money, Origin, Payment};
use store::StoreError;

use crate::{Billing, Outcome};

/// Kind of a return of money by a bank, in the key of its claw back.
const DISPUTE: &str = "dispute";

/// Most times a payment is read again because it changed meanwhile; the next event or sync handles what is left.
const ATTEMPTS_MAX: u32 = 4;

impl Billing {
    /// Reads a payment from its provider and takes back the credits of what was returned of it.
    ///
    /// # Promises
    /// Any number of concurrent calls, in any order, leave the credits away whose money is away, at most all.
    ///
    /// # Errors
    /// The provider's and the store's; a repeat is safe.
    pub async fn settle_refunds(
        &self,
        provider: PaymentProvider,
        reference: &str,
    ) -> Result<Outcome, Failure> {
        if self.store.payment_of(provider, reference).await?.is_some() {
            return self.take_back(provider, reference).await;
        }
        // Its credits were not granted yet: its own webhook may be late or lost.
        let Some(payment) = self.setup(provider)?.payments.payment(reference).await? else {
            return Ok(Outcome::NoSuchObject);
        };
        match &payment.origin {
            Some(Origin::Checkout(id)) => self.fulfil_checkout(provider, id).await,
            Some(Origin::Invoice(id)) => self.fulfil_invoice(provider, id).await,
            None => Ok(Outcome::NotGrantedYet),
        }
    }

    /// The same for a payment whose row is there; without one nothing is done.
    pub(crate) async fn take_back(
        &self,
        provider: PaymentProvider,
        reference: &str,
    ) -> Result<Outcome, Failure> {
        let payments = &self.setup(provider)?.payments;
        let mut settled: Option<Vec<ReturnStep>> = None;
        let mut outcome = Outcome::Unchanged;
        for _attempt in 0..ATTEMPTS_MAX {
            let Some(row) = self.store.payment_of(provider, reference).await? else {
                return Ok(Outcome::NotGrantedYet);
            };
            let Some(payment) = payments.payment(reference).await? else {
                return Ok(Outcome::NoSuchObject);
            };
            let steps = steps_now(&row, &payment);
            let row = match self.note_steps(row, &steps).await {
                Ok(row) => row,
                // Another caller wrote steps since the row was read.
                Err(StoreError::Conflict { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            // Stop once two consecutive reads agree: else a slower attempt could take back what was undone meanwhile.
            if settled.as_ref() == Some(&steps) {
                return Ok(outcome);
            }
            if self.settle_steps(&row, &steps).await? {
                outcome = Outcome::Returned;
            }
            if steps.is_empty() {
                return Ok(outcome);
            }
            settled = Some(steps);
        }
        Ok(outcome)
    }

    /// Stores steps before they are taken: whoever comes later knows of them, also when this call ends here.
    async fn note_steps(
        &self,
        row: store::Payment,
        steps: &[ReturnStep],
    ) -> Result<store::Payment, StoreError> {
        if row.returns == steps {
            return Ok(row);
        }
        self.store.note_returns(&row, steps).await
    }

    async fn settle_steps(&self, row: &store::Payment, steps: &[ReturnStep]) -> Result<bool, Failure> {
        let mut moved = false;
        for step in steps {
            moved |= if step.undone {
                self.give_back(row, step).await?
            } else {
                self.claw_back(row, step).await?
            };
        }
        Ok(moved)
    }

    async fn claw_back(&self, row: &store::Payment, step: &ReturnStep) -> Result<bool, Failure> {
        let claw_back = ClawBack {
            key: step.key.clone(),
            credits: step.credits,
            from_grant: Some(row.key.clone()),
            transaction_id: self.transaction_id(),
            note: Some(note(step).to_owned()),
        };
        let applied = self
            .store
            .claw_back(row.account_id, claw_back, self.now())
            .await?;
        Ok(applied.is_new())
    }

    /// Undoes a claw back; a step that was never taken is left alone.
    async fn give_back(&self, row: &store::Payment, step: &ReturnStep) -> Result<bool, Failure> {
        let now = self.now();
        let reversal = Reversal {
            key: step.key.clone(),
            lot_id: self.lot_id(),
            transaction_id: self.transaction_id(),
            expires_at: now.plus_days(LotOrigin::Refund.days()),
            note: Some(format!("{}: undone", note(step))),
        };
        match self.store.reverse_claw_back(row.account_id, reversal, now).await {
            Ok(applied) => Ok(applied.is_new()),
            Err(StoreError::NotFound { .. }) => Ok(false),
            Err(StoreError::Full { .. }) => {
                // The sync goes on with other payments and tries this one again the next time.
                tracing::error!(payment.key = %row.key, "credits that come back do not fit in their wallet");
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The steps that are due for what the provider says is away now; writes nothing.
pub(crate) fn steps_now(row: &store::Payment, payment: &Payment) -> Vec<ReturnStep> {
    next_steps(&row.returns, row.credits, row.paid_minor, &away(payment))
}

/// The refunds and disputes by which money is away, oldest first; the sum as one, where a provider tells only that.
fn away(payment: &Payment) -> Vec<MoneyReturn> {
    let mut dated: Vec<(Timestamp, MoneyReturn)> = Vec::new();
    let refunds = payment.refunds.iter().filter(|refund| refund.status.takes_back());
    dated.extend(refunds.map(|refund| (refund.created, one("refund", &refund.id, refund.amount))));
    let disputes = payment
        .disputes
        .iter()
        .filter(|dispute| dispute.status.takes_back());
    dated.extend(disputes.map(|dispute| (dispute.created, one(DISPUTE, &dispute.id, dispute.amount))));
    if payment.refunds.is_empty() && payment.refunded.minor > 0 {
        dated.push((payment.created, one("refund", &payment.id, payment.refunded)));
    }
    dated.sort_by(|(a_at, a), (b_at, b)| a_at.cmp(b_at).then_with(|| a.id.cmp(&b.id)));
    dated.into_iter().map(|(_, one)| one).collect()
}

fn one(kind: &str, id: &str, amount: Money) -> MoneyReturn {
    MoneyReturn {
        id: format!("{kind}:{id}"),
        minor: u64::try_from(amount.minor).unwrap_or(0),
    }
}

/// Why, for the customer's history.
fn note(step: &ReturnStep) -> &'static str {
    match step.cause.split_once(':') {
        Some((DISPUTE, _)) => "Disputed payment",
        _ => "Refund",
    }
}
