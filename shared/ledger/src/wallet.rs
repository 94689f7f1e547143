//! The wallet of an account: its lots, and the only five things that can happen to its credits.
//!
//! | move | available | held | row |
//! |---|---|---|---|
//! | [`Wallet::grant`] | + credits | | `grant` |
//! | [`Wallet::hold`] | - credits | + credits | `hold` |
//! | [`Wallet::settle`] | + what was not charged | - hold | `settle` |
//! | [`Wallet::release`] | + hold | - hold | `release` |
//! | [`Wallet::expire`] | - what remains of due lots | | `expire` |
//!
//! Every move first expires what is due, so a balance never shows credits whose time is over.

use domain::{Credits, Timestamp, TransactionId};
use serde::{Deserialize, Serialize};

use crate::{
    Balance, Change, Grant, Hold, HoldRequest, HoldState, Lot, Reference, Transaction, TransactionKind,
};
use book::{Book, Entry};
pub use refusal::WalletError;

mod book;
mod refusal;

/// Milliseconds for which credits come back when their lot expired while they were held: 72 hours.
///
/// Long enough for a customer to see the failed job and start it again over a weekend.
pub const GRACE_MS: i64 = 72 * 3_600_000;

/// Most lots with credits in one wallet.
///
/// A lot takes about 200 bytes of the wallet's item, so a full wallet stays far below `DynamoDB`'s 400 KB.
pub const LOTS_MAX: usize = 500;

/// What a move leaves: the next wallet and the rows that explain it, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// The next wallet, its version one higher when there are rows.
    pub wallet: Wallet,
    /// At most two: the expiry that was due, then the move itself.
    pub rows: Vec<Transaction>,
}

/// The credits of an account.
///
/// # Promises
/// [`Self::check`] holds after every move; the store refuses to write a wallet for which it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    available: Credits,
    held: Credits,
    granted: Credits,
    used: Credits,
    expired: Credits,
    lots: Vec<Lot>,
    sequence: u64,
    version: u64,
}

impl Wallet {
    /// Credits that can be held, as of the last move: [`Self::available_at`] also leaves out what expired since.
    pub const fn available(&self) -> Credits {
        self.available
    }

    /// Credits that can be held now.
    pub fn available_at(&self, now: Timestamp) -> Credits {
        let usable = self
            .lots
            .iter()
            .filter(|lot| !lot.is_expired(now))
            .map(|lot| lot.remaining);
        // A part of `available`, so the sum cannot leave the range.
        Credits::sum(usable).unwrap_or(Credits::ZERO)
    }

    /// Credits set aside for open jobs.
    pub const fn held(&self) -> Credits {
        self.held
    }

    /// Credits that ever came in.
    pub const fn granted(&self) -> Credits {
        self.granted
    }

    /// Credits that were ever charged.
    pub const fn used(&self) -> Credits {
        self.used
    }

    /// Credits that ever expired.
    pub const fn expired(&self) -> Credits {
        self.expired
    }

    /// Lots with credits, first to be used first.
    pub fn lots(&self) -> &[Lot] {
        &self.lots
    }

    /// Number of history rows so far.
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Counts the writes; a write names the version it read.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Both parts of the balance, as of the last move.
    pub const fn balance(&self) -> Balance {
        Balance {
            available: self.available,
            held: self.held,
        }
    }

    /// Recomputes what must always be true.
    ///
    /// # Errors
    /// [`WalletError::Broken`] with the rule's name, or [`WalletError::TooManyLots`].
    pub fn check(&self) -> Result<(), WalletError> {
        let holds = |rule: bool, name| {
            if rule {
                Ok(())
            } else {
                Err(WalletError::Broken(name))
            }
        };
        let remaining = Credits::sum(self.lots.iter().map(|lot| lot.remaining))?;
        let held = Credits::sum(self.lots.iter().map(|lot| lot.held))?;
        let explained = Credits::sum([self.available, self.held, self.used, self.expired])?;
        holds(
            remaining == self.available,
            "available is the sum of what remains",
        )?;
        holds(held == self.held, "held is the sum of what lots hold")?;
        holds(
            explained == self.granted,
            "granted is available, held, used and expired",
        )?;
        holds(
            self.lots
                .iter()
                .all(|lot| !(lot.remaining.is_zero() && lot.held.is_zero())),
            "an empty lot leaves the wallet",
        )?;
        holds(
            self.lots.is_sorted_by_key(Lot::order),
            "lots stand in the order of use",
        )?;
        holds(self.version <= self.sequence, "every write has a row")?;
        if self.lots.len() > LOTS_MAX {
            return Err(WalletError::TooManyLots);
        }
        Ok(())
    }

