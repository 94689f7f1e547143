//! An operator's correction of a balance: a large one waits for a second operator.

use domain::{AccountId, AdjustmentId, Credits, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Change;

/// Hours in which a second operator may agree; after that the question has to be asked anew.
pub const DECIDE_WITHIN_H: i64 = 24;

/// Where a correction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionState {
    /// It waits for a second operator.
    Pending,
    /// It is decided, and is or will be in the history.
    Approved,
}

/// A correction that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Correction {
    /// Its id, which is also the key under which the wallet is adjusted once.
    #[schema(value_type = String, example = "adj_01KAJ3V5T0M4W8Q2Z6X1C9B7N5")]
    pub id: AdjustmentId,
    /// Account whose balance is corrected.
    #[schema(value_type = String)]
    pub account_id: AccountId,
    /// Credits that come (positive) or go (negative).
    pub credits: Change,
    /// Why, in the words of the operator who asked.
    pub note: String,
    /// Where it stands.
    pub state: CorrectionState,
    /// Operator who asked for the correction.
    #[schema(value_type = String)]
    pub asked_by: AccountId,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    /// Until when a second operator may agree.
    #[schema(value_type = String, format = DateTime)]
    pub decide_until: Timestamp,
    /// Who agreed; the one who asked, when it was small enough for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub approved_by: Option<AccountId>,
    /// When the second operator agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub approved_at: Option<Timestamp>,
}

/// Why an operator may not agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CorrectionError {
    /// They asked for it themselves.
    #[error("a second operator has to agree")]
    OwnRequest,
    /// Its time is over.
    #[error("the time to agree is over")]
    TooLate,
    /// Another operator was first.
    #[error("it was decided by another operator")]
    Decided,
}

impl Correction {
    /// Asks for a correction; one of at most `alone_max` credits is decided by whoever asks.
    pub fn ask(order: CorrectionOrder, alone_max: Credits, now: Timestamp) -> Self {
        let alone = order.credits.size() <= alone_max;
        Self {
            id: order.id,
            account_id: order.account_id,
            credits: order.credits,
            note: order.note,
            state: if alone {
                CorrectionState::Approved
            } else {
                CorrectionState::Pending
            },
            asked_by: order.asked_by,
            asked_at: now,
            decide_until: now.plus_s(DECIDE_WITHIN_H.saturating_mul(3600)),
            approved_by: alone.then_some(order.asked_by),
            approved_at: alone.then_some(now),
        }
    }

    /// Agrees; a repeat by the same operator changes nothing.
    ///
    /// # Errors
    /// [`CorrectionError`] for whoever asked, when its time is over, and when another was first.
    pub fn approve(&self, by: AccountId, now: Timestamp) -> Result<Self, CorrectionError> {
        if self.state == CorrectionState::Approved {
            return if self.approved_by == Some(by) {
                Ok(self.clone())
            } else {
                Err(CorrectionError::Decided)
            };
        }
        if by == self.asked_by {
            return Err(CorrectionError::OwnRequest);
        }
        if now > self.decide_until {
            return Err(CorrectionError::TooLate);
        }
        Ok(Self {
            state: CorrectionState::Approved,
            approved_by: Some(by),
            approved_at: Some(now),
            ..self.clone()
        })
    }
}

/// What an operator asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionOrder {
    /// Id of the correction.
    pub id: AdjustmentId,
    /// Account whose balance is corrected.
    pub account_id: AccountId,
    /// Credits that come or go.
    pub credits: Change,
    /// Why, in the words of the operator who asked.
    pub note: String,
    /// Operator who asks for the correction.
    pub asked_by: AccountId,
}

#[cfg(test)]
mod tests;
