//! A wallet while one move is written into it: rows get their number, lots their order.

use domain::{Credits, Timestamp, TransactionId};
use ulid::Ulid;

use super::{GRACE_MS, Posted, Wallet, WalletError};
use crate::{Change, Grace, Leg, Lot, Reference, Transaction, TransactionKind};

/// One row before it has its number and the balance after it.
pub(super) struct Entry {
    pub(super) id: TransactionId,
    pub(super) kind: TransactionKind,
    pub(super) available: Change,
    pub(super) held: Change,
    pub(super) reference: Reference,
    pub(super) grace: Option<Grace>,
    pub(super) note: Option<String>,
}

/// A wallet while a move is written into it.
pub(super) struct Book {
    pub(super) wallet: Wallet,
    rows: Vec<Transaction>,
    now: Timestamp,
}

impl Book {
    /// Copies the wallet and expires what is due.
    pub(super) fn open(wallet: &Wallet, now: Timestamp) -> Result<Self, WalletError> {
        let mut book = Self {
            wallet: wallet.clone(),
            rows: Vec::new(),
            now,
        };
        let Some(first) = book.wallet.lots.iter().find(|lot| lot.is_due(now)) else {
            return Ok(book);
        };
        let id = expiry_id(first);
        let mut lots = Vec::new();
        for lot in book.wallet.lots.iter_mut().filter(|lot| lot.is_due(now)) {
            lots.push(Leg {
                lot_id: lot.id,
                credits: lot.remaining,
            });
            lot.remaining = Credits::ZERO;
        }
        let sum = Credits::sum(lots.iter().map(|lot| lot.credits))?;
        book.wallet.expired = book.wallet.expired.checked_add(sum)?;
        book.post(Entry {
            id,
            kind: TransactionKind::Expire,
            available: Change::minus(sum),
            held: Change::ZERO,
            reference: Reference::Lots { lots },
            grace: None,
            note: None,
        })?;
        Ok(book)
    }

    pub(super) fn post(&mut self, entry: Entry) -> Result<(), WalletError> {
        let wallet = &mut self.wallet;
        wallet.available = entry.available.applied_to(wallet.available)?;
        wallet.held = entry.held.applied_to(wallet.held)?;
        wallet.sequence = wallet.sequence.saturating_add(1);
        self.rows.push(Transaction {
            id: entry.id,
            sequence: wallet.sequence,
            kind: entry.kind,
            available: entry.available,
            held: entry.held,
            after: wallet.balance(),
            reference: entry.reference,
            grace: entry.grace,
            note: entry.note,
            at: self.now,
        });
        Ok(())
    }

    /// Moves credits from remaining to held, first to expire first.
    pub(super) fn take(&mut self, credits: Credits) -> Result<Vec<Leg>, WalletError> {
        let mut left = credits;
        let mut legs = Vec::new();
        for lot in &mut self.wallet.lots {
            let part = left.min(lot.remaining);
            if part.is_zero() {
                continue;
            }
            lot.remaining = lot.remaining.checked_sub(part)?;
            lot.held = lot.held.checked_add(part)?;
            left = left.checked_sub(part)?;
            legs.push(Leg {
                lot_id: lot.id,
                credits: part,
            });
        }
        if left.is_zero() {
            Ok(legs)
        } else {
            Err(WalletError::Broken("available is the sum of what remains"))
        }
    }

    /// Ends the legs: the first `charged` credits are gone, the others go back to their lots.
    pub(super) fn give_back(&mut self, legs: &[Leg], charged: Credits) -> Result<Option<Grace>, WalletError> {
        let mut to_charge = charged;
        let mut late = Credits::ZERO;
        let until = self.now.plus_ms(GRACE_MS);
        for leg in legs {
            let part = to_charge.min(leg.credits);
            to_charge = to_charge.checked_sub(part)?;
            let back = leg.credits.checked_sub(part)?;
            let lot = self
                .wallet
                .lots
                .iter_mut()
                .find(|lot| lot.id == leg.lot_id && lot.held >= leg.credits)
                .ok_or(WalletError::LotMissing(leg.lot_id))?;
            lot.held = lot.held.checked_sub(leg.credits)?;
            lot.remaining = lot.remaining.checked_add(back)?;
            if back.is_zero() {
                continue;
            }
            if lot.in_grace || lot.is_expired(self.now) {
                lot.in_grace = true;
                lot.expires_at = lot.expires_at.max(until);
                late = late.checked_add(back)?;
            }
        }
        Ok((!late.is_zero()).then_some(Grace { credits: late, until }))
    }

    pub(super) fn close(mut self) -> Result<Posted, WalletError> {
        self.wallet
            .lots
            .retain(|lot| !(lot.remaining.is_zero() && lot.held.is_zero()));
        self.wallet.lots.sort_by_key(Lot::order);
        if !self.rows.is_empty() {
            self.wallet.version = self.wallet.version.saturating_add(1);
        }
        self.wallet.check()?;
        Ok(Posted {
            wallet: self.wallet,
            rows: self.rows,
        })
    }
}

/// Id of the row whose first lot this is: of its time and of the lot, so that no id has to be minted for it.
///
/// A lot in grace may expire a second time, but then at another instant.
fn expiry_id(lot: &Lot) -> TransactionId {
    let time_ms = u64::try_from(lot.expires_at.as_ms()).unwrap_or_default();
    TransactionId::new(Ulid::from_parts(time_ms, lot.id.body().random()))
}
