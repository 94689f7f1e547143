//! Keys of what operating leaves behind: notices, corrections, findings and reports.

use domain::{AccountId, AdjustmentId};

use super::{DUE_SHARDS, Key};

/// Notices of an account.
pub(crate) const NOTICE: &str = "NOTE#";
/// Partition of the operators' corrections of balances: a few a day.
pub(crate) const CORRECTIONS: &str = "CORRECTIONS";
/// Partition of the daily reports.
pub(crate) const REPORTS: &str = "REPORTS";
/// Reports by their day.
pub(crate) const REPORT_DAY: &str = "DAY#";
/// Sort keys that are an account's.
pub(crate) const ACCOUNT: &str = "acct_";

/// Partition of the due index in which an account stands that is visited every night.
pub(crate) fn account_shard(account: AccountId) -> String {
    account_shard_of(shard_of(account))
}

/// The same, by number.
pub(crate) fn account_shard_of(shard: u8) -> String {
    format!("ACCT#{shard}")
}

/// Partition of the due index in which an account's notices stand until they are mailed.
pub(crate) fn notice_shard(account: AccountId) -> String {
    notice_shard_of(shard_of(account))
}

/// The same, by number.
pub(crate) fn notice_shard_of(shard: u8) -> String {
    format!("{NOTICE}{shard}")
}

/// Partition of a month's findings.
pub(crate) fn findings(month: &str) -> String {
    format!("FINDINGS#{month}")
}

/// Partition of what every account did on a day.
pub(crate) fn day(day: &str) -> String {
    format!("DAY#{day}")
}

fn shard_of(account: AccountId) -> u8 {
    let shard = account.body().random().rem_euclid(u128::from(DUE_SHARDS));
    u8::try_from(shard).unwrap_or_default()
}

impl Key {
    pub(crate) fn notice(account: AccountId, key: &str) -> Self {
        Self::owned(account, format!("{NOTICE}{key}"))
    }

    pub(crate) fn balance_correction(id: AdjustmentId) -> Self {
        Self {
            pk: CORRECTIONS.to_owned(),
            sk: id.to_string(),
        }
    }

    /// Of an account, or of nobody.
    pub(crate) fn findings(day: &str, account: Option<AccountId>) -> Self {
        let month = day.get(.."2026-11".len()).unwrap_or(day);
        let whose = account.map_or_else(|| "-".to_owned(), |account| account.to_string());
        Self {
            pk: findings(month),
            sk: format!("{day}#{whose}"),
        }
    }

    pub(crate) fn pending_findings(account: AccountId) -> Self {
        Self::owned(account, "DOUBTS".to_owned())
    }

    pub(crate) fn account_day(on: &str, account: AccountId) -> Self {
        Self {
            pk: day(on),
            sk: account.to_string(),
        }
    }

    pub(crate) fn report(day: &str) -> Self {
        Self {
            pk: REPORTS.to_owned(),
            sk: format!("{REPORT_DAY}{day}"),
        }
    }
}
