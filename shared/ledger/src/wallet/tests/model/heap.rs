//! The reference: single credits, each with its place and its time, and how many are owed.

use domain::Timestamp;

use super::super::at;
use crate::wallet::GRACE_MS;

/// Where one credit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Free,
    Held(usize),
    Used,
    Expired,
    Revoked,
}

/// One credit.
#[derive(Debug, Clone)]
pub(super) struct Coin {
    pub(super) place: Place,
    /// When it expires.
    until: Timestamp,
    /// When it was granted, and by which grant.
    lot: (Timestamp, usize),
    /// When its lot expires without any grace.
    own_end: Timestamp,
    /// Its place in the queue when it was last moved: what is held first is charged first.
    rank: (Timestamp, (Timestamp, usize)),
}

/// The reference: a heap of coins, and how many are owed.
#[derive(Debug, Default)]
pub(super) struct Heap {
    pub(super) coins: Vec<Coin>,
    pub(super) debt: u64,
}

impl Heap {
    pub(super) fn expire(&mut self, now: Timestamp) {
        for coin in &mut self.coins {
            if coin.place == Place::Free && coin.until <= now {
                coin.place = Place::Expired;
            }
        }
    }

    pub(super) fn count(&self, wanted: impl Fn(Place) -> bool) -> u64 {
        let count = self.coins.iter().filter(|coin| wanted(coin.place)).count();
        count.try_into().unwrap()
    }

    pub(super) fn free_at(&self, now: Timestamp) -> u64 {
        let free = |coin: &&Coin| coin.place == Place::Free && coin.until > now;
        self.coins.iter().filter(free).count().try_into().unwrap()
    }

    pub(super) fn hold(&mut self, hold: usize, credits: u64) {
        self.line_up(Place::Free);
        self.shift(Place::Free, Place::Held(hold), credits);
        // What was added later takes its place among what was there.
        self.line_up(Place::Held(hold));
    }

    pub(super) fn line_up(&mut self, place: Place) {
        for coin in self.coins.iter_mut().filter(|coin| coin.place == place) {
            coin.rank = (coin.until, coin.lot);
        }
    }

    pub(super) fn add(&mut self, credits: u64, until: Timestamp, lot: (Timestamp, usize)) {
        let coin = Coin {
            place: Place::Free,
            until,
            lot,
            own_end: until,
            rank: (until, lot),
        };
        self.coins.extend((0..credits).map(|_| coin.clone()));
    }

    /// Takes coins of one lot first; what is not there is owed.
    pub(super) fn take_back(&mut self, credits: u64, first: Option<usize>) {
        let before = self.count(|place| place == Place::Revoked);
        self.line_up(Place::Free);
        // Only what is free: a held coin of that lot keeps its turn to be charged.
        let free = |coin: &&mut Coin| coin.place == Place::Free && Some(coin.lot.1) == first;
        for coin in self.coins.iter_mut().filter(free) {
            coin.rank = (at(-1), coin.lot);
        }
        self.shift(Place::Free, Place::Revoked, credits);
        self.debt += credits - (self.count(|place| place == Place::Revoked) - before);
    }

    /// After every move, coins that can be used pay what is owed.
    pub(super) fn pay_debt(&mut self) {
        let paid = self.debt.min(self.count(|place| place == Place::Free));
        self.line_up(Place::Free);
        self.shift(Place::Free, Place::Revoked, paid);
        self.debt -= paid;
    }

    /// Moves up to `count` coins of a place, first of the queue first.
    pub(super) fn shift(&mut self, from: Place, to: Place, count: u64) {
        let mut coins: Vec<&mut Coin> = self.coins.iter_mut().filter(|coin| coin.place == from).collect();
        coins.sort_by_key(|coin| coin.rank);
        for coin in coins.into_iter().take(count.try_into().unwrap()) {
            coin.place = to;
        }
    }

    /// Gives the rest of a hold back; a lot that had expired meanwhile lives on for the grace.
    pub(super) fn give_back(&mut self, hold: usize, held_at: Timestamp, now: Timestamp) {
        let is_late =
            |coin: &&Coin| coin.place == Place::Held(hold) && held_at < coin.own_end && coin.own_end <= now;
        let late: Vec<_> = self.coins.iter().filter(is_late).map(|coin| coin.lot).collect();
        for coin in &mut self.coins {
            if late.contains(&coin.lot) {
                coin.until = coin.until.max(now.plus_ms(GRACE_MS));
            }
        }
        self.shift(Place::Held(hold), Place::Free, 1 << 40);
    }
}
