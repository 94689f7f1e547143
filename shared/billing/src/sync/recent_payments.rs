//! The part of a sync that walks over payments: checkouts, invoices, refunds and disputes.

use std::collections::BTreeSet;

use domain::billing::PaymentProvider;
use domain::{Failure, Timestamp};
use payments::{Listed, PAGE_MAX, PageRequest, Payment};

use super::{BATCH, DISPUTE_DAYS, FIRST_SYNC_DAYS, SyncReport};
use crate::refunds::steps_now;
use crate::{Billing, ProviderSetup};

impl Billing {
    /// Payments since a time, and what went back of payments lately.
    pub(super) async fn sync_payments(
        &self,
        setup: &ProviderSetup,
        since: Timestamp,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        if !setup.payments.lists_everything() {
            self.sync_invoices(setup, None, Some(since), report).await?;
            return self.sync_sums(setup, report).await;
        }
        self.sync_checkouts(setup, since, report).await?;
        self.sync_invoices(setup, None, Some(since), report).await?;
        let month = since.min(self.now().plus_days(-FIRST_SYNC_DAYS));
        self.sync_refunds(setup, month, report).await
    }

    /// Payments of a provider that shows refunds only in the payment itself.
    async fn sync_sums(&self, setup: &ProviderSetup, report: &mut SyncReport) -> Result<(), Failure> {
        let provider = setup.payments.provider();
        let since = self.now().plus_days(-DISPUTE_DAYS);
        let mut page = PageRequest::first(PAGE_MAX);
        loop {
            let Listed { items, next } = setup.payments.payments(since, &page).await?;
            for payment in &items {
                self.sync_sum(provider, payment, report).await?;
            }
            match next {
                Some(cursor) => page = PageRequest::after(cursor, PAGE_MAX),
                None => return Ok(()),
            }
        }
    }

    /// Takes back what the provider returned, where our row does not say so already.
    async fn sync_sum(
        &self,
        provider: PaymentProvider,
        payment: &Payment,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let Some(row) = self.store.payment_of(provider, &payment.id).await? else {
            return Ok(());
        };
        if steps_now(&row, payment) == row.returns {
            return Ok(());
        }
        let outcome = self.take_back(provider, &payment.id).await?;
        report.note_payment(format!("payment:{}", payment.id), outcome);
        Ok(())
    }

    async fn sync_checkouts(
        &self,
        setup: &ProviderSetup,
        since: Timestamp,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut page = PageRequest::first(BATCH);
        loop {
            let Listed { items, next } = setup.payments.checkouts(None, Some(since), &page).await?;
            for checkout in &items {
                let outcome = self
                    .fulfil_checkout_state(setup.payments.provider(), checkout)
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
        setup: &ProviderSetup,
        customer: Option<&str>,
        since: Option<Timestamp>,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut page = PageRequest::first(BATCH);
        loop {
            let Listed { items, next } = setup.payments.invoices(customer, since, &page).await?;
            for invoice in &items {
                let outcome = self
                    .fulfil_invoice_state(setup.payments.provider(), invoice)
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
        setup: &ProviderSetup,
        refunds_since: Timestamp,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut payments: BTreeSet<String> = BTreeSet::new();
        let mut page = PageRequest::first(BATCH);
        loop {
            let Listed { items, next } = setup.payments.refunds(refunds_since, &page).await?;
            payments.extend(items.into_iter().filter_map(|refund| refund.payment));
            match next {
                Some(cursor) => page = PageRequest::after(cursor, BATCH),
                None => break,
            }
        }
        let disputes_since = self.now().plus_days(-DISPUTE_DAYS);
        let mut page = PageRequest::first(BATCH);
        loop {
            let Listed { items, next } = setup.payments.disputes(disputes_since, &page).await?;
            payments.extend(items.into_iter().filter_map(|dispute| dispute.payment));
            match next {
                Some(cursor) => page = PageRequest::after(cursor, BATCH),
                None => break,
            }
        }
        for payment in payments {
            let outcome = self.settle_refunds(setup.payments.provider(), &payment).await?;
            report.note_payment(format!("payment:{payment}"), outcome);
        }
        Ok(())
    }
}
