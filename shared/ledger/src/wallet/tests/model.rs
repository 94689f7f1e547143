//! Random moves in any order, against a reference that knows single credits and nothing of lots, legs or totals.

use domain::{Credits, Timestamp};
use proptest::prelude::*;

use super::{at, grant, request, txn};
use crate::wallet::GRACE_MS;
use crate::{Balance, Hold, Transaction, Wallet, WalletError};

/// Where one credit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Free,
    Held(usize),
    Used,
    Expired,
}

/// One credit.
#[derive(Debug, Clone)]
struct Coin {
    place: Place,
    /// When it expires.
    until: Timestamp,
    /// When it was granted, and by which grant.
    lot: (Timestamp, usize),
    /// Whether its lot had expired while it was held.
    in_grace: bool,
    /// Its place in the queue when it was last moved: what is held first is charged first.
    rank: (Timestamp, (Timestamp, usize)),
}

/// The reference: a heap of coins.
#[derive(Debug, Default)]
struct Heap(Vec<Coin>);

impl Heap {
    fn expire(&mut self, now: Timestamp) {
        for coin in &mut self.0 {
            if coin.place == Place::Free && coin.until <= now {
                coin.place = Place::Expired;
            }
        }
    }

    fn count(&self, wanted: impl Fn(Place) -> bool) -> u64 {
        let count = self.0.iter().filter(|coin| wanted(coin.place)).count();
        count.try_into().unwrap()
    }

    fn free_at(&self, now: Timestamp) -> u64 {
        let free = |coin: &&Coin| coin.place == Place::Free && coin.until > now;
        self.0.iter().filter(free).count().try_into().unwrap()
    }

    fn hold(&mut self, hold: usize, credits: u64) {
        for coin in &mut self.0 {
            if coin.place == Place::Free {
                coin.rank = (coin.until, coin.lot);
            }
        }
        self.shift(Place::Free, Place::Held(hold), credits);
    }

    /// Moves up to `count` coins of a place, first of the queue first.
    fn shift(&mut self, from: Place, to: Place, count: u64) {
        let mut coins: Vec<&mut Coin> = self.0.iter_mut().filter(|coin| coin.place == from).collect();
        coins.sort_by_key(|coin| coin.rank);
        for coin in coins.into_iter().take(count.try_into().unwrap()) {
            coin.place = to;
        }
    }

    /// Gives the rest of a hold back; a lot that had expired meanwhile lives on for the grace.
    fn give_back(&mut self, hold: usize, now: Timestamp) {
        let is_late = |coin: &&Coin| coin.place == Place::Held(hold) && (coin.in_grace || coin.until <= now);
        let late: Vec<_> = self.0.iter().filter(is_late).map(|coin| coin.lot).collect();
        for coin in &mut self.0 {
            if late.contains(&coin.lot) {
                coin.in_grace = true;
                coin.until = coin.until.max(now.plus_ms(GRACE_MS));
            }
        }
        self.shift(Place::Held(hold), Place::Free, 1 << 40);
    }
}

#[derive(Debug, Clone)]
enum Move {
    Grant { credits: u64, days: i64 },
    Hold { credits: u64 },
    Settle { hold: usize, percent: u64 },
    Release { hold: usize },
    Expire,
    Wait { hours: i64 },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        3 => (1_u64..40, 1_i64..40).prop_map(|(credits, days)| Move::Grant { credits, days }),
        4 => (1_u64..50).prop_map(|credits| Move::Hold { credits }),
        3 => (0_usize..8, 0_u64..=120).prop_map(|(hold, percent)| Move::Settle { hold, percent }),
        3 => (0_usize..8).prop_map(|hold| Move::Release { hold }),
        1 => Just(Move::Expire),
        3 => (1_i64..300).prop_map(|hours| Move::Wait { hours }),
    ];
    proptest::collection::vec(one, 1..60)
}

/// The wallet under test beside its reference.
#[derive(Debug, Default)]
struct Pair {
    wallet: Wallet,
    heap: Heap,
    holds: Vec<Hold>,
    rows: Vec<Transaction>,
    now_hours: i64,
    grants: usize,
}

impl Pair {
    fn now(&self) -> Timestamp {
        at(0).plus_s(self.now_hours * 3600)
    }

    fn next_id(&self) -> domain::TransactionId {
        txn(1_000_000 + u128::try_from(self.rows.len()).unwrap())
    }

