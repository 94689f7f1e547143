//! Refunds and disputes: the ledger has taken back exactly the parts that the provider has returned.

use domain::Credits;
use domain::report::Finding;
use ledger::ReturnStep;
use payments::Payment;

use super::ledger_side::LedgerSide;
use super::provider_side::{ProviderSide, name};
use super::{CompareError, REFUND_DIFFERS, finding};
use crate::refunds::steps_now;
use crate::{Billing, ProviderSetup};

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
    row.returns.iter().all(|step| step.undone)
        && provider_side
            .charges
            .get(reference)
            .is_some_and(|charge| charge.refunded.minor == 0 && !charge.is_disputed)
}

fn compare_payment(ledger_side: &mut LedgerSide, row: &store::Payment, payment: &Payment) -> Option<Finding> {
    let mut wrong = Vec::new();
    for step in steps_now(row, payment) {
        ledger_side.explain(&step.key);
        let expected = if step.undone { Credits::ZERO } else { step.credits };
        let taken = ledger_side.away(&step.key);
        if taken != expected {
            wrong.push(said(&step, expected, taken));
        }
    }
    if wrong.is_empty() {
        return None;
    }
    let about = format!("{} ({})", name(row.provider, &payment.id), row.key);
    let text = format!("{about} of {} minor units: {}", row.paid_minor, wrong.join("; "));
    Some(finding(REFUND_DIFFERS, &about, text))
}

fn said(step: &ReturnStep, expected: Credits, taken: Credits) -> String {
    format!(
        "{taken} credits of {} are taken back instead of {expected}",
        step.key
    )
}
