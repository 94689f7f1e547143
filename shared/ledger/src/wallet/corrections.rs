//! What comes back from outside: refunds and lost disputes, their reversals, and an operator's corrections.

use domain::{Credits, LotId, Timestamp};

use super::book::{Book, Entry};
use super::{Posted, Wallet, WalletError};
use crate::{Adjustment, Change, ClawBack, Leg, Origin, Reference, Reversal, TransactionKind};

impl Wallet {
    /// Takes credits back: of `first`, when that lot is still there, then of the lots that expire first.
    ///
    /// # Promises
    /// What is held stays held. What the available credits do not cover is owed from then on.
    /// Not idempotent by itself, as [`Self::grant`].
    ///
    /// # Errors
    /// [`WalletError::Zero`] or [`WalletError::Credits`].
    pub fn claw_back(
        &self,
        claw_back: &ClawBack,
        first: Option<LotId>,
        now: Timestamp,
    ) -> Result<Posted, WalletError> {
        let mut book = Book::open(self, now)?;
        let (lots, taken, owed) = book.take_back(claw_back.credits, first)?;
        book.post(Entry {
            id: claw_back.transaction_id,
            kind: TransactionKind::ClawBack,
            available: Change::minus(taken),
            held: Change::ZERO,
            debt: Change::plus(owed),
            reference: Reference::ClawBack {
                key: claw_back.key.clone(),
                lots,
            },
            grace: None,
            note: claw_back.note.clone(),
        })?;
        book.close()
    }

    /// Undoes a claw back of so many credits: first what is owed is lifted, the rest comes back as a lot of its own.
    ///
    /// # Promises
    /// Not idempotent by itself, as [`Self::grant`].
    ///
    /// # Errors
    /// [`WalletError::Zero`], [`WalletError::LotKnown`], [`WalletError::TooManyLots`], or [`WalletError::Credits`]
    /// for more credits than were ever taken back.
    pub fn reverse(
        &self,
        reversal: &Reversal,
        credits: Credits,
        now: Timestamp,
    ) -> Result<Posted, WalletError> {
        if credits.is_zero() {
            return Err(WalletError::Zero);
        }
        let mut book = Book::open(self, now)?;
        let lifted = credits.min(book.wallet.debt);
        let back = credits.checked_sub(lifted)?;
        if !back.is_zero() {
            book.wallet.revoked = book.wallet.revoked.checked_sub(back)?;
            book.add_lot(reversal.lot_id, Origin::Refund, back, reversal.expires_at)?;
        }
        book.post(Entry {
            id: reversal.transaction_id,
            kind: TransactionKind::Reversal,
            available: Change::plus(back),
            held: Change::ZERO,
            debt: Change::minus(lifted),
            reference: Reference::Reversal {
                key: reversal.key.clone(),
                lot_id: (!back.is_zero()).then_some(reversal.lot_id),
            },
            grace: None,
            note: reversal.note.clone(),
        })?;
        book.close()
    }

    /// Adds a lot, or takes credits as [`Self::claw_back`] does, with the operator's note.
    ///
    /// # Promises
    /// Not idempotent by itself, as [`Self::grant`].
    ///
    /// # Errors
    /// [`WalletError::Zero`], [`WalletError::LotKnown`], [`WalletError::TooManyLots`] or [`WalletError::Credits`].
    pub fn adjust(&self, adjustment: &Adjustment, now: Timestamp) -> Result<Posted, WalletError> {
        let size = adjustment.change.size();
        let mut book = Book::open(self, now)?;
        let (lots, available, debt) = if adjustment.change.is_minus() {
            let (lots, taken, owed) = book.take_back(size, None)?;
            (lots, Change::minus(taken), Change::plus(owed))
        } else {
            if size.is_zero() {
                return Err(WalletError::Zero);
            }
            let lot_id = adjustment.lot_id;
            book.wallet.granted = book.wallet.granted.checked_add(size)?;
            book.add_lot(lot_id, Origin::Adjustment, size, adjustment.expires_at)?;
            let lots = vec![Leg {
                lot_id,
                credits: size,
            }];
            (lots, Change::plus(size), Change::ZERO)
        };
        book.post(Entry {
            id: adjustment.transaction_id,
            kind: TransactionKind::Adjust,
            available,
            held: Change::ZERO,
            debt,
            reference: Reference::Adjustment {
                key: adjustment.key.clone(),
                lots,
            },
            grace: None,
            note: Some(adjustment.note.clone()),
        })?;
        book.close()
    }
}

impl Book {
    /// Takes what is there and says what is not: the legs, their sum and the rest.
    fn take_back(
        &mut self,
        credits: Credits,
        first: Option<LotId>,
    ) -> Result<(Vec<Leg>, Credits, Credits), WalletError> {
        if credits.is_zero() {
            return Err(WalletError::Zero);
        }
        let (lots, taken) = self.revoke(credits, first)?;
        Ok((lots, taken, credits.checked_sub(taken)?))
    }
}
