//! The part of a look that walks over payments: checkouts, invoices, refunds and disputes.

use std::collections::BTreeSet;

use domain::billing::PaymentVendor;
use domain::{Failure, Timestamp};
use payments::{Listed, PAGE_MAX, PageRequest, Payment};

use super::{BATCH, DISPUTE_DAYS, FIRST_LOOK_DAYS, SyncReport};
use crate::{Desk, Till};

impl Desk {
    /// Payments since a time, and what went back of payments lately.
    pub(super) async fn sync_payments(
        &self,
        till: &Till,
        since: Timestamp,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        if !till.payments.lists_everything() {
            self.sync_invoices(till, None, Some(since), report).await?;
            return self.sync_sums(till, report).await;
        }
        self.sync_checkouts(till, since, report).await?;
        self.sync_invoices(till, None, Some(since), report).await?;
        let month = since.min(self.now().plus_days(-FIRST_LOOK_DAYS));
        self.sync_returns(till, month, report).await
    }

    /// Payments of a vendor that tells what was given back only with the payment.
    async fn sync_sums(&self, till: &Till, report: &mut SyncReport) -> Result<(), Failure> {
        let vendor = till.payments.vendor();
        let since = self.now().plus_days(-DISPUTE_DAYS);
        let mut page = PageRequest::first(PAGE_MAX);
        loop {
            let Listed { items, next } = till.payments.payments(since, &page).await?;
            for payment in &items {
                self.sync_sum(vendor, payment, report).await?;
            }
            match next {
                Some(cursor) => page = PageRequest::after(cursor, PAGE_MAX),
                None => return Ok(()),
            }
        }
    }

    /// Takes back what the vendor gave back, where its sum is another than the one we know.
    async fn sync_sum(
        &self,
        vendor: PaymentVendor,
        payment: &Payment,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let Some(row) = self.store.payment_of(vendor, &payment.id).await? else {
            return Ok(());
        };
        let known = row.returned_sums.last().copied().unwrap_or(0);
        if u64::try_from(payment.refunded.minor) == Ok(known) {
            return Ok(());
        }
        let outcome = self.take_back(vendor, &payment.id).await?;
        report.note_payment(format!("payment:{}", payment.id), outcome);
        Ok(())
    }

    async fn sync_checkouts(
        &self,
        till: &Till,
        since: Timestamp,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut page = PageRequest::first(BATCH);
        loop {
            let Listed { items, next } = till.payments.checkouts(None, Some(since), &page).await?;
            for checkout in &items {
                let outcome = self
                    .fulfil_checkout_state(till.payments.vendor(), checkout)
                    .await?;
                report.note_payment(format!("checkout:{}", checkout.id), outcome);
            }
            match next {
                Some(cursor) => page = PageRequest::after(cursor, BATCH),
                None => return Ok(()),
            }
        }
    }

    /// Invoices of a customer, or of all.
    pub(super) async fn sync_invoices(
        &self,
        till: &Till,
        customer: Option<&str>,
        since: Option<Timestamp>,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut page = PageRequest::first(BATCH);
        loop {
            let Listed { items, next } = till.payments.invoices(customer, since, &page).await?;
            for invoice in &items {
                let outcome = self.fulfil_invoice_state(till.payments.vendor(), invoice).await?;
                report.note_payment(format!("invoice:{}", invoice.id), outcome);
            }
            match next {
                Some(cursor) => page = PageRequest::after(cursor, BATCH),
                None => return Ok(()),
            }
        }
    }

    async fn sync_returns(
        &self,
        till: &Till,
        refunds_since: Timestamp,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut payments: BTreeSet<String> = BTreeSet::new();
        let mut page = PageRequest::first(BATCH);
        loop {
            let Listed { items, next } = till.payments.refunds(refunds_since, &page).await?;
            payments.extend(items.into_iter().filter_map(|refund| refund.payment));
            match next {
                Some(cursor) => page = PageRequest::after(cursor, BATCH),
                None => break,
            }
        }
        let disputes_since = self.now().plus_days(-DISPUTE_DAYS);
        let mut page = PageRequest::first(BATCH);
        loop {
            let Listed { items, next } = till.payments.disputes(disputes_since, &page).await?;
            payments.extend(items.into_iter().filter_map(|dispute| dispute.payment));
            match next {
                Some(cursor) => page = PageRequest::after(cursor, BATCH),
                None => break,
            }
        }
        for payment in payments {
            let outcome = self.settle_returns(till.payments.vendor(), &payment).await?;
            report.note_payment(format!("payment:{payment}"), outcome);
        }
        Ok(())
    }
}
