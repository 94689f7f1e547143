//! Reconciliation: finds what no webhook told by listing the provider's objects, however old.
//!
//! Each object is handled as its event would be, so a payment whose webhook came meanwhile is not granted again.
//! Objects are listed and not events: providers list events for thirty days only, and Creem stops repeating them after
//! an hour.

use std::collections::BTreeSet;

use domain::billing::PaymentProvider;
use domain::{AccountId, Failure, Timestamp};
use payments::{Listed, PageRequest, SubscriptionState};
use serde::Serialize;
use store::{Correction, OpenCheckout, SyncMark};
use utoipa::ToSchema;

use crate::subscription_sync::SubscriptionChange;
use crate::{Billing, Outcome, ProviderSetup};

mod recent_payments;
mod unclaimed;

/// Objects in a batch: one page of a provider's list.
pub const BATCH: u8 = 20;
/// Days before the last sync from which payments are read again: a webhook is repeated for three days.
pub const OVERLAP_DAYS: i64 = 3;
/// Days that the first sync goes back, and in which refunds are followed: a bank may refuse one for weeks.
pub const FIRST_SYNC_DAYS: i64 = 30;
/// Days for which disputes are followed, and payments of a provider that lists none; banks decide within them.
pub const DISPUTE_DAYS: i64 = 120;
/// Minutes after which an open checkout is asked about: most people pay within.
pub const CHECKOUT_WAIT_MIN: i64 = 60;
/// Milliseconds after which a sync ends and the next one continues: two thirds of the function's fifteen minutes.
pub const SYNC_MS_MAX: i64 = 10 * 60 * 1000;

/// What a sync found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct SyncReport {
    /// Subscriptions that were compared.
    pub subscriptions: u32,
    /// Rows that were updated to the provider's state; each correction is recorded.
    pub corrected: Vec<String>,
    /// Payments that were looked at.
    pub payments: u32,
    /// Keys of those whose credits were granted now: their webhook had not come.
    pub granted: Vec<String>,
    /// Payments of which credits were taken or given back now.
    pub returned: Vec<String>,
    /// Keys of payments that brought no credits: an operator has to act.
    pub unclaimed: Vec<String>,
    /// Unclaimed payments of earlier syncs that still wait for an operator.
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
            Outcome::Returned | Outcome::SecondSubscription => self.returned.push(key),
            Outcome::Unclaimed(_) => self.unclaimed.push(key),
            _ => {}
        }
    }
}

impl Billing {
    /// Reads everything of a provider: payments since the last sync, refunds, disputes, open checkouts, and every
    /// subscription in batches of [`BATCH`].
    ///
    /// # Promises
    /// What was found is stored at once; a sync that dies is done again from the last mark. One that takes longer than
    /// [`SYNC_MS_MAX`] ends, and the next one continues among the subscriptions.
    ///
    /// # Errors
    /// The provider's and the store's; a repeat is safe.
    pub async fn sync_provider(&self, provider: PaymentProvider) -> Result<SyncReport, Failure> {
        let setup = self.setup(provider)?;
        let began = self.now();
        let mark = self.store.sync_mark(provider).await?;
        let since = match mark.looked_until {
            Some(until) => until.plus_days(-OVERLAP_DAYS),
            None => began.plus_days(-FIRST_SYNC_DAYS),
        };
        let mut report = SyncReport::default();
        self.sync_payments(setup, since, &mut report).await?;
        self.sync_open_checkouts(None, &mut report).await?;
        self.sync_unclaimed(|kept| kept.provider == provider, &mut report)
            .await?;
        let (subscriptions_after, is_whole) = self
            .sync_subscriptions(setup, mark.subscriptions_after.clone(), began, &mut report)
            .await?;
        if is_whole {
            self.sync_vanished(provider, &mut report).await?;
        }
        let next = SyncMark {
            looked_until: Some(began),
            subscriptions_after,
        };
        self.store.note_sync_mark(provider, &mark, &next).await?;
        Ok(report)
    }

    /// One batch of a provider's subscriptions.
    ///
    /// # Errors
    /// As [`Self::sync_provider`].
    pub async fn sync_batch(
        &self,
        provider: PaymentProvider,
        cursor: Option<String>,
    ) -> Result<SyncReport, Failure> {
        let setup = self.chosen(provider)?;
        let mut report = SyncReport::default();
        report.next_cursor = self.sync_page(setup, None, cursor, &mut report).await?;
        Ok(report)
    }

    /// Everything of one account, at every provider.
    ///
    /// # Errors
    /// `not_found` when there is no such account; otherwise as [`Self::sync_provider`].
    pub async fn sync_account(&self, account: AccountId) -> Result<SyncReport, Failure> {
        self.store.account(account).await?;
        let mut report = SyncReport::default();
        self.sync_open_checkouts(Some(account), &mut report).await?;
        for (provider, setup) in &self.providers {
            if let Some(customer) = self.store.customer(account, *provider).await? {
                self.sync_customer(setup, &customer, &mut report).await?;
                self.sync_invoices(setup, Some(&customer), None, &mut report)
                    .await?;
            }
        }
        for row in self.store.subscriptions(account).await? {
            if self.providers.contains_key(&row.provider) {
                self.correct(row.provider, &row.id, &mut report).await?;
            }
        }
        self.sync_unclaimed(|kept| kept.account_id == Some(account), &mut report)
            .await?;
        Ok(report)
    }

