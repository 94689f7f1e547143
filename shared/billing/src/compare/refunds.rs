//! Refunds and disputes: the ledger has taken back exactly the parts that the provider has returned.

use domain::Credits;
use domain::report::Finding;
use ledger::shares;
use payments::Payment;

use super::ledger_side::LedgerSide;
use super::provider_side::{ProviderSide, name};
use super::{CompareError, REFUND_DIFFERS, finding};
use crate::refunds::{RefundPart, known_parts};
use crate::{Billing, ProviderSetup};

/// Credits by which a part may be off. Shares are differences of rounded running totals, so two parts of the same
/// second may each differ by one when their order changes.
const ROUNDING_MAX: u64 = 1;

impl Billing {
    pub(super) async fn compare_refunds(
        &self,
        setup: &ProviderSetup,
        ledger_side: &mut LedgerSide,
        provider_side: &ProviderSide,
    ) -> Result<Vec<Finding>, CompareError> {
        let provider = setup.payments.provider();
        let rows: Vec<store::Payment> = ledger_side
            .payments
            .values()
            .filter(|row| row.provider == provider)
            .cloned()
            .collect();
        let mut findings = Vec::new();
        for row in &rows {
            let references = row.references.iter();
            for reference in references.filter(|reference| !nothing_went_back(row, reference, provider_side))
            {
                // The comparison of payments reports a missing payment.
                let payment = setup.payments.payment(reference).await?;
                findings.extend(payment.and_then(|payment| compare_payment(ledger_side, row, &payment)));
            }
        }
        Ok(findings)
    }
}

/// Whether the provider's totals show that no part was returned, so that nothing has to be compared.
fn nothing_went_back(row: &store::Payment, reference: &str, provider_side: &ProviderSide) -> bool {
    let never_noted = row.returned_sums.last().copied().unwrap_or(0) == 0;
    never_noted
        && provider_side
            .charges
            .get(reference)
            .is_some_and(|charge| charge.refunded.minor == 0 && !charge.is_disputed)
}

fn compare_payment(ledger_side: &mut LedgerSide, row: &store::Payment, payment: &Payment) -> Option<Finding> {
    let parts = known_parts(row, payment);
    let amounts: Vec<u64> = parts.iter().map(|part| part.minor).collect();
    let due = shares(row.credits, row.paid_minor, &amounts);
    let mut wrong = Vec::new();
    for (part, share) in parts.iter().zip(due) {
        ledger_side.explain(&part.key);
        let expected = if part.away { share } else { Credits::ZERO };
        let taken = ledger_side.away(&part.key);
        if taken.get().abs_diff(expected.get()) > ROUNDING_MAX {
            wrong.push(said(part, expected, taken));
        }
    }
    if wrong.is_empty() {
        return None;
    }
    let about = format!("{} ({})", name(row.provider, &payment.id), row.key);
    let text = format!("{about} of {} minor units: {}", row.paid_minor, wrong.join("; "));
    Some(finding(REFUND_DIFFERS, &about, text))
}

fn said(part: &RefundPart, expected: Credits, taken: Credits) -> String {
    let how = if part.away { "away" } else { "not away" };
    format!(
        "{} minor units of {} are {how} at the provider, {taken} credits are taken back instead of {expected}",
        part.minor, part.key
    )
}
