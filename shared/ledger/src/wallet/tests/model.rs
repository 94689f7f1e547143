//! Random moves in any order, against a reference that knows single credits and nothing of lots, legs or totals.

use std::collections::BTreeSet;

use domain::{Credits, LotId, Timestamp};
use proptest::prelude::*;

use super::{at, grant, request, txn};
use crate::{Balance, Hold, Transaction, Wallet, WalletError};
use heap::{Coin, Heap, Place};

mod heap;

#[derive(Debug, Clone)]
enum Move {
    Grant { credits: u64, days: i64 },
    Hold { credits: u64 },
    Extend { hold: usize, credits: u64 },
    ClawBack { credits: u64, of: usize },
    Reverse { claw_back: usize, days: i64 },
    Adjust { change: i64 },
    Settle { hold: usize, percent: u64 },
    Release { hold: usize },
    Expire,
    Wait { hours: i64 },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        3 => (1_u64..40, 1_i64..40).prop_map(|(credits, days)| Move::Grant { credits, days }),
        4 => (1_u64..50).prop_map(|credits| Move::Hold { credits }),
        2 => (0_usize..8, 1_u64..30).prop_map(|(hold, credits)| Move::Extend { hold, credits }),
        1 => (1_u64..60, 0_usize..6).prop_map(|(credits, of)| Move::ClawBack { credits, of }),
        1 => (0_usize..4, 1_i64..40).prop_map(|(claw_back, days)| Move::Reverse { claw_back, days }),
        1 => (-20_i64..20).prop_map(|change| Move::Adjust { change }),
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
    lots: usize,
    /// Credits of each claw back that was not undone.
    claw_backs: Vec<u64>,
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
            Move::Extend { hold, credits } => self.extend(*hold, *credits),
            Move::ClawBack { credits, of } => self.claw_back(*credits, *of),
            Move::Reverse { claw_back, days } => self.reverse(*claw_back, now.plus_days(*days)),
            Move::Adjust { change } => self.adjust(*change, now.plus_days(10)),
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

    /// Takes the answer over; the reference pays its debt as the wallet has.
    fn keep(&mut self, posted: crate::Posted) {
        self.heap.pay_debt();
        self.wallet = posted.wallet;
        self.rows.extend(posted.rows);
    }

    fn grant(&mut self, credits: u64, until: Timestamp) {
        let now = self.now();
        let number = self.next_lot();
        let posted = self.wallet.grant(&grant(number, credits, until), now).unwrap();
        self.heap.expire(now);
        self.heap.add(credits, until, (now, self.lots));
        self.keep(posted);
    }

    fn next_lot(&mut self) -> u128 {
        self.lots += 1;
        self.lots.try_into().unwrap()
    }

    fn claw_back(&mut self, credits: u64, of: usize) {
        let now = self.now();
        let asked = super::claw_back(0, credits);
        let asked = crate::ClawBack {
            transaction_id: self.next_id(),
            ..asked
        };
        let first = LotId::new(u128::try_from(of).unwrap().into());
        let posted = self.wallet.claw_back(&asked, Some(first), now).unwrap();
        self.heap.expire(now);
        self.heap.take_back(credits, Some(of));
        self.claw_backs.push(credits);
        self.keep(posted);
    }

    fn reverse(&mut self, index: usize, until: Timestamp) {
        if index >= self.claw_backs.len() {
            return;
        }
        let now = self.now();
        let credits = self.claw_backs.swap_remove(index);
        let reversal = crate::Reversal {
            key: index.to_string(),
            lot_id: LotId::new(self.next_lot().into()),
            transaction_id: self.next_id(),
            expires_at: until,
            note: None,
        };
        let posted = self
            .wallet
            .reverse(&reversal, Credits::new(credits), now)
            .unwrap();
        self.heap.expire(now);
        let lifted = credits.min(self.heap.debt);
        self.heap.debt -= lifted;
        // What comes back is what was taken before, in a lot of its own.
        let taken = |coin: &Coin| coin.place == Place::Revoked;
        for _ in lifted..credits {
            let place = self.heap.coins.iter().position(taken).unwrap();
            self.heap.coins.swap_remove(place);
        }
        self.heap.add(credits - lifted, until, (now, self.lots));
        self.keep(posted);
    }