    async fn sync_customer(
        &self,
        setup: &ProviderSetup,
        customer: &str,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut cursor = self.sync_page(setup, Some(customer), None, report).await?;
        while cursor.is_some() {
            cursor = self.sync_page(setup, Some(customer), cursor, report).await?;
        }
        Ok(())
    }

    /// Subscriptions in batches until the end or until the time is over; where to go on, and whether all were seen.
    async fn sync_subscriptions(
        &self,
        setup: &ProviderSetup,
        after: Option<String>,
        began: Timestamp,
        report: &mut SyncReport,
    ) -> Result<(Option<String>, bool), Failure> {
        let from_the_start = after.is_none();
        let mut cursor = after;
        loop {
            cursor = self.sync_page(setup, None, cursor, report).await?;
            if cursor.is_none() {
                return Ok((None, from_the_start));
            }
            if self.now().ms_since(began) >= SYNC_MS_MAX {
                return Ok((cursor, false));
            }
        }
    }

    async fn sync_page(
        &self,
        setup: &ProviderSetup,
        customer: Option<&str>,
        cursor: Option<String>,
        report: &mut SyncReport,
    ) -> Result<Option<String>, Failure> {
        let page = PageRequest { cursor, limit: BATCH };
        let Listed { items, next } = setup.payments.subscriptions(customer, &page).await?;
        for state in &items {
            self.sync_listed_subscription(setup, state, report).await?;
        }
        Ok(next)
    }

    /// Compares one subscription, and looks whether its period is paid and not granted.
    async fn sync_listed_subscription(
        &self,
        setup: &ProviderSetup,
        state: &SubscriptionState,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let provider = setup.payments.provider();
        report.subscriptions = report.subscriptions.saturating_add(1);
        report.seen.insert(state.id.clone());
        let row = self.correct(provider, &state.id, report).await?;
        let paid_until = row.and_then(|row| row.paid).map(|paid| paid.until);
        let is_granted = paid_until.is_some() && paid_until == state.period.map(|period| period.end);
        if let (Some(invoice), false) = (&state.latest_invoice, is_granted) {
            let outcome = self.fulfil_invoice(provider, invoice).await?;
            report.note_payment(format!("invoice:{invoice}"), outcome);
        }
        Ok(())
    }

    /// Subscriptions that are alive in our rows and missing in the provider's whole list.
    async fn sync_vanished(&self, provider: PaymentProvider, report: &mut SyncReport) -> Result<(), Failure> {
        let mut after: Option<String> = None;
        loop {
            let known = self
                .store
                .known_subscriptions(provider, after.as_deref(), u32::from(BATCH))
                .await?;
            let Some((last, _)) = known.last() else {
                return Ok(());
            };
            after = Some(last.clone());
            for (id, account) in known {
                self.sync_unseen(provider, &id, account, report).await?;
            }
        }
    }

    async fn sync_unseen(
        &self,
        provider: PaymentProvider,
        id: &str,
        account: AccountId,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        if report.seen.contains(id) {
            return Ok(());
        }
        let row = self.store.subscription(account, provider, id).await?;
        if row.is_some_and(|row| !row.status.is_over()) {
            self.correct(provider, id, report).await?;
        }
        Ok(())
    }

    /// Updates a row to the provider's state, and records the difference.
    async fn correct(
        &self,
        provider: PaymentProvider,
        id: &str,
        report: &mut SyncReport,
    ) -> Result<Option<store::Subscription>, Failure> {
        let (_, change) = self.sync_subscription(provider, id).await?;
        let Some(SubscriptionChange { before, after }) = change else {
            return match self.store.subscription_owner(provider, id).await? {
                Some(account) => Ok(self.store.subscription(account, provider, id).await?),
                None => Ok(None),
            };
        };
        let correction = Correction {
            provider,
            subscription_id: id.to_owned(),
            before,
            after: after.clone(),
            at: self.now(),
        };
        let name = format!("{provider}#{id}#{}", after.version);
        self.store.note_correction(&name, &correction).await?;
        tracing::warn!(account.id = %after.account_id, subscription.id = id, "a subscription was not as its provider says");
        report.corrected.push(id.to_owned());
        Ok(Some(after))
    }

    /// Open checkouts for which no event has come.
    async fn sync_open_checkouts(
        &self,
        account: Option<AccountId>,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let wait_min = if account.is_some() { 0 } else { CHECKOUT_WAIT_MIN };
        let before = self.now().plus_s(-wait_min.saturating_mul(60));
        for open in self.store.open_checkouts(before, OPEN_CHECKOUTS_MAX).await? {
            if account.is_none_or(|wanted| wanted == open.account_id)
                && self.providers.contains_key(&open.provider)
            {
                self.sync_open_checkout(&open, report).await?;
            }
        }
        Ok(())
    }

    async fn sync_open_checkout(&self, open: &OpenCheckout, report: &mut SyncReport) -> Result<(), Failure> {
        let outcome = self.fulfil_checkout(open.provider, &open.id).await?;
        report.note_payment(format!("checkout:{}", open.id), outcome);
        let is_stale = open.opened_at.plus_days(FIRST_SYNC_DAYS) < self.now();
        if outcome != Outcome::Waiting || is_stale {
            self.store.close_checkout(open).await?;
        }
        Ok(())
    }
}

/// Open checkouts that one sync reads, the oldest first; the rest has its turn in the next.
const OPEN_CHECKOUTS_MAX: u32 = 500;
