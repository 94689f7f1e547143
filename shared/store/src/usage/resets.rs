//! An operator's reset of counters: recorded with who, why and what was there.

use domain::ports::Work;
use domain::{AccountId, QuotaKind, QuotaResetId, Timestamp};
use ledger::Counter;
use serde::{Deserialize, Serialize};

use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{decode, item, number, text};
use crate::dynamo::keys::Key;
use crate::dynamo::transaction::{Part, Transaction};
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

/// One counter of a reset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetKind {
    /// The quota whose counter is reset.
    pub kind: QuotaKind,
    /// Name of the period.
    pub period: String,
    /// What the counter said.
    pub used_before: u64,
}

/// A reset, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaReset {
    /// Id that the operator's request was given; a repeat has the same.
    pub id: QuotaResetId,
    /// Account whose counters are reset.
    pub account_id: AccountId,
    /// Which, and what they said; set by the store.
    pub counters: Vec<ResetKind>,
    /// The operator's reason, for whoever reads the log.
    pub note: String,
    /// Own account of the operator.
    pub by: AccountId,
    /// When the counters were reset.
    pub at: Timestamp,
}

const OPERATION: &str = "reset a quota";

impl Store {
    /// Sets counters of the current period to zero, and fills in `reset.counters`.
    ///
    /// # Promises
    /// All counters and the row that explains them are one transaction, once per id. What was consumed before the reset
    /// does not count any more, and is not given back to the counter either. Alerts of the period are not sent again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account; nothing is written.
    pub fn reset_quotas<'a>(
        &'a self,
        reset: &'a QuotaReset,
        kinds: &'a [QuotaKind],
    ) -> Work<'a, Result<QuotaReset, StoreError>> {
        Box::pin(async move {
            self.limits(reset.account_id).await?;
            let attempt = || self.try_to_reset(reset, kinds);
            self.retrying(OPERATION, reset.id.body(), attempt).await
        })
    }

    async fn try_to_reset(
        &self,
        reset: &QuotaReset,
        kinds: &[QuotaKind],
    ) -> Result<Attempt<QuotaReset>, StoreError> {
        let key = Key::quota_reset(reset.account_id, reset.id);
        // A row is never rewritten, so an eventually consistent read is enough: if it finds none, the condition below
        // decides.
        if let Some(row) = self
            .get_perhaps_old(OPERATION, &self.tables.studio, key.clone())
            .await?
        {
            return decode(row).map(Attempt::Done);
        }
        let mut done = reset.clone();
        let mut transaction = Transaction::new();
        for kind in kinds {
            let period = kind.period().key(reset.at);
            let counter = self.counter(reset.account_id, *kind, reset.at).await?;
            let counter = counter.unwrap_or_default();
            let key = Key::quota(reset.account_id, *kind, &period);
            transaction = transaction.add(Part::Quota, self.zero(key, counter));
            done.counters.push(ResetKind {
                kind: *kind,
                period,
                used_before: counter.used,
            });
        }
        let row = item(key, "quota_reset", &done)?;
        let log = Write::put(&self.tables.studio, row, "attribute_not_exists(pk)");
        Ok(self
            .transact(OPERATION, transaction.add(Part::Log, log))
            .await?
            .or_retry(done))
    }

    fn zero(&self, key: Key, counter: Counter) -> Write {
        Write::update(
            &self.tables.studio,
            key,
            "SET #kind = :kind, #used = :zero, #alerted = :alerted, #epoch = :next",
            "attribute_not_exists(#used) OR (#used = :used AND #epoch = :epoch)",
        )
        .value("kind", text("quota"))
        .value("zero", number(0))
        .value("alerted", number(counter.alerted))
        .value("next", number(counter.epoch.saturating_add(1)))
        .value("used", number(counter.used))
        .value("epoch", number(counter.epoch))
    }
}
