//! A row of the credit history: append-only, numbered without gaps, with the balance after it.

use domain::{Credits, JobId, LotId, Timestamp, TransactionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Change, Leg, Origin};

/// What happened to a wallet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransactionKind {
    /// Credits came in.
    Grant,
    /// Credits were set aside for a job.
    Hold,
    /// A job delivered: its hold was charged, the rest went back.
    Settle,
    /// A job ended without delivery: its whole hold went back.
    Release,
    /// Credits that nobody used reached the end of their time.
    Expire,
}

/// What a row refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reference {
    /// A grant.
    Grant {
        /// What it was granted for, once.
        key: String,
        /// The lot it made.
        #[schema(value_type = String)]
        lot_id: LotId,
        /// Where the credits came from.
        origin: Origin,
    },
    /// A run of a job.
    Job {
        /// The job.
        #[schema(value_type = String)]
        job_id: JobId,
        /// Its run, from 1.
        run: u32,
    },
    /// Lots whose time was over, and what remained of each.
    Lots {
        /// Lot by lot.
        lots: Vec<Leg>,
    },
}

/// What a wallet holds, in two parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Balance {
    /// Credits that can be held.
    pub available: Credits,
    /// Credits set aside for open jobs.
    pub held: Credits,
}

/// Credits whose lot expired while they were held, and that came back all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Grace {
    /// How many.
    pub credits: Credits,
    /// Until when they can be used.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

/// A row of the history.
///
/// # Promises
/// `after` is the `after` of the row before plus this row's changes; the rows of a wallet are numbered 1, 2, 3, ...
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Transaction {
    /// Id.
    #[schema(value_type = String)]
    pub id: TransactionId,
    /// Place in the wallet's history, from 1.
    pub sequence: u64,
    /// What happened.
    pub kind: TransactionKind,
    /// Change of the available credits.
    pub available: Change,
    /// Change of the held credits.
    pub held: Change,
    /// Both after it.
    pub after: Balance,
    /// What it refers to.
    pub reference: Reference,
    /// Set when credits came back to a lot that had expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<Grace>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}
