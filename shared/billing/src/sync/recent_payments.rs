//! The part of a sync that walks over payments: checkouts, invoices, refunds and disputes.

use std::collections::BTreeSet;

use domain::billing::PaymentVendor;
use domain::{Failure, Timestamp};
use payments::{Listed, PAGE_MAX, PageRequest, Payment};

use super::{BATCH, DISPUTE_DAYS, FIRST_SYNC_DAYS, SyncReport};
use crate::{Billing, PaymentProvider};

impl Billing {
    /// Payments since a time, and what went back of payments lately.
    pub(super) async fn sync_payments(
        &self,
        provider: &PaymentProvider,
        since: Timestamp,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        if !provider.payments.lists_everything() {
            self.sync_invoices(provider, None, Some(since), report).await?;
            return self.sync_sums(provider, report).await;
        }
        self.sync_checkouts(provider, since, report).await?;
        self.sync_invoices(provider, None, Some(since), report).await?;
        let month = since.min(self.now().plus_days(-FIRST_SYNC_DAYS));
        self.sync_refunds(provider, month, report).await
    }

    /// Payments of a vendor that tells what was given back only with the payment.
    async fn sync_sums(&self, provider: &PaymentProvider, report: &mut SyncReport) -> Result<(), Failure> {
        let vendor = provider.payments.vendor();
        let since = self.now().plus_days(-DISPUTE_DAYS);
        let mut page = PageRequest::first(PAGE_MAX);
        loop {
            let Listed { items, next } = provider.payments.payments(since, &page).await?;
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
        provider: &PaymentProvider,
        since: Timestamp,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut page = PageRequest::first(BATCH);
        loop {
            let Listed { items, next } = provider.payments.checkouts(None, Some(since), &page).await?;
            for checkout in &items {
                let outcome = self
                    .fulfil_checkout_state(provider.payments.vendor(), checkout)
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
        provider: &PaymentProvider,
        customer: Option<&str>,
        since: Option<Timestamp>,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut page = PageRequest::first(BATCH);
        loop {
            let Listed { items, next } = provider.payments.invoices(customer, since, &page).await?;
            for invoice in &items {
                let outcome = self
                    .fulfil_invoice_state(provider.payments.vendor(), invoice)
                    .await?;
                report.note_payment(format!("invoice:{}", invoice.id), outcome);
            }
            match next {
                Some(cursor) => page = PageRequest::after(cursor, BATCH),
                None => return Ok(()),
            }
        }
    }

    async fn sync_refunds(
        &self,
        provider: &PaymentProvider,
        refunds_since: Timestamp,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut payments: BTreeSet<String> = BTreeSet::new();
        let mut page = PageRequest::first(BATCH);
        loop {
            let Listed { items, next } = provider.payments.refunds(refunds_since, &page).await?;
            payments.extend(items.into_iter().filter_map(|refund| refund.payment));
            match next {
                Some(cursor) => page = PageRequest::after(cursor, BATCH),
                None => break,
            }
        }
        let disputes_since = self.now().plus_days(-DISPUTE_DAYS);
        let mut page = PageRequest::first(BATCH);
        loop {
            let Listed { items, next } = provider.payments.disputes(disputes_since, &page).await?;
            payments.extend(items.into_iter().filter_map(|dispute| dispute.payment));
            match next {
                Some(cursor) => page = PageRequest::after(cursor, BATCH),
                None => break,
            }
        }
        for payment in payments {
            let outcome = self.settle_refunds(provider.payments.vendor(), &payment).await?;
            report.note_payment(format!("payment:{payment}"), outcome);
        }
        Ok(())
    }
}
