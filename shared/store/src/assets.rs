//! Files of customers: each change of an asset is one transaction with the storage that the asset then takes.

pub(crate) mod storage;

use domain::asset::{Asset, AssetEvent, AssetKind, AssetStatus};
use domain::ports::Work;
use domain::{AccountId, AssetId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::assets::storage::reservation;
use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{found, item, number, owner_of, text, text_of, time};
use crate::dynamo::item::Item;
use crate::dynamo::keys::{self, DUE_SHARDS, Key};
use crate::dynamo::transaction::{Part, Transacted, Transaction};
use crate::dynamo::write::Write;
use crate::page::List;
use crate::usage::quota_writes::{ConsumeRequest, LimitPolicy};
use crate::{Page, PageRequest, Store, StoreError};

/// An asset, wherever its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssetRef {
    /// Account that owns the asset.
    pub account_id: AccountId,
    /// Its id, unique in the account.
    pub asset_id: AssetId,
}

/// Which assets are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AssetFilter {
    /// Only those of this kind.
    pub kind: Option<AssetKind>,
    /// Only those with this status.
    pub status: Option<AssetStatus>,
}

/// An asset after an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// As it is now.
    pub asset: Asset,
    /// Whether this event changed it.
    pub changed: bool,
}

const CREATING: &str = "create an asset";
const CHANGING: &str = "change an asset";
const DELETING: &str = "delete an asset";