    fn adjust(&mut self, change: i64, until: Timestamp) {
        let now = self.now();
        let size = change.unsigned_abs();
        let adjustment = super::adjustment(self.next_lot(), change, until);
        let adjustment = crate::Adjustment {
            transaction_id: self.next_id(),
            ..adjustment
        };
        match self.wallet.adjust(&adjustment, now) {
            Ok(posted) => {
                self.heap.expire(now);
                if change < 0 {
                    self.heap.take_back(size, None);
                } else {
                    self.heap.add(size, until, (now, self.lots));
                }
                self.keep(posted);
            }
            Err(refused) => assert_eq!((refused, change), (WalletError::Zero, 0)),
        }
    }

    fn extend(&mut self, index: usize, credits: u64) {
        let now = self.now();
        let Some(hold) = self.holds.get(index).cloned() else {
            return;
        };
        let free = self.heap.free_at(now);
        match self
            .wallet
            .extend(&hold, Credits::new(credits), self.next_id(), now)
        {
            Ok((posted, extended)) => {
                assert!(hold.state.is_open() && free >= credits && self.heap.debt == 0);
                self.heap.expire(now);
                self.heap.hold(index, credits);
                self.holds[index] = extended;
                self.keep(posted);
            }
            Err(WalletError::HoldEnded) => assert!(!hold.state.is_open()),
            Err(WalletError::InDebt { debt }) => assert_eq!(debt.get(), self.heap.debt),
            Err(WalletError::Insufficient { .. }) => assert!(free < credits),
            Err(other) => panic!("{other}"),
        }
    }

    fn hold(&mut self, credits: u64) {
        let now = self.now();
        let number = u128::try_from(self.holds.len()).unwrap();
        let answer = self.wallet.hold(&request(number, credits), now);
        let free = self.heap.free_at(now);
        match answer {
            Ok((posted, hold)) => {
                assert!(free >= credits && self.heap.debt == 0);
                self.heap.expire(now);
                self.heap.hold(self.holds.len(), credits);
                self.holds.push(hold);
                self.keep(posted);
            }
            Err(WalletError::InDebt { debt }) => assert_eq!(debt.get(), self.heap.debt),
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
                self.heap.give_back(index, hold.created_at, now);
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
        let taken = heap.count(|place| place == Place::Revoked);
        assert_eq!(
            (self.wallet.revoked().get(), self.wallet.debt().get()),
            (taken, heap.debt)
        );
        let undone: u64 = self.claw_backs.iter().sum();
        assert!(taken + heap.debt >= undone);
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
            assert_eq!(row.debt.applied_to(balance.debt), Ok(row.after.debt));
            balance = row.after;
        }
        assert_eq!(balance, self.wallet.balance());
        let ids: BTreeSet<_> = self.rows.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), self.rows.len());
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

#[test]
fn what_came_back_with_grace_pays_a_debt_after_what_expires_sooner() {
    let mut pair = Pair::default();
    for next in [
        Move::Grant {
            credits: 22,
            days: 25,
        },
        Move::Grant { credits: 35, days: 8 },
        Move::Wait { hours: 139 },
        Move::Hold { credits: 14 },
        Move::Hold { credits: 22 },
        Move::ClawBack { credits: 47, of: 0 },
        Move::Wait { hours: 404 },
        Move::Grant { credits: 5, days: 1 },
        Move::Release { hold: 1 },
        Move::Wait { hours: 57 },
    ] {
        pair.make(&next);
        pair.check();
    }
    assert_eq!(pair.wallet.available_at(pair.now()).get(), 1);
}
