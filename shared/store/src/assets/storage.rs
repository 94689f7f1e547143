//! What an asset takes of its account's storage: one row of the log, corrected when the size of the stored file is
//! known.

use domain::asset::Asset;
use domain::{AccountId, AssetId, QuotaKind, Timestamp};

use crate::dynamo::codec::number;
use crate::dynamo::keys::Key;
use crate::dynamo::write::Write;
use crate::usage::consumption::{Consumption, Use, UsedFor};
use crate::usage::quota_writes::{ConsumeRequest, Counters, LimitPolicy};
use crate::{Store, StoreError};

/// Type of the resource in the log.
pub(crate) const ASSET: &str = "asset";
const KIND: QuotaKind = QuotaKind::StorageBytes;

/// The asset in the log.
pub(crate) fn used_for(asset: AssetId) -> UsedFor {
    UsedFor::new(ASSET, asset.to_string())
}

/// What a new asset consumes: one upload, and room for what was declared.
pub(crate) fn reservation(asset: &Asset) -> [Consumption; 2] {
    [(QuotaKind::Upload, 1), (KIND, asset.storage_bytes())].map(|(kind, quantity)| Consumption {
        kind,
        quantity,
        used_for: used_for(asset.id),
    })
}

impl Store {
    /// The writes that bring log, counter and statistics to `bytes`; no writes when they are there already.
    ///
    /// None when it takes no storage any more: it is being deleted.
    ///
    /// # Errors
    /// [`StoreError::QuotaExceeded`] when it takes more, and more does not fit.
    pub(crate) async fn storage_writes(
        &self,
        account: AccountId,
        asset: AssetId,
        bytes: u64,
        now: Timestamp,
    ) -> Result<Option<Vec<Write>>, StoreError> {
        if bytes == 0 {
            let back = self
                .give_back_writes(account, KIND, &used_for(asset), now)
                .await?;
            return Ok(Some(back));
        }
        let used = self.used(account, KIND, &used_for(asset)).await?;
        let Some(used) = used.filter(|used| used.given_back_at.is_none()) else {
            return Ok(None);
        };
        if used.quantity == bytes {
            return Ok(Some(Vec::new()));
        }
        let counter = self.counter(account, KIND, now).await?.unwrap_or_default();
        // A reset has forgotten what was counted before it.
        let standing = if counter.epoch == used.epoch {
            used.quantity
        } else {
            0
        };
        let mut writes = vec![self.log_correction(account, &used, bytes, counter.epoch)];
        if let Some(more) = bytes.checked_sub(standing).filter(|more| *more > 0) {
            let limits = self.limits(account).await?;
            limits
                .check(KIND, counter.used, more, now)
                .map_err(StoreError::QuotaExceeded)?;
            let request = ConsumeRequest {
                account,
                limits: &limits,
                wanted: &[],
                counters: &Counters::from([(KIND, counter)]),
                policy: LimitPolicy::Enforce,
                now,
            };
            writes.extend(self.count_writes(&request, KIND, more, counter)?);
        } else {
            let less = standing.saturating_sub(bytes);
            let key = Key::quota(account, KIND, &used.period);
            let write = Write::update(&self.tables.studio, key, "ADD #used :less", "#epoch = :epoch")
                .value("less", number(0_i128.saturating_sub(i128::from(less))))
                .value("epoch", number(counter.epoch));
            writes.push(write);
        }
        let change = i128::from(bytes).saturating_sub(i128::from(used.quantity));
        writes.push(self.day_write(account, &used.at.day(), &[(KIND.as_str(), change)]));
        Ok(Some(writes))
    }

    /// Whether the asset ever took storage: if it did and is not there, it was deleted.
    pub(crate) async fn has_reserved(&self, account: AccountId, asset: AssetId) -> Result<bool, StoreError> {
        Ok(self.used(account, KIND, &used_for(asset)).await?.is_some())
    }

    /// Needs no condition: the asset's version guards it, and nothing else changes what the asset takes.
    fn log_correction(&self, account: AccountId, used: &Use, bytes: u64, epoch: u32) -> Write {
        let of = &used.used_for;
        Write::update_unconditional(
            &self.tables.studio,
            Key::used_for(account, KIND, &of.r#type, &of.id),
            "SET #body.#quantity = :bytes, #body.#epoch = :epoch",
        )
        .value("bytes", number(bytes))
        .value("epoch", number(epoch))
    }
}
