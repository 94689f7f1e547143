//! What an account used by day, and what it was told about it.
//!
//! The row of a day holds one number per kind of quota, and `videos` and `credits`. The transaction that consumes,
//! delivers or charges adds to them, and the transaction that gives back takes from them.

pub mod consumption;
pub(crate) mod quota_writes;
pub mod quotas;
pub mod resets;

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::ports::Work;
use domain::{AccountId, QuotaKind, Timestamp};
use ledger::AlertLevel;
use serde::{Deserialize, Serialize};

use crate::dynamo::codec::{number_of, text_of};
use crate::dynamo::item::Item;
use crate::dynamo::keys::{self, Key, owner};
use crate::page::List;
use crate::{Page, PageRequest, Store, StoreError};

/// Attribute of a day: videos delivered.
pub(crate) const VIDEOS: &str = "videos";
/// Attribute of a day: credits charged.
pub(crate) const CREDITS: &str = "credits";

/// What was used on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayUse {
    /// Day in UTC, as `2026-11-21`.
    pub day: String,
    /// Videos that were delivered on this day.
    pub videos: u64,
    /// Credits that were charged on this day.
    pub credits: u64,
    /// Consumed on this day and not given back, by kind.
    pub by_kind: BTreeMap<QuotaKind, u64>,
}

/// A level that a counter reached, told once per kind, level and period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The quota whose counter reached the level.
    pub kind: QuotaKind,
    /// The level that was reached.
    pub level: AlertLevel,
    /// Name of the period.
    pub period: String,
    /// The limit at that time.
    pub limit: u64,
    /// Consumed, with the consumption that reached the level; concurrent ones may be missing in it.
    pub used: u64,
    /// When the consumption that reached it was written.
    pub at: Timestamp,
}

impl Store {
    /// The days from `from` to `to`, both inclusive, on which anything was used; oldest first.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn usage<'a>(
        &'a self,
        account: AccountId,
        from: &'a str,
        to: &'a str,
    ) -> Work<'a, Result<Vec<DayUse>, StoreError>> {
        Box::pin(self.days(account, from, to))
    }

    async fn days(&self, account: AccountId, from: &str, to: &str) -> Result<Vec<DayUse>, StoreError> {
        let mut days = Vec::new();
        let mut after = None;
        loop {
            let answer = self
                .client
                .query()
                .table_name(&self.tables.studio)
                .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
                .expression_attribute_values(":pk", AttributeValue::S(owner(account)))
                .expression_attribute_values(":from", AttributeValue::S(Key::usage(account, from).sk))
                .expression_attribute_values(":to", AttributeValue::S(Key::usage(account, to).sk))
                .set_exclusive_start_key(after)
                .consistent_read(true)
                .send()
                .await
                .map_err(|error| StoreError::sdk("read usage", error))?;
            for row in answer.items.unwrap_or_default() {
                days.push(day_of(&row)?);
            }
            after = answer.last_evaluated_key;
            if after.is_none() {
                return Ok(days);
            }
        }
    }

    /// What was told, latest period first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn alerts<'a>(
        &'a self,
        account: AccountId,
        page: &'a PageRequest,
    ) -> Work<'a, Result<Page<Alert>, StoreError>> {
        Box::pin(async move {
            let list = List {
                operation: "list alerts",
                table: &self.tables.studio,
                pk: owner(account),
                prefix: keys::ALERT,
                name: "alerts".to_owned(),
            };
            self.page(list, page, |_: &Alert| true).await
        })
    }
}

fn day_of(row: &Item) -> Result<DayUse, StoreError> {
    let day = text_of(row, "day")?.to_owned();
    let count = |name: &str| -> Result<u64, StoreError> {
        if row.contains_key(name) {
            number_of(row, name)
        } else {
            Ok(0)
        }
    };
    let mut by_kind = BTreeMap::new();
    for kind in QuotaKind::counted() {
        let used = count(kind.as_str())?;
        if used > 0 {
            by_kind.insert(kind, used);
        }
    }
    Ok(DayUse {
        day,
        videos: count(VIDEOS)?,
        credits: count(CREDITS)?,
        by_kind,
    })
}
