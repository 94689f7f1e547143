//! Payments: each paid object has one grant of the right credits, or a kept payment that says why not; and no grant is
//! without its paid object.

use domain::billing::PaymentVendor;
use domain::report::{Finding, PAYMENT_UNCLAIMED};
use ledger::product;
use payments::Charge;
use store::{PageRequest, Payment, PaymentHolder, Unclaimed};

use super::books::Books;
use super::told::{Sold, Told, name};
use super::{AMOUNT_DIFFERS, Broken, CREDITS_DIFFER, GRANT_WITHOUT_PAYMENT, PAYMENT_WITHOUT_GRANT, finding};
use crate::{Desk, Till};

impl Desk {
    pub(super) async fn compare_payments(
        &self,
        till: &Till,
        books: &Books,
        told: &Told,
    ) -> Result<Vec<Finding>, Broken> {
        let vendor = till.payments.vendor();
        let mut findings = Vec::new();
        for (key, sold) in &told.sold {
            match books.payments.get(key) {
                Some(row) => findings.extend(self.compare_payment(books, row, sold).await?),
                None => findings.extend(self.without_row(books, vendor, key, sold).await?),
            }
        }
        for row in books.payments.values().filter(|row| row.vendor == vendor) {
            if !told.sold.contains_key(&row.key) {
                findings.push(without_payment(books, row));
            }
        }
        for charge in told.charges_alone() {
            findings.extend(self.charge_alone(till, charge).await?);
        }
        Ok(findings)
    }

    /// A payment that both sides know.
    async fn compare_payment(
        &self,
        books: &Books,
        row: &Payment,
        sold: &Sold,
    ) -> Result<Vec<Finding>, Broken> {
        let mut findings = Vec::new();
        let about = name(row.vendor, &row.key);
        match books.grants.get(&row.key) {
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
        let listed = product(row.product).credits;
        if row.credits != listed {
            let bought = row.product.as_str();
            let text = format!(
                "{about} is noted with {} credits for {bought}, which has {listed}",
                row.credits
            );
            findings.push(finding(CREDITS_DIFFER, &about, text));
        }
        if let Some(bought) = sold.product.filter(|bought| *bought != row.product) {
            // A person may have said that it was for something else.
            let by_hand = self.store.unclaimed(&row.key).await?;
            if by_hand.is_none() {
                let (bought, noted) = (bought.as_str(), row.product.as_str());
                let text = format!("{about} is for {bought} at the vendor and for {noted} with us");
                findings.push(finding(CREDITS_DIFFER, &about, text));
            }
        }
        let same_currency = sold.paid.currency.as_str().eq_ignore_ascii_case(&row.currency);
        if !same_currency || u64::try_from(sold.paid.minor) != Ok(row.paid_minor) {
            let text = format!(
                "{about} was paid with {} {}, and {} {} are noted",
                sold.paid.minor,
                sold.paid.currency.as_str().to_ascii_lowercase(),
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
        books: &Books,
        vendor: PaymentVendor,
        key: &str,
        sold: &Sold,
    ) -> Result<Option<Finding>, Broken> {
        let about = name(vendor, key);
        let what = sold.product.map_or("something", |product| product.as_str());
        let paid = sold.paid.minor;
        let text = match self.store.payment_holder(key).await? {
            Some(PaymentHolder::Granted(owner)) if owner != books.account => return Ok(None),
            Some(PaymentHolder::Granted(_)) => {
                format!("{about} is noted as granted to this account, and its row is missing")
            }
            Some(PaymentHolder::Kept) => {
                let kept = self.store.unclaimed(key).await?;
                return Ok(kept.map(|kept| unclaimed(&kept)));
            }
            None => {
                format!("{about} is paid ({paid} minor units for {what}), and nothing was granted or kept")
            }
        };
        Ok(Some(finding(PAYMENT_WITHOUT_GRANT, &about, text)))
    }

    /// Money of the account's customer that belongs to no object that was listed.
    async fn charge_alone(&self, till: &Till, charge: &Charge) -> Result<Option<Finding>, Broken> {
        let vendor = till.payments.vendor();
        if self.store.payment_of(vendor, &charge.payment).await?.is_some() {
            // Granted to another account that pays as the same customer, or by an operator.
            return Ok(None);
        }
        if let Some(kept) = self.kept_of(till, charge).await? {
            return Ok(Some(unclaimed(&kept)));
        }
        let about = name(vendor, &charge.payment);
        let text = format!(
            "{about} is paid ({} minor units), and nothing was granted or kept",
            charge.amount.minor
        );
        Ok(Some(finding(PAYMENT_WITHOUT_GRANT, &about, text)))
    }

    /// The kept payment that this money paid for.
    async fn kept_of(&self, till: &Till, charge: &Charge) -> Result<Option<Unclaimed>, Broken> {
        let mut page = PageRequest {
            limit: store::page::LIMIT_MAX,
            cursor: None,
        };
        loop {
            let listed = self.store.unclaimed_payments(&page).await?;
            if let Some(kept) = paid_by(till, listed.items, charge).await? {
                return Ok(Some(kept));
            }
            match listed.next {
                Some(cursor) => page.cursor = Some(cursor),
                None => return Ok(None),
            }
        }
    }
}

/// The one of these payments whose money this is.
async fn paid_by(till: &Till, kept: Vec<Unclaimed>, charge: &Charge) -> Result<Option<Unclaimed>, Broken> {
    let vendor = till.payments.vendor();
    for kept in kept.into_iter().filter(|kept| kept.vendor == vendor) {
        if payment_of(till, &kept).await?.as_ref() == Some(&charge.payment) {
            return Ok(Some(kept));
        }
    }
    Ok(None)
}

/// The vendor's id of a kept payment's money.
async fn payment_of(till: &Till, kept: &Unclaimed) -> Result<Option<String>, Broken> {
    Ok(match kept.key.split_once(':') {
        Some(("checkout", id)) => till.payments.checkout(id).await?.and_then(|found| found.payment),
        Some(("invoice", id)) => till.payments.invoice(id).await?.and_then(|found| found.payment),
        _ => None,
    })
}

/// A row whose object the vendor does not have, or has not paid.
fn without_payment(books: &Books, row: &Payment) -> Finding {
    let about = name(row.vendor, &row.key);
    let granted = books.grants.get(&row.key).copied().unwrap_or_default();
    let text = format!("{granted} credits were granted for {about}, which is not paid at the vendor");
    finding(GRANT_WITHOUT_PAYMENT, &about, text)
}

fn unclaimed(kept: &Unclaimed) -> Finding {
    let about = name(kept.vendor, &kept.key);
    let why = kept.reason.as_str();
    let text = format!(
        "{about} was paid with {} {} and waits for a person: {why}",
        kept.paid_minor, kept.currency
    );
    finding(PAYMENT_UNCLAIMED, &about, text)
}
