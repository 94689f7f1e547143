//! The nightly inspection of one account: its invariants, what it did yesterday, and what its owner has to know.

use std::sync::Arc;

use domain::notice::{Notice, NoticeSubject};
use domain::ports::Clock;
use domain::report::{AccountFindings, Finding};
use domain::{AccountId, Failure, Timestamp};
use ledger::{Transaction, Wallet};
use store::{PageRequest, Store};

use crate::day::{account_day, daily_use, is_idle};
use crate::pending::classify;
use crate::trend::{USUAL_DAYS, days_left, unusual};

/// Days before its expiry at which a lot is told of.
pub const EXPIRING_DAYS: i64 = 7;
/// Whole days of credit at which, or below, a customer is told that they run out.
pub const RUNNING_OUT_DAYS: u64 = 7;
/// Credits above the usual day below which no day is told of as unusual.
pub const UNUSUAL_FLOOR: u64 = 50;

/// Seconds after midnight UTC at which inspections begin: every job of yesterday that ends at once has ended.
const BEGINS_S: i64 = 30 * 60;
/// Seconds over which the accounts are spread, so that they do not all come at once.
const SPREAD_S: u64 = 3 * 3600;
const DAY_S: i64 = 86_400;
/// Rows read at a time.
const ROWS: u32 = 100;

/// Inspects one account at a time: invariants, yesterday's sums, notices.
#[derive(Debug, Clone)]
pub struct AccountInspection {
    store: Store,
    clock: Arc<dyn Clock>,
}

/// What an inspection found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// How many invariants are broken.
    pub findings: usize,
    /// Recent differences with a payment provider, not findings yet.
    pub pending: Vec<Finding>,
    /// Notices that were not there before.
    pub notices: usize,
}

impl AccountInspection {
    /// Over a store.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Inspects one account and plans its next inspection: next night, or sooner while a difference is recent.
    ///
    /// `beside` are the differences with its payment providers, see [`classify`].
    ///
    /// # Promises
    /// A repeat is harmless: findings and days are written over with the same, notices are written once.
    ///
    /// # Errors
    /// `not_found`, or the store's own; the account is then inspected again.
    pub async fn inspect(&self, account: AccountId, beside: Vec<Finding>) -> Result<Inspected, Failure> {
        let now = self.clock.now();
        let mut findings = self.store.audit(account).await?.findings;
        let known = self.store.pending_findings(account).await?;
        let classified = classify(known.clone(), &beside, now);
        if classified.pending != known {
            self.store
                .store_pending_findings(account, &classified.pending)
                .await?;
        }
        findings.extend(classified.findings);
        let count = findings.len();
        if !findings.is_empty() {
            let found = AccountFindings {
                day: now.day(),
                account_id: Some(account),
                findings,
                found_at: now,
            };
            self.store.store_findings(&found).await?;
        }
        let yesterday = now.plus_days(-1);
        let oldest = now.plus_days(-(i64::try_from(USUAL_DAYS).unwrap_or(i64::MAX).saturating_add(2)));
        let rows = self.rows_since(account, oldest).await?;
        let done = account_day(account, &yesterday.day(), &rows)?;
        if !is_idle(&done) {
            self.store.store_account_day(&yesterday.day(), &done).await?;
        }
        let wallet = self.store.wallet(account).await?;
        let used = daily_use(&rows, yesterday, USUAL_DAYS.saturating_add(1))?;
        let mut notices = 0;
        for notice in notices_of(&wallet, &used, now) {
            notices += usize::from(self.store.notify(account, &notice).await?);
        }
        let next = next_inspection(account, now);
        let next = classified.inspect_again.map_or(next, |again| again.min(next));
        self.store.inspect_account_at(account, next).await?;
        Ok(Inspected {
            findings: count,
            pending: classified.recent,
            notices,
        })
    }

    /// History rows since a time, newest first.
    async fn rows_since(&self, account: AccountId, since: Timestamp) -> Result<Vec<Transaction>, Failure> {
        let mut rows = Vec::new();
        let mut request = PageRequest {
            limit: ROWS,
            cursor: None,
        };
        loop {
            let page = self.store.history(account, &request).await?;
            let older = page.items.iter().any(|row| row.at < since);
            rows.extend(page.items);
            match page.next {
                Some(cursor) if !older => request.cursor = Some(cursor),
                _ => return Ok(rows),
            }
        }
    }
}

/// When the account is inspected again: next night, at a time of the account's own.
pub fn next_inspection(account: AccountId, now: Timestamp) -> Timestamp {
    let midnight = now
        .as_s()
        .div_euclid(DAY_S)
        .saturating_add(1)
        .saturating_mul(DAY_S);
    let own = account.body().random().rem_euclid(u128::from(SPREAD_S));
    let own = i64::try_from(own).unwrap_or_default();
    Timestamp::from_ms(0).plus_s(midnight.saturating_add(BEGINS_S).saturating_add(own))
}

/// What the owner has to know; `used` ends with yesterday.
fn notices_of(wallet: &Wallet, used: &[u64], now: Timestamp) -> Vec<Notice> {
    let notice = |key: String, subject: NoticeSubject| Notice {
        key,
        subject,
        created_at: now,
        mailed_at: None,
    };
    let soon = now.plus_days(EXPIRING_DAYS);
    let mut notices: Vec<Notice> = wallet
        .lots()
        .iter()
        .filter(|lot| !lot.is_expired(now) && lot.expires_at <= soon && !lot.remaining.is_zero())
        .map(|lot| {
            let key = format!("{}:expiring:{}", lot.expires_at.day(), lot.id);
            let subject = NoticeSubject::Expiring {
                credits: lot.remaining,
                expires_at: lot.expires_at,
            };
            notice(key, subject)
        })
        .collect();
    let available = wallet.available_at(now);
    if let Some(days) = days_left(used, available.get()).filter(|days| *days <= RUNNING_OUT_DAYS) {
        let subject = NoticeSubject::RunningOut { available, days };
        notices.push(notice(format!("{}:running_out", monday_of(now)), subject));
    }
    if let Some((yesterday, before)) = used.split_last()
        && let Some(usual) = unusual(before, *yesterday, UNUSUAL_FLOOR)
    {
        let day = now.plus_days(-1).day();
        let key = format!("{day}:unusual");
        let subject = NoticeSubject::Unusual {
            day,
            credits: *yesterday,
            usual,
        };
        notices.push(notice(key, subject));
    }
    notices
}

/// The Monday of a time's week: what is told once a week has it in its key. Day 0 of the epoch was a Thursday.
fn monday_of(at: Timestamp) -> String {
    let day = at.as_s().div_euclid(DAY_S);
    let since_monday = day.saturating_add(3).rem_euclid(7);
    at.plus_days(since_monday.saturating_neg()).day()
}

#[cfg(test)]
mod tests;