impl Store {
    /// Adds an asset, counts the upload and reserves room for it.
    ///
    /// # Promises
    /// Idempotent on the id: a repeat returns the asset as it is. Of any number at once exactly as many succeed as the
    /// limits allow.
    ///
    /// # Errors
    /// [`StoreError::QuotaExceeded`] when the day's uploads or the storage are used up: nothing is written.
    /// [`StoreError::NotFound`] when it was deleted since.
    pub fn create_asset<'a>(
        &'a self,
        asset: &'a Asset,
        now: Timestamp,
    ) -> Work<'a, Result<Asset, StoreError>> {
        let attempt = move || self.try_to_create(asset, now);
        Box::pin(self.retrying(CREATING, asset.id.body(), attempt))
    }

    async fn try_to_create(&self, asset: &Asset, now: Timestamp) -> Result<Attempt<Asset>, StoreError> {
        let (account, wanted) = (asset.account_id, reservation(asset));
        let (limits, counters) =
            tokio::try_join!(self.limits(account), self.counters(account, &wanted, now))?;
        let request = ConsumeRequest {
            account,
            limits: &limits,
            wanted: &wanted,
            counters: &counters,
            policy: LimitPolicy::Enforce,
            now,
        };
        let refused = match self.use_writes(&request) {
            Ok(writes) => {
                let table = &self.tables.studio;
                // Needs no condition: the log's rows are written only if they are absent, and they were never there for
                // a new asset.
                let transaction = Transaction::new()
                    .add_all(&Part::Quota, writes)
                    .add(Part::Asset, Write::put_unconditional(table, row(asset)?));
                if let Transacted::Done = self.transact(CREATING, transaction).await? {
                    return Ok(Attempt::Done(asset.clone()));
                }
                None
            }
            Err(error @ StoreError::QuotaExceeded(_)) => Some(error),
            Err(other) => return Err(other),
        };
        // A repeat must not be refused because of its own reservation, nor reserve again what was deleted. The
        // reservation is read before the asset: an asset that is reserved and missing has been deleted.
        let was_there = self.has_reserved(account, asset.id).await?;
        match (self.asset(account, asset.id).await, refused) {
            (Err(gone @ StoreError::NotFound { .. }), _) if was_there => Err(gone),
            (Err(StoreError::NotFound { .. }), refused) => refused.map_or(Ok(Attempt::Retry), Err),
            (stored, _) => stored.map(Attempt::Done),
        }
    }

    /// An asset.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for another account's.
    pub fn asset(&self, account: AccountId, id: AssetId) -> Work<'_, Result<Asset, StoreError>> {
        Box::pin(async move {
            let key = Key::asset(account, id);
            found(
                "asset",
                self.get("read an asset", &self.tables.studio, key).await?,
            )
        })
    }

    /// The assets of an account, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn assets<'a>(
        &'a self,
        account: AccountId,
        filter: AssetFilter,
        page: &'a PageRequest,
    ) -> Work<'a, Result<Page<Asset>, StoreError>> {
        Box::pin(async move {
            let list = List {
                operation: "list assets",
                table: &self.tables.studio,
                pk: keys::owner(account),
                prefix: keys::ASSET,
                name: format!("assets:{:?}:{:?}", filter.kind, filter.status),
            };
            self.page(list, page, |asset: &Asset| {
                filter.kind.is_none_or(|kind| asset.kind == kind)
                    && filter.status.is_none_or(|status| asset.state.status() == status)
            })
            .await
        })
    }

    /// Applies an event to an asset, and brings the storage that it takes up to date.
    ///
    /// # Promises
    /// Atomic. A repeated event changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::QuotaExceeded`] when the stored file is larger than what was reserved
    /// and the rest does not fit: nothing is written.
    pub fn move_asset<'a>(
        &'a self,
        at: AssetRef,
        event: &'a AssetEvent,
        now: Timestamp,
    ) -> Work<'a, Result<Moved, StoreError>> {
        let attempt = move || self.try_to_move(at, event, now);
        Box::pin(self.retrying(CHANGING, at.asset_id.body(), attempt))
    }

    async fn try_to_move(
        &self,
        at: AssetRef,
        event: &AssetEvent,
        now: Timestamp,
    ) -> Result<Attempt<Moved>, StoreError> {
        let asset = self.asset(at.account_id, at.asset_id).await?;
        let Some(next) = asset.after(event, now) else {
            let changed = false;
            return Ok(Attempt::Done(Moved { asset, changed }));
        };
        let put = Write::put(&self.tables.studio, row(&next)?, "#body.#version = :version");
        let put = put.value("version", number(asset.version));
        let mut transaction = Transaction::new().add(Part::Asset, put);
        if next.storage_bytes() != asset.storage_bytes() {
            let bytes = next.storage_bytes();
            let storage = self.storage_writes(at.account_id, at.asset_id, bytes, now);
            let Some(storage) = storage.await? else {
                return self.changed_since(&asset).await;
            };
            transaction = transaction.add_all(&Part::Quota, storage);
        }
        let moved = Moved {
            asset: next,
            changed: true,
        };
        Ok(self.transact(CHANGING, transaction).await?.or_retry(moved))
    }

    /// A retry when an asset without a storage row has changed since it was read.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it has not: its storage row is missing.
    async fn changed_since(&self, asset: &Asset) -> Result<Attempt<Moved>, StoreError> {
        let again = self.asset(asset.account_id, asset.id).await?;
        if again.version == asset.version {
            return Err(StoreError::corrupt(CHANGING, "it takes no storage"));
        }
        Ok(Attempt::Retry)
    }

    /// Deletes an asset and gives its storage back, once; its upload stays counted.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also the second time.
    pub fn delete_asset(&self, at: AssetRef, now: Timestamp) -> Work<'_, Result<Asset, StoreError>> {
        Box::pin(self.retrying(DELETING, at.asset_id.body(), move || self.try_to_delete(at, now)))
    }

    async fn try_to_delete(&self, at: AssetRef, now: Timestamp) -> Result<Attempt<Asset>, StoreError> {
        let asset = self.asset(at.account_id, at.asset_id).await?;
        let key = Key::asset(at.account_id, at.asset_id);
        let delete = Write::delete(&self.tables.studio, key, "#body.#version = :version");
        let delete = delete.value("version", number(asset.version));
        let back = self.storage_writes(at.account_id, at.asset_id, 0, now).await?;
        let transaction = Transaction::new()
            .add(Part::Asset, delete)
            .add_all(&Part::Quota, back.unwrap_or_default());
        Ok(self.transact(DELETING, transaction).await?.or_retry(asset))
    }

    /// Assets that wait for an upload or a check for too long, the longest overdue of each partition first.
    ///
    /// # Promises
    /// Reads an index, so an asset may be ready or refused by now: [`Self::move_asset`] then changes nothing.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn assets_due(&self, now: Timestamp, limit: u32) -> Work<'_, Result<Vec<AssetRef>, StoreError>> {
        Box::pin(async move {
            let mut due = Vec::new();
            for shard in 0..DUE_SHARDS {
                let shard = format!("{}{shard}", keys::ASSET);
                let rows = self.due_in(&shard, now, limit).await?;
                due.extend(rows.iter().map(asset_ref).collect::<Result<Vec<_>, _>>()?);
            }
            due.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(due)
        })
    }
}

/// The item of an asset; it stands in the index `due_items` until the asset is ready or refused.
fn row(asset: &Asset) -> Result<Item, StoreError> {
    let mut row = item(Key::asset(asset.account_id, asset.id), "asset", asset)?;
    if let Some(at) = asset.state.due_at() {
        row.insert("due_shard".to_owned(), text(&keys::asset_shard(asset.id)));
        row.insert("due_at".to_owned(), time(at));
    }
    Ok(row)
}

fn asset_ref(row: &Item) -> Result<AssetRef, StoreError> {
    let asset_id = text_of(row, "sk")?
        .strip_prefix(keys::ASSET)
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| StoreError::corrupt("find assets", "its key is not an asset"))?;
    Ok(AssetRef {
        account_id: owner_of(row)?,
        asset_id,
    })
}
