//! Finding what no webhook told: by looking at the vendor's objects themselves, however old.
//!
//! Everything found goes the way of its event, so a payment that was told meanwhile is not granted again.
//! Vendors list events for thirty days only, and Creem stops repeating after an hour; objects are listed for ever.

use std::collections::BTreeSet;

use domain::billing::PaymentVendor;
use domain::{AccountId, Failure, Timestamp};
use payments::{Listed, PageRequest, SubscriptionState};
use serde::Serialize;
use store::{Correction, OpenCheckout, SyncMark};
use utoipa::ToSchema;

use crate::mirror::Mirrored;
use crate::{Desk, Outcome, Till};

mod kept;
mod recent_payments;

/// Objects in a batch: one page of a vendor's list.
pub const BATCH: u8 = 20;
/// Days before the last look from which payments are looked at again: a webhook is repeated for three days.
pub const OVERLAP_DAYS: i64 = 3;
/// Days that the first look goes back, and in which refunds are followed: a bank may refuse one for weeks.
pub const FIRST_LOOK_DAYS: i64 = 30;
/// Days for which disputes are followed, and payments of a vendor that lists none; banks decide within them.
pub const DISPUTE_DAYS: i64 = 120;
/// Minutes after which an open checkout is asked about: most people pay within.
pub const CHECKOUT_PATIENCE_MIN: i64 = 60;
/// Milliseconds after which a look ends and the next goes on: two thirds of the function's fifteen minutes.
pub const LOOK_MS_MAX: i64 = 10 * 60 * 1000;

/// What a look found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct SyncReport {
    /// Subscriptions that were compared.
    pub subscriptions: u32,
    /// Rows that were brought to what the vendor says; each is recorded.
    pub corrected: Vec<String>,
    /// Payments that were looked at.
    pub payments: u32,
    /// Keys of those whose credits were granted now: their webhook had not come.
    pub granted: Vec<String>,
    /// Payments of which credits were taken or given back now.
    pub returned: Vec<String>,
    /// Keys of payments that brought no credits: a person has to look.
    pub unclaimed: Vec<String>,
    /// Payments that were kept before and still wait for a person.
    pub waiting: u32,
    /// Subscriptions that were compared, by id.
    #[serde(skip)]
    seen: BTreeSet<String>,
    /// Where the next batch begins; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl SyncReport {
    fn note_payment(&mut self, key: String, outcome: Outcome) {
        self.payments = self.payments.saturating_add(1);
        match outcome {
            Outcome::Granted => self.granted.push(key),
            Outcome::Returned => self.returned.push(key),
            Outcome::Unclaimed(_) => self.unclaimed.push(key),
            _ => {}
        }
    }
}

impl Desk {
    /// Looks at everything of a vendor: payments since the last look, refunds, disputes, open checkouts, and every
    /// subscription in batches of [`BATCH`].
    ///
    /// # Promises
    /// What was found is kept at once; a look that dies is done again from the last mark. One that takes longer than
    /// [`LOOK_MS_MAX`] ends, and the next goes on among the subscriptions.
    ///
    /// # Errors
    /// The vendor's and the store's; a repeat is safe.
    pub async fn sync_vendor(&self, vendor: PaymentVendor) -> Result<SyncReport, Failure> {
        let till = self.till(vendor)?;
        let began = self.now();
        let mark = self.store.sync_mark(vendor).await?;
        let since = match mark.looked_until {
            Some(until) => until.plus_days(-OVERLAP_DAYS),
            None => began.plus_days(-FIRST_LOOK_DAYS),
        };
        let mut report = SyncReport::default();
        self.sync_payments(till, since, &mut report).await?;
        self.sync_open_checkouts(None, &mut report).await?;
        self.sync_kept(|kept| kept.vendor == vendor, &mut report).await?;
        let (subscriptions_after, is_whole) = self
            .sync_subscriptions(till, mark.subscriptions_after.clone(), began, &mut report)
            .await?;
        if is_whole {
            self.sync_vanished(vendor, &mut report).await?;
        }
        let next = SyncMark {
            looked_until: Some(began),
            subscriptions_after,
        };
        self.store.note_sync_mark(vendor, &mark, &next).await?;
        Ok(report)
    }

    /// One batch of a vendor's subscriptions.
    ///
    /// # Errors
    /// As [`Self::sync_vendor`].
    pub async fn sync_batch(
        &self,
        vendor: PaymentVendor,
        cursor: Option<String>,
    ) -> Result<SyncReport, Failure> {
        let till = self.chosen(vendor)?;
        let mut report = SyncReport::default();
        report.next_cursor = self.sync_page(till, None, cursor, &mut report).await?;
        Ok(report)
    }

    /// Everything of one account, at every vendor.
    ///
    /// # Errors
    /// `not_found` when there is no such account; otherwise as [`Self::sync_vendor`].
    pub async fn sync_account(&self, account: AccountId) -> Result<SyncReport, Failure> {
        self.store.account(account).await?;
        let mut report = SyncReport::default();
        self.sync_open_checkouts(Some(account), &mut report).await?;
        for (vendor, till) in &self.tills {
            if let Some(customer) = self.store.customer(account, *vendor).await? {
                self.sync_customer(till, &customer, &mut report).await?;
                self.sync_invoices(till, Some(&customer), None, &mut report)
                    .await?;
            }
        }
        for row in self.store.subscriptions(account).await? {
            if self.tills.contains_key(&row.vendor) {
                self.correct(row.vendor, &row.id, &mut report).await?;
            }
        }
        self.sync_kept(|kept| kept.account_id == Some(account), &mut report)
            .await?;
        Ok(report)
    }

