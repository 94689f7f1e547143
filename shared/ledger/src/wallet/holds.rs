//! Holds: credits set aside for a run of a job, grown while it goes on, and settled or released at its end.

use domain::{Credits, Timestamp, TransactionId};

use super::book::{Book, Entry};
use super::{Posted, Wallet, WalletError};
use crate::{Change, Hold, HoldRequest, HoldState, Reference, TransactionKind};

impl Wallet {
    /// Sets credits aside, from the lots that expire first.
    ///
    /// # Errors
    /// [`WalletError::InDebt`] while anything is owed, [`WalletError::Insufficient`] when usable lots do not cover it,
    /// [`WalletError::Zero`] for nothing.
    pub fn hold(&self, request: &HoldRequest, now: Timestamp) -> Result<(Posted, Hold), WalletError> {
        if request.credits.is_zero() {
            return Err(WalletError::Zero);
        }
        let mut book = Book::open(self, now)?;
        let legs = book.set_aside(TransactionKind::Hold, request)?;
        let hold = Hold {
            job_id: request.job_id,
            run: request.run,
            credits: request.credits,
            legs,
            spender: request.spender,
            maker: request.maker,
            state: HoldState::Open,
            created_at: now,
        };
        Ok((book.close()?, hold))
    }

    /// Sets more credits aside for a run that goes on; they come from the lots that expire first, as in a hold.
    ///
    /// # Errors
    /// As [`Self::hold`], and [`WalletError::HoldEnded`].
    pub fn extend(
        &self,
        hold: &Hold,
        more: Credits,
        id: TransactionId,
        now: Timestamp,
    ) -> Result<(Posted, Hold), WalletError> {
        if !hold.state.is_open() {
            return Err(WalletError::HoldEnded);
        }
        if more.is_zero() {
            return Err(WalletError::Zero);
        }
        let credits = hold.credits.checked_add(more)?;
        let request = HoldRequest {
            job_id: hold.job_id,
            run: hold.run,
            spender: hold.spender,
            maker: hold.maker,
            credits: more,
            transaction_id: id,
        };
        let mut book = Book::open(self, now)?;
        let added = book.set_aside(TransactionKind::Extend, &request)?;
        let legs = book.joined(&hold.legs, &added)?;
        let extended = Hold {
            credits,
            legs,
            ..hold.clone()
        };
        Ok((book.close()?, extended))
    }

    /// Charges part or all of a hold; the rest goes back to its lots. What would expire first is charged first.
    ///
    /// # Errors
    /// [`WalletError::HoldEnded`] the second time, [`WalletError::AboveHold`] above the hold,
    /// [`WalletError::LotMissing`] when wallet and hold do not belong together.
    pub fn settle(
        &self,
        hold: &Hold,
        charged: Credits,
        id: TransactionId,
        now: Timestamp,
    ) -> Result<(Posted, Hold), WalletError> {
        self.end(hold, End::Settle(charged), id, now)
    }

    /// Gives a whole hold back to its lots; what expired meanwhile comes back for [`super::GRACE_MS`], once.
    ///
    /// # Errors
    /// As [`Self::settle`].
    pub fn release(
        &self,
        hold: &Hold,
        id: TransactionId,
        now: Timestamp,
    ) -> Result<(Posted, Hold), WalletError> {
        self.end(hold, End::Release, id, now)
    }

    fn end(
        &self,
        hold: &Hold,
        end: End,
        id: TransactionId,
        now: Timestamp,
    ) -> Result<(Posted, Hold), WalletError> {
        if !hold.state.is_open() {
            return Err(WalletError::HoldEnded);
        }
        let (kind, charged, state) = match end {
            End::Settle(charged) => (
                TransactionKind::Settle,
                charged,
                HoldState::Settled {
                    charged,
                    ended_at: now,
                },
            ),
            End::Release => (
                TransactionKind::Release,
                Credits::ZERO,
                HoldState::Released { ended_at: now },
            ),
        };
        let returned = hold
            .credits
            .checked_sub(charged)
            .map_err(|_above| WalletError::AboveHold {
                held: hold.credits,
                charged,
            })?;
        let mut book = Book::open(self, now)?;
        let grace = book.give_back(hold, charged)?;
        book.wallet.used = book.wallet.used.checked_add(charged)?;
        book.post(Entry {
            id,
            kind,
            available: Change::plus(returned),
            held: Change::minus(hold.credits),
            debt: Change::ZERO,
            reference: Reference::Job {
                job_id: hold.job_id,
                run: hold.run,
            },
            grace,
            note: None,
        })?;
        let ended = Hold {
            state,
            ..hold.clone()
        };
        Ok((book.close()?, ended))
    }
}

/// How a hold ends.
#[derive(Clone, Copy)]
enum End {
    Settle(Credits),
    Release,
}
