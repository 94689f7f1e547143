//! The wallet of an account: its lots, and the only things that can happen to its credits.
//!
//! | move | available | held | debt | row |
//! |---|---|---|---|---|
//! | [`Wallet::grant`] | + credits | | | `grant` |
//! | [`Wallet::hold`] | - credits | + credits | | `hold` |
//! | [`Wallet::extend`] | - credits | + credits | | `extend` |
//! | [`Wallet::settle`] | + what was not charged | - hold | | `settle` |
//! | [`Wallet::release`] | + hold | - hold | | `release` |
//! | [`Wallet::expire`] | - what remains of due lots | | | `expire` |
//! | [`Wallet::claw_back`] | - what is there | | + the rest | `claw_back` |
//! | [`Wallet::reverse`] | + the rest | | - what is owed | `reversal` |
//! | [`Wallet::adjust`] | + or -, as it says | | + what is not there | `adjust` |
//!
//! Every move first expires what is due, so a balance never shows credits whose time is over.
//! Every move last pays what is owed from what it made available (row `pay_debt`), so nothing is available beside a
//! debt, and a wallet with a debt holds nothing new.

use domain::{Credits, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Balance, Change, Grant, Lot, Reference, Transaction, TransactionKind};
use book::{Book, Entry};
pub use refusal::WalletError;

mod book;
mod corrections;
mod holds;
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
    /// The next wallet.
    pub wallet: Wallet,
    /// At most three: the expiry that was due, the move itself, and what it paid of a debt.
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
    #[serde(default)]
    revoked: Credits,
    #[serde(default)]
    debt: Credits,
    #[serde(default)]
    open_holds: u32,
    lots: Vec<Lot>,
    sequence: u64,
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

    /// Holds that have not ended: one for each open job.
    pub const fn open_holds(&self) -> u32 {
        self.open_holds
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

    /// Credits that were ever taken back, less what came back of them.
    pub const fn revoked(&self) -> Credits {
        self.revoked
    }

    /// Credits that are owed; while there are any, nothing new can be held.
    pub const fn debt(&self) -> Credits {
        self.debt
    }

    /// Lots with credits, first to be used first.
    pub fn lots(&self) -> &[Lot] {
        &self.lots
    }

    /// Number of history rows so far; every move adds one, so it also tells one state of a wallet from another.
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Lots of which something remains that expires before this instant, first to expire first.
    pub fn expiring(&self, before: Timestamp) -> impl Iterator<Item = &Lot> {
        self.lots
            .iter()
            .filter(move |lot| lot.expires_at < before && !lot.remaining.is_zero())
    }

    /// When [`Self::expire`] next has something to do; none while nothing remains.
    pub fn next_expiry(&self) -> Option<Timestamp> {
        let remaining = self.lots.iter().filter(|lot| !lot.remaining.is_zero());
        remaining.map(|lot| lot.expires_at).min()
    }

    /// Every part of the balance, as of the last move.
    pub const fn balance(&self) -> Balance {
        Balance {
            available: self.available,
            held: self.held,
            debt: self.debt,
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
        let explained = Credits::sum([self.available, self.held, self.used, self.expired, self.revoked])?;
        holds(
            remaining == self.available,
            "available is the sum of what remains",
        )?;
        holds(held == self.held, "held is the sum of what lots hold")?;
        holds(
            (self.open_holds == 0) == self.held.is_zero(),
            "something is held while a hold is open",
        )?;
        holds(
            explained == self.granted,
            "granted is available, held, used, expired and revoked",
        )?;
        holds(
            self.available.is_zero() || self.debt.is_zero(),
            "nothing is available beside a debt",
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
        let mut book = Book::open(self, now)?;
        book.wallet.granted = book.wallet.granted.checked_add(grant.credits)?;
        book.add_lot(grant.lot_id, grant.origin, grant.credits, grant.expires_at)?;
        book.post(Entry {
            id: grant.transaction_id,
            kind: TransactionKind::Grant,
            available: Change::plus(grant.credits),
            held: Change::ZERO,
            debt: Change::ZERO,
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

    /// Takes out what remains of lots whose time is over; no rows when there are none.
    ///
    /// # Errors
    /// [`WalletError::Broken`] or [`WalletError::Credits`] when the wallet was corrupt before.
    pub fn expire(&self, now: Timestamp) -> Result<Posted, WalletError> {
        Book::open(self, now)?.close()
    }
}

#[cfg(test)]
mod tests;
