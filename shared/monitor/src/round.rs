//! The nightly visit of one account: its invariants, what it did yesterday, and what its owner has to know.

use std::sync::Arc;

use domain::notice::{Notice, NoticeSubject};
use domain::ports::Clock;
use domain::report::{AccountFindings, Finding};
use domain::{AccountId, Failure, Timestamp};
use ledger::{Transaction, Wallet};
use store::{PageRequest, Store};

use crate::day::{account_day, daily_use, day_of, is_idle};
use crate::doubts::weigh;
use crate::trend::{USUAL_DAYS, days_left, unusual};

/// Days before its expiry at which a lot is told of.
pub const EXPIRING_DAYS: i64 = 7;
/// Whole days of credit at which, or below, a customer is told that they run out.
pub const RUNNING_OUT_DAYS: u64 = 7;
/// Credits above the usual day below which no day is told of as unusual.
pub const UNUSUAL_FLOOR: u64 = 50;

/// Seconds after midnight UTC at which the round begins: every job of yesterday that ends at once has ended.
const ROUND_BEGINS_S: i64 = 30 * 60;
/// Seconds over which the accounts are spread, so that they do not all come at once.
const ROUND_LASTS_S: u64 = 3 * 3600;
const DAY_S: i64 = 86_400;
/// Rows read at a time.
const ROWS: u32 = 100;

/// Visits accounts.
#[derive(Debug, Clone)]
pub struct Round {
    store: Store,
    clock: Arc<dyn Clock>,
}

/// What a visit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visited {
    /// Broken rules.
    pub findings: usize,
    /// Differences with a vendor that may be on their way.
    pub doubts: Vec<Finding>,
    /// Notices that were not there before.
    pub notices: usize,
}

impl Round {
    /// Over a store.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Visits one account and plans the next visit: next night, or sooner while a difference is young.
    ///
    /// `beside` is what its vendors say otherwise than we do, see [`weigh`].
    ///
    /// # Promises
    /// A repeat is harmless: findings and days are written over with the same, notices are written once.
    ///
    /// # Errors
    /// `not_found`, or the store's own; the account is then visited again.
    pub async fn visit(&self, account: AccountId, beside: Vec<Finding>) -> Result<Visited, Failure> {
        let now = self.clock.now();
        let mut findings = self.store.audit(account).await?.findings;
        let known = self.store.doubts(account).await?;
        let weighed = weigh(known.clone(), &beside, now);
        if weighed.doubts != known {
            self.store.keep_doubts(account, &weighed.doubts).await?;
        }
        findings.extend(weighed.findings);
        let count = findings.len();
        if !findings.is_empty() {
            let found = AccountFindings {
                day: day_of(now),
                account_id: Some(account),
                findings,
                found_at: now,
            };
            self.store.keep_findings(&found).await?;
        }
        let yesterday = now.plus_days(-1);
        let oldest = now.plus_days(-(i64::try_from(USUAL_DAYS).unwrap_or(i64::MAX).saturating_add(2)));
        let rows = self.rows_since(account, oldest).await?;
        let done = account_day(account, &day_of(yesterday), &rows)?;
        if !is_idle(&done) {
            self.store.keep_account_day(&day_of(yesterday), &done).await?;
        }
        let wallet = self.store.wallet(account).await?;
        let used = daily_use(&rows, yesterday, USUAL_DAYS.saturating_add(1))?;
        let mut notices = 0;
        for notice in notices_of(&wallet, &used, now) {
            notices += usize::from(self.store.notify(account, &notice).await?);
        }
        let next = next_visit(account, now);
        let next = weighed.look_again.map_or(next, |again| again.min(next));
        self.store.visit_account_at(account, next).await?;
        Ok(Visited {
            findings: count,
            doubts: weighed.young,
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

/// When the round comes again: next night, at a time of the account's own.
pub fn next_visit(account: AccountId, now: Timestamp) -> Timestamp {
    let midnight = now
        .as_s()
        .div_euclid(DAY_S)
        .saturating_add(1)
        .saturating_mul(DAY_S);
    let own = account.body().random().rem_euclid(u128::from(ROUND_LASTS_S));
    let own = i64::try_from(own).unwrap_or_default();
    Timestamp::from_ms(0).plus_s(midnight.saturating_add(ROUND_BEGINS_S).saturating_add(own))
}

/// What the owner has to know; `used` ends with yesterday.
fn notices_of(wallet: &Wallet, used: &[u64], now: Timestamp) -> Vec<Notice> {
    let told = |key: String, subject: NoticeSubject| Notice {
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
            let key = format!("{}:expiring:{}", day_of(lot.expires_at), lot.id);
            let subject = NoticeSubject::Expiring {
                credits: lot.remaining,
                expires_at: lot.expires_at,
            };
            told(key, subject)
        })
        .collect();
    let available = wallet.available_at(now);
    if let Some(days) = days_left(used, available.get()).filter(|days| *days <= RUNNING_OUT_DAYS) {
        let subject = NoticeSubject::RunningOut { available, days };
        notices.push(told(format!("{}:running_out", monday_of(now)), subject));
    }
    if let Some((yesterday, before)) = used.split_last()
        && let Some(usual) = unusual(before, *yesterday, UNUSUAL_FLOOR)
    {
        let day = day_of(now.plus_days(-1));
        let key = format!("{day}:unusual");
        let subject = NoticeSubject::Unusual {
            day,
            credits: *yesterday,
            usual,
        };
        notices.push(told(key, subject));
    }
    notices
}

/// The Monday of a time's week: what is told once a week has it in its key. Day 0 of the epoch was a Thursday.
fn monday_of(at: Timestamp) -> String {
    let day = at.as_s().div_euclid(DAY_S);
    let since_monday = day.saturating_add(3).rem_euclid(7);
    day_of(at.plus_days(since_monday.saturating_neg()))
}

#[cfg(test)]
mod tests;
