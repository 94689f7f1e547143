//! Writes off what has expired in wallets that nobody uses; any other change of a wallet does it along the way.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::ports::Work;
use domain::{AccountId, Credits, Timestamp};

use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{owner_of, time};
use crate::dynamo::item::Item;
use crate::dynamo::keys;
use crate::dynamo::transaction::{Part, Transacted, Transaction};
use crate::{Store, StoreError};

const EXPIRE: &str = "write off what expired";
/// Wallets of one page of the index.
const PAGE: i32 = 100;

impl Store {
    /// Accounts whose wallet has something to write off, the longest overdue of each partition first.
    ///
    /// # Promises
    /// Reads an index, so a wallet may be missing or swept already: [`Self::expire_wallet`] reads it again.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn wallets_due(&self, now: Timestamp, limit: usize) -> Work<'_, Result<Vec<AccountId>, StoreError>> {
        Box::pin(self.all_due(now, limit))
    }

    async fn all_due(&self, now: Timestamp, limit: usize) -> Result<Vec<AccountId>, StoreError> {
        let mut due = Vec::new();
        for shard in 0..keys::EXPIRY_SHARDS {
            let shard = format!("EXPIRY#{shard}");
            let (mut rows, mut next) = self.due_page(&shard, now, None).await?;
            while next.is_some() && due.len().saturating_add(rows.len()) < limit {
                let (more, after) = self.due_page(&shard, now, next).await?;
                rows.extend(more);
                next = after;
            }
            due.extend(rows.iter().map(owner_of).collect::<Result<Vec<_>, _>>()?);
            if due.len() >= limit {
                break;
            }
        }
        due.truncate(limit);
        Ok(due)
    }

    /// Writes off what has expired in a wallet; answers with how many credits.
    ///
    /// # Promises
    /// A repeat finds nothing and writes nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account.
    pub fn expire_wallet(&self, account: AccountId, now: Timestamp) -> Work<'_, Result<Credits, StoreError>> {
        Box::pin(self.retrying(EXPIRE, account.body(), move || self.try_to_expire(account, now)))
    }

    async fn try_to_expire(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Attempt<Credits>, StoreError> {
        let before = self.wallet(account).await?;
        let posted = before
            .expire(now)
            .map_err(|error| StoreError::wallet(EXPIRE, error))?;
        if posted.rows.is_empty() {
            return Ok(Attempt::Done(Credits::ZERO));
        }
        let writes = self.move_writes(account, &posted)?;
        let transaction = Transaction::new().add_all(&Part::Wallet, writes);
        if let Transacted::Cancelled(_) = self.transact(EXPIRE, transaction).await? {
            return Ok(Attempt::Retry);
        }
        let expired = posted.wallet.expired().checked_sub(before.expired());
        expired
            .map(Attempt::Done)
            .map_err(|error| StoreError::corrupt(EXPIRE, error))
    }

    async fn due_page(
        &self,
        shard: &str,
        now: Timestamp,
        after: Option<Item>,
    ) -> Result<(Vec<Item>, Option<Item>), StoreError> {
        self.client
            .query()
            .table_name(&self.tables.ledger)
            .index_name(keys::EXPIRING_WALLETS)
            .key_condition_expression("expiry_shard = :shard AND next_expiry <= :now")
            .expression_attribute_values(":shard", AttributeValue::S(shard.to_owned()))
            .expression_attribute_values(":now", time(now))
            .limit(PAGE)
            .set_exclusive_start_key(after)
            .send()
            .await
            .map(|answer| (answer.items.unwrap_or_default(), answer.last_evaluated_key))
            .map_err(|error| StoreError::sdk("find expiring wallets", error))
    }
}
