//! API keys: under their account, and findable by the hash of their secret.

use domain::access_log::{AccessAct, AccessChange, Actor};
use domain::account::{Account, ApiKey};
use domain::ports::Work;
use domain::{AccountId, ApiKeyId, Credits, Timestamp};
use serde::{Deserialize, Serialize};

use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{decode, encode, found, item, number};
use crate::dynamo::keys::{self, Key};
use crate::dynamo::transaction::{Part, Transacted, Transaction, is_only};
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

/// Milliseconds between two notes of a key's use: one write an hour, however busy the key.
const USE_NOTED_EVERY_MS: i64 = 3_600_000;

const CREATE: &str = "create a key";
const CHANGE: &str = "set a key's budget";
const DELETE: &str = "delete a key";

/// From the hash of a secret to its owner.
#[derive(Debug, Serialize, Deserialize)]
struct KeyOwner {
    account_id: AccountId,
    key_id: ApiKeyId,
}

impl Store {
    /// Adds a key, when the account has fewer than `keys_max`, with its row of the log.
    ///
    /// # Promises
    /// A repeat with the same id and hash changes nothing. Of any number at once no more than fit are made: the
    /// profile counts them in the same transaction. A member who is removed at the same time leaves no key behind.
    ///
    /// # Errors
    /// [`StoreError::Full`]; [`StoreError::Conflict`] when the id or the hash is another key's;
    /// [`StoreError::NotFound`] when there is no such account, or its maker may hold no keys there any more.
    pub fn create_key<'a>(
        &'a self,
        key: &'a ApiKey,
        actor: Actor,
        keys_max: u32,
    ) -> Work<'a, Result<(), StoreError>> {
        let attempt = move || self.try_to_create_key(key, actor, keys_max);
        Box::pin(self.retrying(CREATE, key.id.body(), attempt))
    }

    async fn try_to_create_key(
        &self,
        key: &ApiKey,
        actor: Actor,
        keys_max: u32,
    ) -> Result<Attempt<()>, StoreError> {
        let transaction = self.key_writes(key, actor, keys_max)?;
        let failed_parts = match self.transact(CREATE, transaction).await? {
            Transacted::Done => return Ok(Attempt::Done(())),
            Transacted::Cancelled(failed_parts) => failed_parts,
        };
        match self.key(key.account_id, key.id).await {
            Ok(stored) if stored.hash == key.hash => return Ok(Attempt::Done(())),
            Ok(_) => return Err(StoreError::Conflict { what: "key" }),
            Err(StoreError::NotFound { .. }) => {}
            Err(other) => return Err(other),
        }
        if is_only(&failed_parts, &Part::Count) {
            self.account(key.account_id).await?;
            return Err(StoreError::Full { what: "keys" });
        }
        if failed_parts.contains(&Part::Member) {
            return Err(StoreError::NotFound { what: "member" });
        }
        if !failed_parts.is_empty() {
            return Err(StoreError::Conflict { what: "key" });
        }
        Ok(Attempt::Retry)
    }

    fn key_writes(&self, key: &ApiKey, actor: Actor, keys_max: u32) -> Result<Transaction, StoreError> {
        let owner = KeyOwner {
            account_id: key.account_id,
            key_id: key.id,
        };
        let table = &self.tables.studio;
        let own = item(Key::api_key(key.account_id, key.id), "api_key", key)?;
        let by_hash = item(Key::key_hash(&key.hash), "api_key_hash", &owner)?;
        let free = "attribute_not_exists(pk)";
        let count = Write::update(
            table,
            Key::profile(key.account_id),
            "ADD #keys :one",
            "attribute_exists(pk) AND (attribute_not_exists(#keys) OR #keys < :most)",
        )
        .value("one", number(1))
        .value("most", number(keys_max));
        let maker = match key.made_by_member() {
            Some(member) => Some(self.makes_key(key.account_id, member)?),
            None => None,
        };
        let change = AccessChange::of_key(AccessAct::KeyCreated, key, actor);
        Ok(Transaction::new()
            .add(Part::ApiKey, Write::put(table, own, free))
            .add(Part::Pointer, Write::put(table, by_hash, free))
            .add(Part::Count, count)
            .add_all(&Part::Member, maker)
            .add(Part::Log, self.log_row(key.account_id, &change)?))
    }

    /// A key.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for another account's.
    pub fn key(&self, account: AccountId, id: ApiKeyId) -> Work<'_, Result<ApiKey, StoreError>> {
        Box::pin(async move {
            let row = self
                .get("read a key", &self.tables.studio, Key::api_key(account, id))
                .await?;
            found("key", row)
        })
    }

    /// Sets how many credits a key's jobs may take in a month, with its row of the log; answers with the key as it is
    /// then.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn set_key_budget(
        &self,
        account: AccountId,
        id: ApiKeyId,
        monthly_credits: Option<Credits>,
        actor: Actor,
    ) -> Work<'_, Result<ApiKey, StoreError>> {
        Box::pin(async move {
            let after = ApiKey {
                monthly_credits,
                ..self.key(account, id).await?
            };
            let change = match monthly_credits {
                Some(_) => "SET #body.#monthly_credits = :credits",
                None => "REMOVE #body.#monthly_credits",
            };
            let key = Key::api_key(account, id);
            let mut write = Write::update(&self.tables.studio, key, change, "attribute_exists(pk)");
            if let Some(credits) = monthly_credits {
                write = write.value("credits", encode(&credits)?);
            }
            let row = AccessChange::of_key(AccessAct::KeyChanged, &after, actor);
            let transaction = Transaction::new()
                .add(Part::ApiKey, write)
                .add(Part::Log, self.log_row(account, &row)?);
            match self.transact(CHANGE, transaction).await? {
                Transacted::Done => Ok(after),
                Transacted::Cancelled(failed_parts) if failed_parts.contains(&Part::ApiKey) => {
                    Err(StoreError::NotFound { what: "key" })
                }
                Transacted::Cancelled(_) => Err(StoreError::Contended { operation: CHANGE }),
            }
        })
    }

    /// Every key of the account, oldest first.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn keys(&self, account: AccountId) -> Work<'_, Result<Vec<ApiKey>, StoreError>> {
        Box::pin(async move {
            self.query_all(
                "list keys",
                &self.tables.studio,
                &keys::owner(account),
                keys::API_KEY,
            )
            .await?
            .into_iter()
            .map(decode)
            .collect()
        })
    }

    /// Withdraws a key with its row of the log; it stops working with this write.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also the second time.
    pub fn delete_key(
        &self,
        account: AccountId,
        id: ApiKeyId,
        actor: Actor,
    ) -> Work<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let key = self.key(account, id).await?;
            let table = &self.tables.studio;
            let count = Write::update(
                table,
                Key::profile(account),
                "ADD #keys :less",
                "attribute_exists(pk)",
            )
            .value("less", number(-1));
            let row = AccessChange::of_key(AccessAct::KeyWithdrawn, &key, actor);
            let transaction = self
                .withdraw(Transaction::new(), &key)
                .add(Part::Count, count)
                .add(Part::Log, self.log_row(account, &row)?);
            match self.transact(DELETE, transaction).await? {
                Transacted::Done => Ok(()),
                Transacted::Cancelled(failed_parts) if failed_parts.contains(&Part::ApiKey) => {
                    Err(StoreError::NotFound { what: "key" })
                }
                Transacted::Cancelled(_) => Err(StoreError::Contended { operation: DELETE }),
            }
        })
    }

    /// A transaction that takes a key and its look-up away too; the profile's count is the caller's.
    pub(crate) fn withdraw(&self, transaction: Transaction, key: &ApiKey) -> Transaction {
        let (table, there) = (&self.tables.studio, "attribute_exists(pk)");
        let own = Write::delete(table, Key::api_key(key.account_id, key.id), there);
        let look_up = Write::delete(table, Key::key_hash(&key.hash), there);
        transaction.add(Part::ApiKey, own).add(Part::Pointer, look_up)
    }

    /// The key with this hash, and its account.
    ///
    /// # Promises
    /// Strongly consistent: a withdrawn key is refused at once. Expiry is the caller's to check.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn key_by_hash<'a>(
        &'a self,
        hash: &'a str,
    ) -> Work<'a, Result<Option<(ApiKey, Account)>, StoreError>> {
        Box::pin(async move {
            let table = &self.tables.studio;
            let Some(row) = self.get("find a key", table, Key::key_hash(hash)).await? else {
                return Ok(None);
            };
            let owner: KeyOwner = decode(row)?;
            let both = tokio::try_join!(
                self.key(owner.account_id, owner.key_id),
                self.account(owner.account_id)
            );
            match both {
                Ok(found) => Ok(Some(found)),
                Err(StoreError::NotFound { .. }) => Ok(None),
                Err(other) => Err(other),
            }
        })
    }

    /// Remembers that a key was used; writes at most once an hour and never for a withdrawn key.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn note_key_use<'a>(&'a self, key: &'a ApiKey, now: Timestamp) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            if key
                .last_used_at
                .is_some_and(|last| now.ms_since(last) < USE_NOTED_EVERY_MS)
            {
                return Ok(());
            }
            let write = Write::update(
                &self.tables.studio,
                Key::api_key(key.account_id, key.id),
                "SET #body.#last_used_at = :now",
                "attribute_exists(pk)",
            )
            .value("now", encode(&now)?);
            self.write("note the use of a key", write).await.map(drop)
        })
    }
}
