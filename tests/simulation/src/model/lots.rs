//! The lots of the model.

use domain::{LotId, Timestamp};

/// Hours for which credits come back when their lot expired meanwhile: the rule, not the store's constant.
const GRACE_HOURS: i64 = 72;

/// A lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ModelLot {
    pub(super) id: LotId,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    /// When its time was over before any grace.
    pub(super) own_end: Timestamp,
    pub(super) remaining: u64,
    pub(super) held: u64,
}

impl ModelLot {
    pub(super) const fn of(id: LotId, credits: u64, expires_at: Timestamp, now: Timestamp) -> Self {
        Self {
            id,
            created_at: now,
            expires_at,
            own_end: expires_at,
            remaining: credits,
            held: 0,
        }
    }
}

/// All lots with credits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lots {
    pub(super) lots: Vec<ModelLot>,
    /// Credits that ever expired.
    pub(super) expired: u64,
}

impl Lots {
    pub(super) fn push(&mut self, lot: ModelLot) {
        self.lots.push(lot);
    }

    /// First to expire first; empty ones leave.
    pub(super) fn sort(&mut self) {
        self.lots.retain(|lot| lot.remaining + lot.held > 0);
        self.lots
            .sort_by_key(|lot| (lot.expires_at, lot.created_at, lot.id));
    }

    pub(super) fn expire(&mut self, now: Timestamp) {
        for lot in self.lots.iter_mut().filter(|lot| lot.expires_at <= now) {
            self.expired += lot.remaining;
            lot.remaining = 0;
        }
        self.sort();
    }

    /// Whether credits have expired that nobody has written off yet.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        let due = |lot: &ModelLot| lot.expires_at <= now && lot.remaining > 0;
        self.lots.iter().any(due)
    }

    /// Every lot, first to be used first.
    pub(super) fn order(&self) -> Vec<LotId> {
        self.lots.iter().map(|lot| lot.id).collect()
    }

    pub(super) fn available_at(&self, now: Timestamp) -> u64 {
        let usable = self.lots.iter().filter(|lot| lot.expires_at > now);
        usable.map(|lot| lot.remaining).sum()
    }

    pub(super) fn held(&self) -> u64 {
        self.lots.iter().map(|lot| lot.held).sum()
    }

    /// Sets credits aside; who calls has looked that they are there.
    pub(super) fn hold(&mut self, credits: u64) -> Vec<(LotId, u64)> {
        let mut left = credits;
        let mut legs = Vec::new();
        for lot in &mut self.lots {
            let part = left.min(lot.remaining);
            lot.remaining -= part;
            lot.held += part;
            left -= part;
            if part > 0 {
                legs.push((lot.id, part));
            }
        }
        legs
    }

    /// Takes credits away, of one lot first; how many were there.
    pub(super) fn revoke(&mut self, credits: u64, first: Option<LotId>) -> u64 {
        let mut left = credits;
        self.lots.sort_by_key(|lot| Some(lot.id) != first);
        for lot in &mut self.lots {
            let part = left.min(lot.remaining);
            lot.remaining -= part;
            left -= part;
        }
        self.sort();
        credits - left
    }

    /// Ends a leg of which a part was charged; grace is for what was held when its lot's own time ended.
    pub(super) fn give_back(
        &mut self,
        id: LotId,
        (credits, charged): (u64, u64),
        held_at: Timestamp,
        now: Timestamp,
    ) {
        for lot in self.lots.iter_mut().filter(|lot| lot.id == id) {
            lot.held -= credits;
            lot.remaining += credits - charged;
            if credits > charged && held_at < lot.own_end && lot.own_end <= now {
                lot.expires_at = lot.expires_at.max(now.plus_s(GRACE_HOURS * 3600));
            }
        }
    }
}
