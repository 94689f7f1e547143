//! A wallet while one move is written into it: rows get their number, lots their order.

use domain::{Credits, LotId, Timestamp, TransactionId};
use ulid::Ulid;

use super::{GRACE_MS, Posted, Wallet, WalletError};
use crate::hold::shares;
use crate::{
    Change, Grace, HeldLeg, Hold, HoldRequest, Leg, Lot, Origin, Reference, Transaction, TransactionKind,
};

/// One row before it has its number and the balance after it.
pub(super) struct Entry {
    pub(super) id: TransactionId,
    pub(super) kind: TransactionKind,
    pub(super) available: Change,
    pub(super) held: Change,
    pub(super) debt: Change,
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
        let id = expiry_id(first, wallet.sequence);
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
            debt: Change::ZERO,
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
        wallet.debt = entry.debt.applied_to(wallet.debt)?;
        wallet.open_holds = match entry.kind {
            TransactionKind::Hold => wallet.open_holds.saturating_add(1),
            TransactionKind::Settle | TransactionKind::Release => wallet.open_holds.saturating_sub(1),
            TransactionKind::Grant
            | TransactionKind::Extend
            | TransactionKind::Expire
            | TransactionKind::ClawBack
            | TransactionKind::Reversal
            | TransactionKind::Adjust
            | TransactionKind::PayDebt => wallet.open_holds,
        };
        wallet.sequence = wallet.sequence.saturating_add(1);
        self.rows.push(Transaction {
            id: entry.id,
            sequence: wallet.sequence,
            kind: entry.kind,
            available: entry.available,
            held: entry.held,
            debt: entry.debt,
            after: wallet.balance(),
            reference: entry.reference,
            grace: entry.grace,
            note: entry.note,
            at: self.now,
        });
        Ok(())
    }

    /// Moves credits from remaining to held, first to expire first.
    fn take(&mut self, credits: Credits) -> Result<Vec<HeldLeg>, WalletError> {
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
            legs.push(HeldLeg::of(lot, part));
        }
        if left.is_zero() {
            Ok(legs)
        } else {
            Err(WalletError::Broken("available is the sum of what remains"))
        }
    }

    /// Sets credits aside for a job, with the row that says so.
    pub(super) fn set_aside(
        &mut self,
        kind: TransactionKind,
        request: &HoldRequest,
    ) -> Result<Vec<HeldLeg>, WalletError> {
        let (debt, available) = (self.wallet.debt, self.wallet.available);
        if !debt.is_zero() {
            return Err(WalletError::InDebt { debt });
        }
        if available < request.credits {
            return Err(WalletError::Insufficient {
                needed: request.credits,
                available,
            });
        }
        let legs = self.take(request.credits)?;
        self.post(Entry {
            id: request.transaction_id,
            kind,
            available: Change::minus(request.credits),
            held: Change::plus(request.credits),
            debt: Change::ZERO,
            reference: Reference::Job {
                job_id: request.job_id,
                run: request.run,
            },
            grace: None,
            note: None,
        })?;
        Ok(legs)
    }

    /// Legs of a hold and what was added to it, one per lot, in the order in which the lots stand now.
    pub(super) fn joined(&self, legs: &[HeldLeg], added: &[HeldLeg]) -> Result<Vec<HeldLeg>, WalletError> {
        let mut joined = Vec::new();
        for lot in &self.wallet.lots {
            let of_lot = legs.iter().chain(added).filter(|leg| leg.lot_id == lot.id);
            let credits = Credits::sum(of_lot.map(|leg| leg.credits))?;
            if !credits.is_zero() {
                joined.push(HeldLeg::of(lot, credits));
            }
        }
        Ok(joined)
    }

    /// Adds a lot; the caller posts its row.
    pub(super) fn add_lot(
        &mut self,
        id: LotId,
        origin: Origin,
        credits: Credits,
        expires_at: Timestamp,
    ) -> Result<(), WalletError> {
        if self.wallet.lots.iter().any(|lot| lot.id == id) {
            return Err(WalletError::LotKnown(id));
        }
        self.wallet.lots.push(Lot {
            id,
            origin,
            remaining: credits,
            held: Credits::ZERO,
            expires_at,
            grace_since: None,
            created_at: self.now,
        });
        Ok(())
    }

    /// Takes up to so many remaining credits out of the wallet: of one lot first, then first to expire first.
    pub(super) fn revoke(
        &mut self,
        credits: Credits,
        first: Option<LotId>,
    ) -> Result<(Vec<Leg>, Credits), WalletError> {
        let mut left = credits;
        let mut legs = Vec::new();
        let lots = &mut self.wallet.lots;
        let mut queue: Vec<&mut Lot> = lots.iter_mut().collect();
        // Stable: all but the first keep their order.
        queue.sort_by_key(|lot| Some(lot.id) != first);
        for lot in queue {
            let part = left.min(lot.remaining);
            if part.is_zero() {
                continue;
            }
            lot.remaining = lot.remaining.checked_sub(part)?;
            left = left.checked_sub(part)?;
            legs.push(Leg {
                lot_id: lot.id,
                credits: part,
            });
        }
        let taken = credits.checked_sub(left)?;
        self.wallet.revoked = self.wallet.revoked.checked_add(taken)?;
        Ok((legs, taken))
    }

    /// Ends the legs of a hold: the first `charged` credits are gone, the others go back to their lots.
    ///
    /// Grace is for credits that were held when their lot's own time ended: what was held in grace comes back to
    /// the lot as it is, or a start and a cancel would renew it for ever.
    pub(super) fn give_back(&mut self, hold: &Hold, charged: Credits) -> Result<Option<Grace>, WalletError> {
        let mut late = Credits::ZERO;
        let until = self.now.plus_ms(GRACE_MS);
        for share in shares(&hold.legs, charged)? {
            let (leg, back) = (share.leg, share.released);
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
            let own_end = lot.own_end();
            if hold.created_at < own_end && own_end <= self.now {
                lot.grace_since = Some(own_end);
                lot.expires_at = lot.expires_at.max(until);
                late = late.checked_add(back)?;
            }
        }
        Ok((!late.is_zero()).then_some(Grace { credits: late, until }))
    }

    /// What can be used pays what is owed, with a row of its own.
    fn pay_debt(&mut self) -> Result<(), WalletError> {
        let paid = self.wallet.debt.min(self.wallet.available);
        let Some(cause) = self.rows.last().map(|row| row.id).filter(|_| !paid.is_zero()) else {
            return Ok(());
        };
        let (lots, paid) = self.revoke(paid, None)?;
        self.post(Entry {
            id: payment_id(cause),
            kind: TransactionKind::PayDebt,
            available: Change::minus(paid),
            held: Change::ZERO,
            debt: Change::minus(paid),
            reference: Reference::Lots { lots },
            grace: None,
            note: None,
        })
    }

    pub(super) fn close(mut self) -> Result<Posted, WalletError> {
        // Before the debt is paid: a lot that came back with grace, or came last, has another place now.
        self.wallet.lots.sort_by_key(Lot::order);
        self.pay_debt()?;
        self.wallet
            .lots
            .retain(|lot| !(lot.remaining.is_zero() && lot.held.is_zero()));
        self.wallet.check()?;
        Ok(Posted {
            wallet: self.wallet,
            rows: self.rows,
        })
    }
}

/// Id of the row whose first lot this is: of its time, the lot and the row's place, so that no id has to be minted.
///
/// The place, because credits that were held in grace may come back to a lot that has expired, and expire then.
fn expiry_id(lot: &Lot, sequence: u64) -> TransactionId {
    let time_ms = u64::try_from(lot.expires_at.as_ms()).unwrap_or_default();
    let noise = lot.id.body().random() ^ u128::from(sequence);
    TransactionId::new(Ulid::from_parts(time_ms, noise))
}

/// Id of the row that pays a debt, from the row that brought the credits.
fn payment_id(cause: TransactionId) -> TransactionId {
    /// Any constant: far from every other id that could come of the same source.
    const APART: u128 = 0xDEB7_5A1D_0FF5_C0DE_3A17;
    let body = cause.body();
    TransactionId::new(Ulid::from_parts(body.timestamp_ms(), body.random() ^ APART))
}
