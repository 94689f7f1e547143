//! What is consumed of a quota, for what, and the rows in which counters and the log keep it.

use domain::{QuotaKind, Timestamp};
use ledger::Counter;
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::dynamo::codec::number_of;
use crate::dynamo::item::Item;

/// What something was consumed for: the same resource consumes a kind once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UsedFor {
    /// Type, such as `job` or `media`; without `#`.
    #[serde(rename = "resource_type")]
    pub r#type: String,
    /// Id within its type.
    #[serde(rename = "resource_id")]
    pub id: String,
}

impl UsedFor {
    /// A resource.
    pub fn new(r#type: &str, id: impl Into<String>) -> Self {
        Self {
            r#type: r#type.to_owned(),
            id: id.into(),
        }
    }

    /// A stored file, by its object key; or all files under a prefix of keys.
    pub fn media(key: impl Into<String>) -> Self {
        Self::new("media", key)
    }
}

/// Something to be consumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumption {
    /// The quota that it counts against.
    pub kind: QuotaKind,
    /// How much, in the kind's unit.
    pub quantity: u64,
    /// The resource for which it is consumed, once.
    pub used_for: UsedFor,
}

impl Consumption {
    /// What a file of a project takes of the storage, by its object key.
    pub fn of_media(key: &str, size_bytes: u64) -> Self {
        Self {
            kind: QuotaKind::StorageBytes,
            quantity: size_bytes,
            used_for: UsedFor::media(key),
        }
    }
}

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// The quota that it counted against.
    pub kind: QuotaKind,
    /// How much, in the kind's unit.
    pub quantity: u64,
    /// The resource for which it was consumed.
    #[serde(flatten)]
    pub used_for: UsedFor,
    /// Name of the period it counts in.
    pub period: String,
    /// Resets of the counter before it: a later reset has forgotten it.
    pub epoch: u32,
    /// When it was consumed.
    pub at: Timestamp,
    /// When it was given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_back_at: Option<Timestamp>,
}

/// The counter in a row; numbers that nobody has written yet are zero.
pub(crate) fn counter_of(row: &Item) -> Result<Counter, StoreError> {
    if !row.contains_key("used") {
        return Ok(Counter::default());
    }
    Ok(Counter {
        used: number_of(row, "used")?,
        alerted: number_of(row, "alerted")?,
        epoch: number_of(row, "epoch")?,
    })
}