    fn make(&mut self, next: &Move) {
        let now = self.now();
        match next {
            Move::Grant { credits, days } => self.grant(*credits, now.plus_days(*days)),
            Move::Hold { credits } => self.hold(*credits),
            Move::Settle { hold, percent } => self.end(*hold, Some(*percent)),
            Move::Release { hold } => self.end(*hold, None),
            Move::Expire => {
                let posted = self.wallet.expire(now).unwrap();
                self.heap.expire(now);
                self.keep(posted);
            }
            Move::Wait { hours } => self.now_hours += hours,
        }
    }

    fn keep(&mut self, posted: crate::Posted) {
        self.wallet = posted.wallet;
        self.rows.extend(posted.rows);
    }

    fn grant(&mut self, credits: u64, until: Timestamp) {
        self.grants += 1;
        let now = self.now();
        let number = u128::try_from(self.grants).unwrap();
        let posted = self.wallet.grant(&grant(number, credits, until), now).unwrap();
        self.heap.expire(now);
        let lot = (now, self.grants);
        let coin = Coin {
            place: Place::Free,
            until,
            lot,
            in_grace: false,
            rank: (until, lot),
        };
        self.heap.0.extend((0..credits).map(|_| coin.clone()));
        self.keep(posted);
    }

    fn hold(&mut self, credits: u64) {
        let now = self.now();
        let number = u128::try_from(self.holds.len()).unwrap();
        let answer = self.wallet.hold(&request(number, credits), now);
        let free = self.heap.free_at(now);
        match answer {
            Ok((posted, hold)) => {
                assert!(free >= credits);
                self.heap.expire(now);
                self.heap.hold(self.holds.len(), credits);
                self.holds.push(hold);
                self.keep(posted);
            }
            Err(refused) => {
                assert!(free < credits);
                assert!(matches!(refused, WalletError::Insufficient { .. }));
            }
        }
    }

    fn end(&mut self, index: usize, percent: Option<u64>) {
        let now = self.now();
        let Some(hold) = self.holds.get(index).cloned() else {
            return;
        };
        let charged = percent.map(|percent| hold.credits.get() * percent / 100);
        let answer = match charged {
            Some(charged) => self
                .wallet
                .settle(&hold, Credits::new(charged), self.next_id(), now),
            None => self.wallet.release(&hold, self.next_id(), now),
        };
        match answer {
            Ok((posted, ended)) => {
                assert!(hold.state.is_open());
                self.heap.expire(now);
                self.heap
                    .shift(Place::Held(index), Place::Used, charged.unwrap_or_default());
                self.heap.give_back(index, now);
                self.holds[index] = ended;
                self.keep(posted);
            }
            Err(WalletError::HoldEnded) => assert!(!hold.state.is_open()),
            Err(WalletError::AboveHold { .. }) => assert!(charged.unwrap() > hold.credits.get()),
            Err(other) => panic!("{other}"),
        }
    }

    fn check(&self) {
        self.wallet.check().unwrap();
        let heap = &self.heap;
        let of_heap = (
            heap.count(|place| place == Place::Free),
            heap.count(|place| matches!(place, Place::Held(_))),
            heap.count(|place| place == Place::Used),
            heap.count(|place| place == Place::Expired),
        );
        assert_eq!(super::amounts(&self.wallet), of_heap);
        let open = self.holds.iter().filter(|hold| hold.state.is_open());
        let in_legs: u64 = open
            .flat_map(|hold| &hold.legs)
            .map(|leg| leg.credits.get())
            .sum();
        assert_eq!(in_legs, self.wallet.held().get());
        let mut balance = Balance::default();
        for (row, sequence) in self.rows.iter().zip(1_u64..) {
            assert_eq!(row.sequence, sequence);
            assert_eq!(
                row.available.applied_to(balance.available),
                Ok(row.after.available)
            );
            assert_eq!(row.held.applied_to(balance.held), Ok(row.after.held));
            balance = row.after;
        }
        assert_eq!(balance, self.wallet.balance());
        let now = self.now();
        assert_eq!(self.wallet.available_at(now).get(), heap.free_at(now));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_moves_in_any_order_agree_with_a_heap_of_single_credits(moves in moves()) {
        let mut pair = Pair::default();
        for next in &moves {
            pair.make(next);
            pair.check();
        }
    }

    #[test]
    fn a_wallet_is_read_as_it_was_written(moves in moves()) {
        let mut pair = Pair::default();
        for next in &moves {
            pair.make(next);
        }
        let written = serde_json::to_string(&(&pair.wallet, &pair.holds, &pair.rows)).unwrap();
        let read: (Wallet, Vec<Hold>, Vec<Transaction>) = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(read, (pair.wallet, pair.holds, pair.rows));
    }
}
