//! Payments: each paid object has one grant of the right credits, or an unclaimed payment that says why not; and each
//! grant has its paid object.

use domain::Credits;
use domain::billing::PaymentProvider;
use domain::report::{Finding, PAYMENT_UNCLAIMED};
use ledger::product;
use ledger::proration::{credits_of_lines, lines_of_change, lines_of_reduced_renewal};
use payments::Charge;
use store::{PageRequest, Payment, PaymentHolder, Unclaimed};

use super::ledger_side::LedgerSide;
use super::provider_side::{ExpectedGrant, ProviderSide, name};
use super::{
    AMOUNT_DIFFERS, CREDITS_DIFFER, CompareError, GRANT_WITHOUT_PAYMENT, PAYMENT_WITHOUT_GRANT,
    SECOND_SUBSCRIPTION, finding,
};
use crate::{Billing, ProviderSetup};

/// Milliseconds for which a second subscription that was dealt with is told: every inspection of a night sees it.
const DAY_MS: i64 = 24 * 3_600_000;

impl Billing {
    pub(super) async fn compare_payments(
        &self,
        setup: &ProviderSetup,
        ledger_side: &LedgerSide,
        provider_side: &ProviderSide,
    ) -> Result<Vec<Finding>, CompareError> {
        let provider = setup.payments.provider();
        let mut findings = Vec::new();
        for (key, expected) in &provider_side.expected {
            if let Some(row) = ledger_side.payments.get(key) {
                findings.extend(self.compare_payment(ledger_side, row, expected).await?);
                continue;
            }
            let payment = expected.payment.as_ref();
            let charge = payment.and_then(|id| provider_side.charges.get(id));
            let paid = (key.as_str(), expected, charge);
            findings.extend(self.without_row(ledger_side, provider, paid).await?);
        }
        for row in ledger_side
            .payments
            .values()
            .filter(|row| row.provider == provider)
        {
            if !provider_side.expected.contains_key(&row.key) {
                findings.push(without_payment(ledger_side, row));
            }
        }
        for charge in provider_side.charges_alone() {
            findings.extend(self.charge_alone(setup, charge).await?);
        }
        Ok(findings)
    }

    /// A payment that both sides know.
    async fn compare_payment(
        &self,
        ledger_side: &LedgerSide,
        row: &Payment,
        expected: &ExpectedGrant,
    ) -> Result<Vec<Finding>, CompareError> {
        let mut findings = Vec::new();
        let about = name(row.provider, &row.key);
        match ledger_side.grants.get(&row.key) {
            None => findings.push(finding(
                PAYMENT_WITHOUT_GRANT,
                &about,
                format!(
                    "{about} is paid and noted with {} credits, and no grant has its key",
                    row.credits
                ),
            )),
            Some(granted) if *granted != row.credits => findings.push(finding(
                CREDITS_DIFFER,
                &about,
                format!(
                    "{about} bought {} credits, and {granted} were granted",
                    row.credits
                ),
            )),
            Some(_) => {}
        }
        let listed = expected_credits(row, expected);
        if let Some(listed) = listed.filter(|listed| *listed != row.credits) {
            let bought = row.product.as_str();
            let text = format!(
                "{about} is noted with {} credits for {bought}, and its money buys {listed}",
                row.credits
            );
            findings.push(finding(CREDITS_DIFFER, &about, text));
        }
        if let Some(bought) = expected.product.filter(|bought| *bought != row.product) {
            // An operator may have decided that it was for another product.
            let by_hand = self.store.unclaimed(&row.key).await?;
            if by_hand.is_none() {
                let (bought, noted) = (bought.as_str(), row.product.as_str());
                let text = format!("{about} is for {bought} at the provider and for {noted} with us");
                findings.push(finding(CREDITS_DIFFER, &about, text));
            }
        }
        let same_currency = expected
            .paid
            .currency
            .as_str()
            .eq_ignore_ascii_case(&row.currency);
        if !same_currency || u64::try_from(expected.paid.minor) != Ok(row.paid_minor) {
            let text = format!(
                "{about} was paid with {} {}, and {} {} are noted",
                expected.paid.minor,
                expected.paid.currency.as_str().to_ascii_lowercase(),
                row.paid_minor,
                row.currency
            );
            findings.push(finding(AMOUNT_DIFFERS, &about, text));
        }
        Ok(findings)
    }

    /// A paid object of which the account has no row.
    async fn without_row(
        &self,
        ledger_side: &LedgerSide,
        provider: PaymentProvider,
        (key, expected, charge): (&str, &ExpectedGrant, Option<&Charge>),
    ) -> Result<Option<Finding>, CompareError> {
        let about = name(provider, key);
        let what = expected.product.map_or("something", |product| product.as_str());
        let paid = expected.paid.minor;
        let text = match self.store.payment_holder(key).await? {
            Some(PaymentHolder::Granted { account_id }) if account_id != ledger_side.account => {
                return Ok(None);
            }
            Some(PaymentHolder::Granted { .. }) => {
                format!("{about} is noted as granted to this account, and its row is missing")
            }
            Some(PaymentHolder::Returned { at, is_done, .. }) => {
                let done = if is_done { Progress::Done } else { Progress::Open };
                return Ok(second_subscription(&about, done, charge, self.now().ms_since(at)));
            }
            Some(PaymentHolder::Unclaimed) => {
                let stored = self.store.unclaimed(key).await?;
                return Ok(stored.map(|stored| unclaimed(&stored)));
            }
            None => {
                format!("{about} is paid ({paid} minor units for {what}), and nothing was granted or kept")
            }
        };
        Ok(Some(finding(PAYMENT_WITHOUT_GRANT, &about, text)))
    }

