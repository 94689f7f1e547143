//! A row of the credit history: append-only, numbered without gaps, with the balance after it.

use domain::{Credits, CreditsError, JobId, LotId, Timestamp, TransactionId};
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
    /// More credits were set aside for a job that goes on.
    Extend,
    /// Credits were taken back for a refund or a lost dispute; what was not there is owed.
    ClawBack,
    /// A claw back did not stand: the debt was lifted, or its credits came back.
    Reversal,
    /// An operator corrected the balance.
    Adjust,
    /// Credits that came paid what was owed.
    PayDebt,
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
        /// Job that the credits are held for.
        #[schema(value_type = String)]
        job_id: JobId,
        /// Its run, from 1.
        run: u32,
    },
    /// Lots whose time was over and what remained of each, or which paid what was owed.
    Lots {
        /// Lot by lot.
        lots: Vec<Leg>,
    },
    /// A claw back.
    ClawBack {
        /// What it was for, once.
        key: String,
        /// What was taken from which lot; the rest is owed.
        lots: Vec<Leg>,
    },
    /// A claw back that did not stand.
    Reversal {
        /// Key of the claw back.
        key: String,
        /// The lot in which credits came back; none when all of it was still owed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>)]
        lot_id: Option<LotId>,
    },
    /// A correction by an operator.
    Adjustment {
        /// What it was for, once.
        key: String,
        /// The lot that it made, or what was taken from which lot.
        lots: Vec<Leg>,
    },
}

impl Reference {
    /// The key that keeps this move from happening twice; none for moves of jobs and of time.
    pub fn mark(&self) -> Option<Mark<'_>> {
        match self {
            Self::Grant { key, .. } => Some(Mark::Grant(key)),
            Self::ClawBack { key, .. } => Some(Mark::ClawBack(key)),
            Self::Reversal { key, .. } => Some(Mark::Reversal(key)),
            Self::Adjustment { key, .. } => Some(Mark::Adjustment(key)),
            Self::Job { .. } | Self::Lots { .. } => None,
        }
    }
}

/// What happens once per key, for ever; each kind has keys of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark<'a> {
    /// A grant.
    Grant(&'a str),
    /// A claw back.
    ClawBack(&'a str),
    /// The reversal of the claw back of this key.
    Reversal(&'a str),
    /// An adjustment.
    Adjustment(&'a str),
}

/// What a wallet holds and owes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Balance {
    /// Credits that can be held.
    pub available: Credits,
    /// Credits set aside for open jobs.
    pub held: Credits,
    /// Credits owed since a claw back took more than there was; nothing is available beside a debt.
    #[serde(default)]
    pub debt: Credits,
}

/// Credits whose lot expired while they were held, and that came back all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Grace {
    /// Whole credits.
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
    /// Unique id of the row.
    #[schema(value_type = String)]
    pub id: TransactionId,
    /// Place in the wallet's history, from 1.
    pub sequence: u64,
    /// What happened, with its details.
    pub kind: TransactionKind,
    /// Change of the available credits.
    pub available: Change,
    /// Change of the held credits.
    pub held: Change,
    /// Change of what is owed.
    #[serde(default)]
    pub debt: Change,
    /// All of them after it.
    pub after: Balance,
    /// What it refers to.
    pub reference: Reference,
    /// Set when credits came back to a lot that had expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<Grace>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl Transaction {
    /// Credits that a claw back was for: what it took and what it left as a debt.
    ///
    /// # Errors
    /// [`CreditsError::TooMany`], for no row that a wallet has made.
    pub fn clawed(&self) -> Result<Credits, CreditsError> {
        self.available.size().checked_add(self.debt.size())
    }
}