    /// Adds a lot.
    ///
    /// # Promises
    /// Not idempotent by itself: the store keeps one row per [`Grant::key`] in the same transaction.
    ///
    /// # Errors
    /// [`WalletError::Zero`], [`WalletError::LotKnown`], [`WalletError::TooManyLots`] or [`WalletError::Credits`].
    pub fn grant(&self, grant: &Grant, now: Timestamp) -> Result<Posted, WalletError> {
        if grant.credits.is_zero() {
            return Err(WalletError::Zero);
        }
        if self.lots.iter().any(|lot| lot.id == grant.lot_id) {
            return Err(WalletError::LotKnown(grant.lot_id));
        }
        let mut book = Book::open(self, now)?;
        book.wallet.granted = book.wallet.granted.checked_add(grant.credits)?;
        book.wallet.lots.push(Lot {
            id: grant.lot_id,
            origin: grant.origin,
            remaining: grant.credits,
            held: Credits::ZERO,
            expires_at: grant.expires_at,
            in_grace: false,
            created_at: now,
        });
        book.post(Entry {
            id: grant.transaction_id,
            kind: TransactionKind::Grant,
            available: Change::plus(grant.credits),
            held: Change::ZERO,
            reference: Reference::Grant {
                key: grant.key.clone(),
                lot_id: grant.lot_id,
                origin: grant.origin,
            },
            grace: None,
            note: grant.note.clone(),
        })?;
        book.close()
    }

    /// Sets credits aside, from the lots that expire first.
    ///
    /// # Errors
    /// [`WalletError::Insufficient`] when usable lots do not cover it, [`WalletError::Zero`] for nothing.
    pub fn hold(&self, request: &HoldRequest, now: Timestamp) -> Result<(Posted, Hold), WalletError> {
        if request.credits.is_zero() {
            return Err(WalletError::Zero);
        }
        let mut book = Book::open(self, now)?;
        if book.wallet.available < request.credits {
            return Err(WalletError::Insufficient {
                needed: request.credits,
                available: book.wallet.available,
            });
        }
        let legs = book.take(request.credits)?;
        book.post(Entry {
            id: request.transaction_id,
            kind: TransactionKind::Hold,
            available: Change::minus(request.credits),
            held: Change::plus(request.credits),
            reference: Reference::Job {
                job_id: request.job_id,
                run: request.run,
            },
            grace: None,
            note: None,
        })?;
        let hold = Hold {
            job_id: request.job_id,
            run: request.run,
            credits: request.credits,
            legs,
            state: HoldState::Open,
            created_at: now,
        };
        Ok((book.close()?, hold))
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

    /// Gives a whole hold back to its lots; what expired meanwhile comes back for [`GRACE_MS`].
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

    /// Takes out what remains of lots whose time is over; no rows when there are none.
    ///
    /// # Errors
    /// [`WalletError::Broken`] or [`WalletError::Credits`] when the wallet was corrupt before.
    pub fn expire(&self, now: Timestamp) -> Result<Posted, WalletError> {
        Book::open(self, now)?.close()
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
        let grace = book.give_back(&hold.legs, charged)?;
        book.wallet.used = book.wallet.used.checked_add(charged)?;
        book.post(Entry {
            id,
            kind,
            available: Change::plus(returned),
            held: Change::minus(hold.credits),
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

#[cfg(test)]
mod tests;
