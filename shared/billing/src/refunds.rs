//! Takes credits back when money is returned, once for each refund and each dispute.
//!
//! A dispute takes the credits when it is opened: when it is lost, they would be spent. If it is won, they come back.
//! An inquiry moves no money and takes nothing.

use domain::billing::PaymentProvider;
use domain::{Credits, Failure, Timestamp};
use ledger::{ClawBack, Origin as LotOrigin, Reversal, shares};
use payments::{Origin, Payment};
use store::StoreError;

use crate::{Billing, Outcome};

/// Most times a payment is read again because it changed meanwhile; the next event or sync handles what is left.
const ATTEMPTS_MAX: u32 = 4;

/// A part of a payment that was returned, or was about to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RefundPart {
    /// Key of the claw back.
    pub(crate) key: String,
    pub(crate) minor: u64,
    /// Whether the money has left us.
    pub(crate) away: bool,
    note: &'static str,
}

impl Billing {
    /// Reads a payment from its provider and takes back the credits of what was returned of it.
    ///
    /// # Promises
    /// Any number of concurrent calls, in any order, take each part back once and give each reversed part back once.
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
        let mut settled: Option<Vec<RefundPart>> = None;
        let mut outcome = Outcome::Unchanged;
        for _attempt in 0..ATTEMPTS_MAX {
            let Some(row) = self.store.payment_of(provider, reference).await? else {
                return Ok(Outcome::NotGrantedYet);
            };
            let Some(payment) = payments.payment(reference).await? else {
                return Ok(Outcome::NoSuchObject);
            };
            let Some(parts) = self.parts(&row, &payment).await? else {
                // Another caller stored a sum since the row was read.
                continue;
            };
            // Stop once two consecutive reads agree: else a slower attempt could take back what was reversed meanwhile.
            if settled.as_ref() == Some(&parts) {
                return Ok(outcome);
            }
            if self.settle_parts(&row, &parts).await? {
                outcome = Outcome::Returned;
            }
            if parts.is_empty() {
                return Ok(outcome);
            }
            settled = Some(parts);
        }
        Ok(outcome)
    }

    /// Every part, oldest first; none when another caller changed the row meanwhile.
    async fn parts(
        &self,
        row: &store::Payment,
        payment: &Payment,
    ) -> Result<Option<Vec<RefundPart>>, Failure> {
        let mut parts = single_parts(payment);
        if payment.refunds.is_empty() {
            let Some(sums) = self.returned_sums(row, payment).await? else {
                return Ok(None);
            };
            parts.extend(steps(&payment.id, &sums));
        }
        Ok(Some(parts))
    }

    /// The refunded totals of a provider that does not list single refunds, one per change; a new total is stored
    /// first.
    async fn returned_sums(
        &self,
        row: &store::Payment,
        payment: &Payment,
    ) -> Result<Option<Vec<u64>>, Failure> {
        let now = u64::try_from(payment.refunded.minor).unwrap_or(0);
        if now == row.returned_sums.last().copied().unwrap_or(0) {
            return Ok(Some(row.returned_sums.clone()));
        }
        match self.store.note_returned_sum(row, now).await {
            Ok(noted) => Ok(Some(noted.returned_sums)),
            Err(StoreError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn settle_parts(&self, row: &store::Payment, parts: &[RefundPart]) -> Result<bool, Failure> {
        let amounts: Vec<u64> = parts.iter().map(|part| part.minor).collect();
        let mut moved = false;
        for (part, credits) in parts.iter().zip(shares(row.credits, row.paid_minor, &amounts)) {
            if credits.is_zero() {
                continue;
            }
            moved |= if part.away {
                self.claw_back(row, part, credits).await?
            } else {
                self.give_back(row, part).await?
            };
        }
        Ok(moved)
    }

    async fn claw_back(
        &self,
        row: &store::Payment,
        part: &RefundPart,
        credits: Credits,
    ) -> Result<bool, Failure> {
        let claw_back = ClawBack {
            key: part.key.clone(),
            credits,
            from_grant: Some(row.key.clone()),
            transaction_id: self.transaction_id(),
            note: Some(part.note.to_owned()),
        };
        let applied = self
            .store
            .claw_back(row.account_id, claw_back, self.now())
            .await?;
        Ok(applied.is_new())
    }

    /// Undoes a claw back; a part that was never taken is left alone.
    async fn give_back(&self, row: &store::Payment, part: &RefundPart) -> Result<bool, Failure> {
        let now = self.now();
        let reversal = Reversal {
            key: part.key.clone(),
            lot_id: self.lot_id(),
            transaction_id: self.transaction_id(),
            expires_at: now.plus_days(LotOrigin::Refund.days()),
            note: Some(format!("{}: undone", part.note)),
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

/// The refunds and disputes that a provider lists one by one, oldest first.
fn single_parts(payment: &Payment) -> Vec<RefundPart> {
    let mut dated: Vec<(Timestamp, RefundPart)> = Vec::new();
    for refund in &payment.refunds {
        let part = RefundPart {
            key: format!("refund:{}", refund.id),
            minor: u64::try_from(refund.amount.minor).unwrap_or(0),
            away: refund.status.takes_back(),
            note: "Refund",
        };
        dated.push((refund.created, part));
    }
    for dispute in &payment.disputes {
        let part = RefundPart {
            key: format!("dispute:{}", dispute.id),
            minor: u64::try_from(dispute.amount.minor).unwrap_or(0),
            away: dispute.status.takes_back(),
            note: "Disputed payment",
        };
        dated.push((dispute.created, part));
    }
    dated.sort_by(|(a_at, a), (b_at, b)| a_at.cmp(b_at).then_with(|| a.key.cmp(&b.key)));
    dated.into_iter().map(|(_, part)| part).collect()
}

/// Every part as it would be if the total that was just read were stored; writes nothing.
pub(crate) fn known_parts(row: &store::Payment, payment: &Payment) -> Vec<RefundPart> {
    let mut parts = single_parts(payment);
    if payment.refunds.is_empty() {
        let mut sums = row.returned_sums.clone();
        let now = u64::try_from(payment.refunded.minor).unwrap_or(0);
        if now != sums.last().copied().unwrap_or(0) {
            sums.push(now);
        }
        parts.extend(steps(&payment.id, &sums));
    }
    parts
}

/// The parts in a history of totals. Each growth is a part. A total below a part's end undoes that part as a whole, and
/// what is left of it is a new part.
fn steps(payment: &str, sums: &[u64]) -> Vec<RefundPart> {
    let mut parts: Vec<RefundPart> = Vec::new();
    // Indexes in `parts` of the parts that are not undone, with the totals at which they end.
    let mut standing: Vec<(usize, u64)> = Vec::new();
    for (turn, sum) in sums.iter().enumerate() {
        while let Some((place, _)) = standing.pop_if(|(_, end)| *end > *sum) {
            if let Some(part) = parts.get_mut(place) {
                part.away = false;
            }
        }
        let before = standing.last().map_or(0, |(_, end)| *end);
        if *sum > before {
            standing.push((parts.len(), *sum));
            parts.push(RefundPart {
                key: format!("refund:{payment}:{turn}:{sum}"),
                minor: sum.saturating_sub(before),
                away: true,
                note: "Refund",
            });
        }
    }
    parts
}

#[cfg(test)]
mod tests;
