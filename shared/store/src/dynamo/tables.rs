//! The tables, and the few ways in which every other file reads them.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::Timestamp;
use domain::ports::Work;

use crate::StoreError;
use crate::dynamo::codec::time;
use crate::dynamo::item::Item;
use crate::dynamo::keys::{self, Key};

/// Waits before a retry: by the runtime's clock, or not at all in the simulation, which plays whole lives in a moment.
pub type Sleep = fn(Duration) -> Work<'static, ()>;

/// Waits by the runtime's clock.
fn sleep_by_clock(time: Duration) -> Work<'static, ()> {
    Box::pin(tokio::time::sleep(time))
}

/// Names of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// Wallets, holds, grants and history; never deleted.
    pub ledger: String,
    /// Everything else with an owner.
    pub studio: String,
    /// What a time-to-live takes away.
    pub ephemeral: String,
}

/// The database.
///
/// # Promises
/// Reads that decide anything are strongly consistent; every write has a condition, or stands in a transaction that has
/// one.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) client: Client,
    pub(crate) tables: Arc<Tables>,
    pub(crate) sleep: Sleep,
}

/// One page of a query.
pub(crate) struct Query<'a> {
    pub(crate) table: &'a str,
    pub(crate) pk: String,
    pub(crate) prefix: &'a str,
    pub(crate) newest_first: bool,
    pub(crate) limit: i32,
    pub(crate) after: Option<Item>,
}

impl Store {
    /// Over a client that `runtime` has configured; calls nothing.
    pub fn new(client: Client, tables: Tables) -> Self {
        Self {
            client,
            tables: Arc::new(tables),
            sleep: sleep_by_clock,
        }
    }

    /// The same store, with another way to wait between the attempts of an operation.
    #[must_use]
    pub fn sleeping(self, sleep: Sleep) -> Self {
        Self { sleep, ..self }
    }

    /// One item, strongly consistent.
    pub(crate) async fn get(
        &self,
        operation: &'static str,
        table: &str,
        key: Key,
    ) -> Result<Option<Item>, StoreError> {
        self.client
            .get_item()
            .table_name(table)
            .set_key(Some(key.into_item()))
            .consistent_read(true)
            .send()
            .await
            .map(|answer| answer.item)
            .map_err(|error| StoreError::sdk(operation, error))
    }

    /// One item, eventually consistent: only for items that are written once, and where a missing one decides nothing.
    pub(crate) async fn get_perhaps_old(
        &self,
        operation: &'static str,
        table: &str,
        key: Key,
    ) -> Result<Option<Item>, StoreError> {
        self.client
            .get_item()
            .table_name(table)
            .set_key(Some(key.into_item()))
            .send()
            .await
            .map(|answer| answer.item)
            .map_err(|error| StoreError::sdk(operation, error))
    }

    /// Items of one owner whose sort key has a prefix, strongly consistent, and where the next page begins.
    pub(crate) async fn query(
        &self,
        operation: &'static str,
        query: Query<'_>,
    ) -> Result<(Vec<Item>, Option<Item>), StoreError> {
        let answer = self
            .client
            .query()
            .table_name(query.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", AttributeValue::S(query.pk))
            .expression_attribute_values(":prefix", AttributeValue::S(query.prefix.to_owned()))
            .scan_index_forward(!query.newest_first)
            .limit(query.limit)
            .set_exclusive_start_key(query.after)
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| StoreError::sdk(operation, error))?;
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }

    /// Every item of one owner whose sort key has a prefix, oldest first.
    pub(crate) async fn query_all(
        &self,
        operation: &'static str,
        table: &str,
        pk: &str,
        prefix: &str,
    ) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        let mut after = None;
        loop {
            let query = Query {
                table,
                pk: pk.to_owned(),
                prefix,
                newest_first: false,
                limit: 1000,
                after,
            };
            let (page, next) = self.query(operation, query).await?;
            items.extend(page);
            match next {
                Some(key) => after = Some(key),
                None => return Ok(items),
            }
        }
    }

    /// Keys of what is due in one partition of the index.
    pub(crate) async fn due_in(
        &self,
        shard: &str,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Item>, StoreError> {
        self.client
            .query()
            .table_name(&self.tables.studio)
            .index_name(keys::DUE_ITEMS)
            .key_condition_expression("due_shard = :shard AND due_at <= :now")
            .expression_attribute_values(":shard", AttributeValue::S(shard.to_owned()))
            .expression_attribute_values(":now", time(now))
            .limit(i32::try_from(limit.max(1)).unwrap_or(i32::MAX))
            .send()
            .await
            .map(|answer| answer.items.unwrap_or_default())
            .map_err(|error| StoreError::sdk("find what is due", error))
    }
}