    async fn sync_customer(
        &self,
        till: &Till,
        customer: &str,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut cursor = self.sync_page(till, Some(customer), None, report).await?;
        while cursor.is_some() {
            cursor = self.sync_page(till, Some(customer), cursor, report).await?;
        }
        Ok(())
    }

    /// Subscriptions in batches until the end or until the time is over; where to go on, and whether all were seen.
    async fn sync_subscriptions(
        &self,
        till: &Till,
        after: Option<String>,
        began: Timestamp,
        report: &mut SyncReport,
    ) -> Result<(Option<String>, bool), Failure> {
        let from_the_start = after.is_none();
        let mut cursor = after;
        loop {
            cursor = self.sync_page(till, None, cursor, report).await?;
            if cursor.is_none() {
                return Ok((None, from_the_start));
            }
            if self.now().ms_since(began) >= LOOK_MS_MAX {
                return Ok((cursor, false));
            }
        }
    }

    async fn sync_page(
        &self,
        till: &Till,
        customer: Option<&str>,
        cursor: Option<String>,
        report: &mut SyncReport,
    ) -> Result<Option<String>, Failure> {
        let page = PageRequest { cursor, limit: BATCH };
        let Listed { items, next } = till.payments.subscriptions(customer, &page).await?;
        for state in &items {
            self.sync_subscription(till, state, report).await?;
        }
        Ok(next)
    }

    /// Compares one subscription, and looks whether its period is paid and not granted.
    async fn sync_subscription(
        &self,
        till: &Till,
        state: &SubscriptionState,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let vendor = till.payments.vendor();
        report.subscriptions = report.subscriptions.saturating_add(1);
        report.seen.insert(state.id.clone());
        let row = self.correct(vendor, &state.id, report).await?;
        let paid_until = row.and_then(|row| row.paid).map(|paid| paid.until);
        let is_granted = paid_until.is_some() && paid_until == state.period.map(|period| period.end);
        if let (Some(invoice), false) = (&state.latest_invoice, is_granted) {
            let outcome = self.fulfil_invoice(vendor, invoice).await?;
            report.note_payment(format!("invoice:{invoice}"), outcome);
        }
        Ok(())
    }

    /// Subscriptions that we think live and that the vendor's whole list does not have.
    async fn sync_vanished(&self, vendor: PaymentVendor, report: &mut SyncReport) -> Result<(), Failure> {
        let mut after: Option<String> = None;
        loop {
            let known = self
                .store
                .known_subscriptions(vendor, after.as_deref(), u32::from(BATCH))
                .await?;
            let Some((last, _)) = known.last() else {
                return Ok(());
            };
            after = Some(last.clone());
            for (id, account) in known {
                self.sync_unseen(vendor, &id, account, report).await?;
            }
        }
    }

    async fn sync_unseen(
        &self,
        vendor: PaymentVendor,
        id: &str,
        account: AccountId,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        if report.seen.contains(id) {
            return Ok(());
        }
        let row = self.store.subscription(account, vendor, id).await?;
        if row.is_some_and(|row| !row.status.is_over()) {
            self.correct(vendor, id, report).await?;
        }
        Ok(())
    }

    /// Brings a row to what its vendor says, and records the difference.
    async fn correct(
        &self,
        vendor: PaymentVendor,
        id: &str,
        report: &mut SyncReport,
    ) -> Result<Option<store::Subscription>, Failure> {
        let (_, mirrored) = self.mirror(vendor, id).await?;
        let Some(Mirrored { before, after }) = mirrored else {
            return match self.store.subscription_owner(vendor, id).await? {
                Some(account) => Ok(self.store.subscription(account, vendor, id).await?),
                None => Ok(None),
            };
        };
        let correction = Correction {
            vendor,
            subscription_id: id.to_owned(),
            before,
            after: after.clone(),
            at: self.now(),
        };
        let name = format!("{vendor}#{id}#{}", after.version);
        self.store.note_correction(&name, &correction).await?;
        tracing::warn!(account.id = %after.account_id, subscription.id = id, "a subscription was not as its vendor says");
        report.corrected.push(id.to_owned());
        Ok(Some(after))
    }

    /// Checkouts that were begun and of which nothing was heard since.
    async fn sync_open_checkouts(
        &self,
        account: Option<AccountId>,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let patience = if account.is_some() {
            0
        } else {
            CHECKOUT_PATIENCE_MIN
        };
        let before = self.now().plus_s(-patience.saturating_mul(60));
        for open in self.store.open_checkouts(before, OPEN_CHECKOUTS_MAX).await? {
            if account.is_none_or(|wanted| wanted == open.account_id) && self.tills.contains_key(&open.vendor)
            {
                self.sync_open_checkout(&open, report).await?;
            }
        }
        Ok(())
    }

    async fn sync_open_checkout(&self, open: &OpenCheckout, report: &mut SyncReport) -> Result<(), Failure> {
        let outcome = self.fulfil_checkout(open.vendor, &open.id).await?;
        report.note_payment(format!("checkout:{}", open.id), outcome);
        let is_stale = open.opened_at.plus_days(FIRST_LOOK_DAYS) < self.now();
        if outcome != Outcome::Waiting || is_stale {
            self.store.close_checkout(open).await?;
        }
        Ok(())
    }
}

/// Open checkouts that one look asks about, the oldest first; the rest has its turn in the next.
const OPEN_CHECKOUTS_MAX: u32 = 500;
