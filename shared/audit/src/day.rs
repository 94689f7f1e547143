//! What an account did on a day, from its history; pure.

use std::collections::BTreeMap;

use domain::report::{AccountDay, AccountFindings, DailyReport, DayTotal};
use domain::{AccountId, Credits, CreditsError, Timestamp};
use ledger::{Transaction, TransactionKind};

/// Accounts in a report's list of those who were charged most.
pub const TOP_MAX: usize = 20;

/// The credits that a row charged: what was held and did not come back.
///
/// # Errors
/// [`CreditsError`] for a row that says more came back than was held.
pub fn charged(row: &Transaction) -> Result<Credits, CreditsError> {
    if row.kind == TransactionKind::Settle {
        row.held.size().checked_sub(row.available.size())
    } else {
        Ok(Credits::ZERO)
    }
}

/// Adds up the rows of one day.
///
/// # Errors
/// [`CreditsError`] when the sums leave every range.
pub fn account_day(
    account_id: AccountId,
    day: &str,
    rows: &[Transaction],
) -> Result<AccountDay, CreditsError> {
    let mut done = AccountDay {
        account_id,
        granted: Credits::ZERO,
        charged: Credits::ZERO,
        returned: Credits::ZERO,
        clawed_back: Credits::ZERO,
        expired: Credits::ZERO,
        delivered: 0,
        failed: 0,
    };
    for row in rows.iter().filter(|row| row.at.day() == day) {
        let size = row.available.size();
        match row.kind {
            TransactionKind::Grant => done.granted = done.granted.checked_add(size)?,
            TransactionKind::Settle => {
                done.charged = done.charged.checked_add(charged(row)?)?;
                done.returned = done.returned.checked_add(size)?;
                done.delivered = done.delivered.saturating_add(1);
            }
            TransactionKind::Release => {
                done.returned = done.returned.checked_add(size)?;
                done.failed = done.failed.saturating_add(1);
            }
            TransactionKind::Expire => done.expired = done.expired.checked_add(size)?,
            TransactionKind::ClawBack => {
                done.clawed_back = done.clawed_back.checked_add(row.clawed()?)?;
            }
            TransactionKind::Hold
            | TransactionKind::Extend
            | TransactionKind::Reversal
            | TransactionKind::Adjust
            | TransactionKind::PayDebt => {}
        }
    }
    Ok(done)
}

/// Credits charged on each of the `days` whole days that end with `last`, oldest first.
///
/// # Errors
/// As [`charged`].
pub fn daily_use(rows: &[Transaction], last: Timestamp, days: usize) -> Result<Vec<u64>, CreditsError> {
    let mut used = Vec::with_capacity(days);
    for back in (0..days).rev() {
        let back = i64::try_from(back).unwrap_or(i64::MAX);
        let day = last.plus_days(back.saturating_neg()).day();
        let mut sum = Credits::ZERO;
        for row in rows.iter().filter(|row| row.at.day() == day) {
            sum = sum.checked_add(charged(row)?)?;
        }
        used.push(sum.get());
    }
    Ok(used)
}

/// The report of a day; `night` is what was found on the night after.
///
/// # Errors
/// [`CreditsError`] when the sums leave every range.
pub fn report(
    day: &str,
    mut accounts: Vec<AccountDay>,
    night: &[AccountFindings],
    now: Timestamp,
) -> Result<DailyReport, CreditsError> {
    let mut total = DayTotal::default();
    for done in &accounts {
        total.granted = total.granted.checked_add(done.granted)?;
        total.charged = total.charged.checked_add(done.charged)?;
        total.returned = total.returned.checked_add(done.returned)?;
        total.clawed_back = total.clawed_back.checked_add(done.clawed_back)?;
        total.expired = total.expired.checked_add(done.expired)?;
        total.delivered = total.delivered.saturating_add(done.delivered);
        total.failed = total.failed.saturating_add(done.failed);
    }
    let with_findings = night.iter().filter(|found| found.account_id.is_some()).count();
    let mut findings: BTreeMap<String, u64> = BTreeMap::new();
    for finding in night.iter().flat_map(|found| &found.findings) {
        let count = findings.entry(finding.code.clone()).or_default();
        *count = count.saturating_add(1);
    }
    let active = u64::try_from(accounts.len()).unwrap_or(u64::MAX);
    accounts.sort_by_key(|done| (std::cmp::Reverse(done.charged), done.account_id));
    accounts.retain(|done| !done.charged.is_zero());
    accounts.truncate(TOP_MAX);
    Ok(DailyReport {
        day: day.to_owned(),
        accounts: active,
        total,
        top: accounts,
        accounts_with_findings: u64::try_from(with_findings).unwrap_or(u64::MAX),
        findings,
        made_at: now,
    })
}

/// Whether it did anything at all.
pub fn is_idle(done: &AccountDay) -> bool {
    done.delivered == 0
        && done.failed == 0
        && [
            done.granted,
            done.charged,
            done.returned,
            done.clawed_back,
            done.expired,
        ]
        .iter()
        .all(|credits| credits.is_zero())
}

#[cfg(test)]
mod tests;
