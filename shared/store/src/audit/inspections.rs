//! The nightly inspection of all accounts: each profile is on the due list with the time of its next inspection.

use domain::ports::Work;
use domain::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::dynamo::codec::{owner_of, text, time};
use crate::dynamo::keys::{DUE_SHARDS, Key, operating};
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

/// An account, as a message to `inspect-account`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountRef {
    /// The account to inspect.
    pub account_id: AccountId,
}

impl Store {
    /// Accounts whose inspection is due, the longest overdue of each partition first.
    ///
    /// # Promises
    /// Over an index, so an account may be here that was just inspected: an inspection is harmless.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn accounts_due(&self, now: Timestamp, limit: u32) -> Work<'_, Result<Vec<AccountId>, StoreError>> {
        Box::pin(async move {
            let mut due = Vec::new();
            for shard in 0..DUE_SHARDS {
                let rows = self
                    .due_in(&operating::account_shard_of(shard), now, limit)
                    .await?;
                due.extend(rows.iter().map(owner_of).collect::<Result<Vec<_>, _>>()?);
            }
            due.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(due)
        })
    }

    /// Sets when this account is inspected next.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn inspect_account_at(&self, account: AccountId, at: Timestamp) -> Work<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.studio,
                Key::profile(account),
                "SET #due_shard = :shard, #due_at = :at",
                "attribute_exists(pk)",
            )
            .value("shard", text(&operating::account_shard(account)))
            .value("at", time(at));
            self.write("plan the inspection of an account", write)
                .await?
                .map(drop)
                .ok_or(StoreError::NotFound { what: "account" })
        })
    }
}
