//! Credits set aside for one run of a job, and the lots that they came from.

use domain::{ApiKeyId, Credits, JobId, LotId, Timestamp, TransactionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A part of one lot: what a hold took from it, or what expired of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Leg {
    /// The lot.
    #[schema(value_type = String)]
    pub lot_id: LotId,
    /// Credits of it.
    pub credits: Credits,
}

/// Where a hold stands; it leaves `Open` once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum HoldState {
    /// The job goes on.
    Open,
    /// The job delivered.
    Settled {
        /// Credits taken for good; at most the hold.
        charged: Credits,
        /// When.
        ended_at: Timestamp,
    },
    /// The job ended without delivery; everything went back.
    Released {
        /// When.
        ended_at: Timestamp,
    },
}

impl HoldState {
    /// Whether the credits are still set aside.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open)
    }
}

/// Credits set aside for one run of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The job.
    pub job_id: JobId,
    /// Its run, from 1.
    pub run: u32,
    /// Credits; the sum of the legs.
    pub credits: Credits,
    /// What came from which lot, in the order in which it will be charged.
    pub legs: Vec<Leg>,
    /// The key on whose budget of the month in which it was made it is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<ApiKeyId>,
    /// Where it stands.
    pub state: HoldState,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Credits to be set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldRequest {
    /// The job.
    pub job_id: JobId,
    /// Its run, from 1.
    pub run: u32,
    /// The key on whose budget it is counted.
    pub key_id: Option<ApiKeyId>,
    /// How many; none is refused.
    pub credits: Credits,
    /// Id of the history row.
    pub transaction_id: TransactionId,
}