    /// Money of the account's customer that belongs to no object that was listed.
    async fn charge_alone(
        &self,
        setup: &ProviderSetup,
        charge: &Charge,
    ) -> Result<Option<Finding>, CompareError> {
        let provider = setup.payments.provider();
        if self.store.payment_of(provider, &charge.payment).await?.is_some() {
            // Granted to another account that pays as the same customer, or by an operator.
            return Ok(None);
        }
        if let Some(kept) = self.kept_of(setup, charge).await? {
            return Ok(Some(unclaimed(&kept)));
        }
        let about = name(provider, &charge.payment);
        let text = format!(
            "{about} is paid ({} minor units), and nothing was granted or kept",
            charge.amount.minor
        );
        Ok(Some(finding(PAYMENT_WITHOUT_GRANT, &about, text)))
    }

    /// The unclaimed payment that this money paid for.
    async fn kept_of(
        &self,
        setup: &ProviderSetup,
        charge: &Charge,
    ) -> Result<Option<Unclaimed>, CompareError> {
        let mut page = PageRequest {
            limit: store::page::LIMIT_MAX,
            cursor: None,
        };
        loop {
            let listed = self.store.unclaimed_payments(&page).await?;
            if let Some(kept) = paid_by(setup, listed.items, charge).await? {
                return Ok(Some(kept));
            }
            match listed.next {
                Some(cursor) => page.cursor = Some(cursor),
                None => return Ok(None),
            }
        }
    }
}

/// Credits that a payment's money buys: as its lines say, or by its sum where the provider tells no lines.
fn expected_credits(row: &Payment, expected: &ExpectedGrant) -> Option<Credits> {
    let Some(before) = row.replaced else {
        return match expected.credits {
            // An operator may have decided that it was for another product.
            Some(credits) if expected.product == Some(row.product) => Some(credits),
            _ => Some(product(row.product).credits),
        };
    };
    // Without discounts the sum that was paid is the one that was counted.
    let minor = expected.paid.minor;
    let lines = [
        lines_of_change(before, row.product, minor),
        lines_of_reduced_renewal(before, row.product, minor),
    ];
    let possible: Vec<Credits> = lines
        .into_iter()
        .flatten()
        .filter_map(|lines| credits_of_lines(&lines))
        .collect();
    possible
        .iter()
        .find(|credits| **credits == row.credits)
        .or_else(|| possible.first())
        .copied()
}

/// The one of these payments whose money this is.
async fn paid_by(
    setup: &ProviderSetup,
    kept: Vec<Unclaimed>,
    charge: &Charge,
) -> Result<Option<Unclaimed>, CompareError> {
    let provider = setup.payments.provider();
    for kept in kept.into_iter().filter(|kept| kept.provider == provider) {
        if payment_of(setup, &kept).await?.as_ref() == Some(&charge.payment) {
            return Ok(Some(kept));
        }
    }
    Ok(None)
}

/// The provider's id of an unclaimed payment's money.
async fn payment_of(setup: &ProviderSetup, kept: &Unclaimed) -> Result<Option<String>, CompareError> {
    Ok(match kept.key.split_once(':') {
        Some(("checkout", id)) => setup.payments.checkout(id).await?.and_then(|found| found.payment),
        Some(("invoice", id)) => setup.payments.invoice(id).await?.and_then(|found| found.payment),
        _ => None,
    })
}

/// A row whose object the provider does not have, or has not paid.
fn without_payment(ledger_side: &LedgerSide, row: &Payment) -> Finding {
    let about = name(row.provider, &row.key);
    let granted = ledger_side.grants.get(&row.key).copied().unwrap_or_default();
    let text = format!("{granted} credits were granted for {about}, which is not paid at the provider");
    finding(GRANT_WITHOUT_PAYMENT, &about, text)
}

/// How far the end of a second subscription is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// It is not ended, or its money is not given back.
    Open,
    /// Both were done.
    Done,
}

/// A payment that brought no credits because another subscription counts: told for a day, and until its money is away.
fn second_subscription(about: &str, done: Progress, charge: Option<&Charge>, age_ms: i64) -> Option<Finding> {
    let is_away =
        charge.is_none_or(|charge| charge.is_disputed || charge.refunded.minor >= charge.amount.minor);
    let what = match (done, is_away) {
        (Progress::Done, true) if age_ms > DAY_MS => return None,
        (Progress::Done, true) => "it was ended, and its money went back",
        (Progress::Done, false) => "its money was to go back, and is still here",
        (Progress::Open, _) => "it is not ended, or its money is not given back, until now",
    };
    let text = format!("{about} was paid beside the account's subscription: {what}");
    Some(finding(SECOND_SUBSCRIPTION, about, text))
}

fn unclaimed(kept: &Unclaimed) -> Finding {
    let about = name(kept.provider, &kept.key);
    let why = kept.reason.as_str();
    let text = format!(
        "{about} was paid with {} {} and waits for a person: {why}",
        kept.paid_minor, kept.currency
    );
    finding(PAYMENT_UNCLAIMED, &about, text)
}
