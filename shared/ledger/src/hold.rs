//! Credits set aside for one run of a job, and the lots that they came from.

use domain::member::SpenderId;
use domain::{Credits, CreditsError, JobId, LotId, MemberId, Timestamp, TransactionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Lot, Origin};

/// A part of one lot: what expired of it, was taken back from it, or paid a debt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Leg {
    /// Lot that the credits belong to.
    #[schema(value_type = String)]
    pub lot_id: LotId,
    /// Credits of it.
    pub credits: Credits,
}

/// What a hold took from one lot, and what it has to say of a lot that may have left the wallet since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldLeg {
    /// Lot that the credits belong to.
    pub lot_id: LotId,
    /// Where its credits came from.
    pub origin: Origin,
    /// When it expired, as of the last time that something was taken from it.
    pub expires_at: Timestamp,
    /// Credits of it.
    pub credits: Credits,
}

impl HeldLeg {
    pub(crate) const fn of(lot: &Lot, credits: Credits) -> Self {
        Self {
            lot_id: lot.id,
            origin: lot.origin,
            expires_at: lot.expires_at,
            credits,
        }
    }
}

/// What became of a leg: `charged + released` is what was held, once the hold has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share<'a> {
    /// What was taken from one lot.
    pub leg: &'a HeldLeg,
    /// Credits of it that are gone.
    pub charged: Credits,
    /// Credits of it that went back to their lot.
    pub released: Credits,
}

/// The legs of a hold that ends with so many credits charged: the first legs are charged first.
pub(crate) fn shares(legs: &[HeldLeg], charged: Credits) -> Result<Vec<Share<'_>>, CreditsError> {
    let mut left = charged;
    legs.iter()
        .map(|leg| {
            let charged = left.min(leg.credits);
            left = left.checked_sub(charged)?;
            Ok(Share {
                leg,
                charged,
                released: leg.credits.checked_sub(charged)?,
            })
        })
        .collect()
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
        /// When it ended.
        ended_at: Timestamp,
    },
    /// The job ended without delivery; everything went back.
    Released {
        /// When it ended.
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
    /// Job that is paid by the hold.
    pub job_id: JobId,
    /// Its run, from 1.
    pub run: u32,
    /// Credits; the sum of the legs.
    pub credits: Credits,
    /// What came from which lot, in the order in which it will be charged.
    pub legs: Vec<HeldLeg>,
    /// On whose budget of the month in which it was made it is counted.
    #[serde(alias = "key_id", default, skip_serializing_if = "Option::is_none")]
    pub spender: Option<SpenderId>,
    /// The member who made the key, on whose budget it is counted too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maker: Option<MemberId>,
    /// Where it stands.
    pub state: HoldState,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Hold {
    /// Everyone on whose budget of the month in which it was made it is counted.
    pub fn spenders(&self) -> impl Iterator<Item = SpenderId> {
        let maker = self.maker.map(SpenderId::Member);
        self.spender.into_iter().chain(maker)
    }

    /// What became of each leg; neither charged nor released while the hold is open.
    ///
    /// # Errors
    /// [`CreditsError`], for no hold that a wallet has made.
    pub fn shares(&self) -> Result<Vec<Share<'_>>, CreditsError> {
        match self.state {
            HoldState::Settled { charged, .. } => shares(&self.legs, charged),
            HoldState::Released { .. } => shares(&self.legs, Credits::ZERO),
            HoldState::Open => Ok(self
                .legs
                .iter()
                .map(|leg| Share {
                    leg,
                    charged: Credits::ZERO,
                    released: Credits::ZERO,
                })
                .collect()),
        }
    }

    /// Credits that were charged; none while it is open, and none when it was released.
    pub const fn charged(&self) -> Credits {
        match self.state {
            HoldState::Settled { charged, .. } => charged,
            HoldState::Open | HoldState::Released { .. } => Credits::ZERO,
        }
    }

    /// When it ended.
    pub const fn ended_at(&self) -> Option<Timestamp> {
        match self.state {
            HoldState::Open => None,
            HoldState::Settled { ended_at, .. } | HoldState::Released { ended_at } => Some(ended_at),
        }
    }
}

/// Credits to be set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldRequest {
    /// Job that is paid by the hold.
    pub job_id: JobId,
    /// Its run, from 1.
    pub run: u32,
    /// On whose budget it is counted.
    pub spender: Option<SpenderId>,
    /// The member who made the key, on whose budget it is counted too.
    pub maker: Option<MemberId>,
    /// How many; none is refused.
    pub credits: Credits,
    /// Id of the history row.
    pub transaction_id: TransactionId,
}

#[cfg(test)]
mod tests;
