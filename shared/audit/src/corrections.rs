//! Corrections of a balance by operators: recorded first, then applied once.

use domain::{AccountId, AdjustmentId, Credits, ErrorCode, Failure, LotId, Timestamp, TransactionId};
use ledger::{Adjustment, Correction, CorrectionError, CorrectionOrder, CorrectionState, Origin};
use store::{Store, StoreError};

/// Credits that one operator may move alone: the largest pack.
pub const ALONE_MAX_DEFAULT: u32 = 10_000;

/// Corrects balances; a large correction waits for a second operator.
#[derive(Debug, Clone)]
pub struct Corrections {
    store: Store,
    alone_max: Credits,
}

impl Corrections {
    /// Over a store; above `alone_max` a second operator has to agree.
    pub const fn new(store: Store, alone_max: Credits) -> Self {
        Self { store, alone_max }
    }

    /// The store in which corrections wait.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Takes an operator's order: applies it, or stores it for a second operator.
    ///
    /// # Promises
    /// A repeat under the same id applies nothing twice, and finishes what died between the record and the balance.
    ///
    /// # Errors
    /// `not_found` for an unknown account; nothing is written then.
    pub async fn ask(&self, order: CorrectionOrder, now: Timestamp) -> Result<Correction, Failure> {
        // Nobody should wait a day for an account that does not exist.
        self.store.wallet(order.account_id).await?;
        let asked = Correction::ask(order, self.alone_max, now);
        let stored = self.store.ask_balance_correction(&asked).await?;
        self.apply(&stored, now).await?;
        Ok(stored)
    }

    /// A second operator agrees.
    ///
    /// # Promises
    /// As [`Self::ask`].
    ///
    /// # Errors
    /// `not_found`; `forbidden` for whoever asked; `conflict` when another operator was first or its time is over.
    pub async fn approve(
        &self,
        id: AdjustmentId,
        by: AccountId,
        now: Timestamp,
    ) -> Result<Correction, Failure> {
        let mut correction = self.store.balance_correction(id).await?;
        let approved = correction.approve(by, now).map_err(refusal)?;
        if correction.state == CorrectionState::Pending {
            match self.store.decide_balance_correction(&approved).await {
                Ok(()) => correction = approved,
                // Decided beside us: by our own repeat, or by another operator.
                Err(StoreError::Conflict { .. }) => {
                    correction = self.store.balance_correction(id).await?;
                    correction = correction.approve(by, now).map_err(refusal)?;
                }
                Err(other) => return Err(other.into()),
            }
        }
        self.apply(&correction, now).await?;
        Ok(correction)
    }

    async fn apply(&self, correction: &Correction, now: Timestamp) -> Result<(), Failure> {
        if correction.state == CorrectionState::Pending {
            return Ok(());
        }
        let adjustment = Adjustment {
            key: correction.id.to_string(),
            change: correction.credits,
            // One correction is one lot and one row, so their ids can follow from its own.
            lot_id: LotId::new(correction.id.body()),
            transaction_id: TransactionId::new(correction.id.body()),
            expires_at: now.plus_days(Origin::Adjustment.days()),
            note: correction.note.clone(),
        };
        self.store.adjust(correction.account_id, adjustment, now).await?;
        Ok(())
    }
}

fn refusal(error: CorrectionError) -> Failure {
    let code = match error {
        CorrectionError::OwnRequest => ErrorCode::Forbidden,
        CorrectionError::TooLate | CorrectionError::Decided => ErrorCode::Conflict,
    };
    let mut sentence = error.to_string();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Failure::new(code).saying(&format!("{sentence}."))
}

#[cfg(test)]
mod tests;
