//! Tests of `wallet`: each rule by itself. All rules together, against a reference, are in `model`.

use domain::{Credits, JobId, LotId, Timestamp, TransactionId};

use super::{GRACE_MS, LOTS_MAX, Posted, Wallet, WalletError};
use crate::{
    Adjustment, Change, ClawBack, Grant, Hold, HoldRequest, HoldState, Origin, Reference, TransactionKind,
};

mod corrections;
mod model;

const DAY_MS: i64 = 86_400_000;

pub(super) fn at(day: i64) -> Timestamp {
    Timestamp::from_ms(day * DAY_MS)
}

pub(super) fn txn(number: u128) -> TransactionId {
    TransactionId::new(number.into())
}

pub(super) fn grant(number: u128, credits: u64, expires_at: Timestamp) -> Grant {
    Grant {
        key: format!("grant:{number}"),
        lot_id: LotId::new(number.into()),
        transaction_id: txn(number),
        origin: Origin::Purchase,
        credits: Credits::new(credits),
        expires_at,
        note: Some("a note".to_owned()),
    }
}

pub(super) fn claw_back(number: u128, credits: u64) -> ClawBack {
    ClawBack {
        key: format!("refund:{number}"),
        credits: Credits::new(credits),
        from_grant: None,
        transaction_id: txn(2000 + number),
        note: Some("a refund".to_owned()),
    }
}

pub(super) fn adjustment(number: u128, change: i64, expires_at: Timestamp) -> Adjustment {
    let size = Credits::new(change.unsigned_abs());
    Adjustment {
        key: format!("ticket:{number}"),
        change: if change < 0 {
            Change::minus(size)
        } else {
            Change::plus(size)
        },
        lot_id: LotId::new(number.into()),
        transaction_id: txn(3000 + number),
        expires_at,
        note: "by hand".to_owned(),
    }
}

pub(super) fn request(number: u128, credits: u64) -> HoldRequest {
    HoldRequest {
        job_id: JobId::new(number.into()),
        run: 1,
        spender: None,
        maker: None,
        credits: Credits::new(credits),
        transaction_id: txn(1000 + number),
    }
}

/// Granted on day 0: 10 credits until day 30 as lot 1, 20 credits until day 10 as lot 2.
fn two_lots() -> Wallet {
    let wallet = Wallet::default()
        .grant(&grant(1, 10, at(30)), at(0))
        .unwrap()
        .wallet;
    wallet.grant(&grant(2, 20, at(10)), at(0)).unwrap().wallet
}

fn amounts(wallet: &Wallet) -> (u64, u64, u64, u64) {
    (
        wallet.available().get(),
        wallet.held().get(),
        wallet.used().get(),
        wallet.expired().get(),
    )
}

fn legs(hold: &Hold) -> Vec<(u128, u64)> {
    hold.legs
        .iter()
        .map(|leg| (leg.lot_id.body().into(), leg.credits.get()))
        .collect()
}

fn last(posted: &Posted) -> (TransactionKind, i64, i64) {
    let row = posted.rows.last().unwrap();
    (row.kind, row.available.get(), row.held.get())
}

#[test]
fn a_grant_is_a_lot_and_a_row() {
    let posted = Wallet::default().grant(&grant(1, 10, at(30)), at(0)).unwrap();
    assert_eq!(amounts(&posted.wallet), (10, 0, 0, 0));
    assert_eq!(posted.wallet.sequence(), 1);
    assert_eq!(last(&posted), (TransactionKind::Grant, 10, 0));
    let row = posted.rows.first().unwrap();
    assert_eq!(
        (row.sequence, row.after, row.note.as_deref()),
        (1, posted.wallet.balance(), Some("a note"))
    );
}

#[test]
fn nothing_and_a_known_lot_are_not_granted() {
    let wallet = two_lots();
    assert_eq!(wallet.grant(&grant(3, 0, at(30)), at(0)), Err(WalletError::Zero));
    assert_eq!(
        wallet.grant(&grant(2, 5, at(30)), at(0)),
        Err(WalletError::LotKnown(LotId::new(2.into())))
    );
}

#[test]
fn a_hold_takes_first_what_expires_first() {
    let (posted, hold) = two_lots().hold(&request(1, 25), at(1)).unwrap();
    assert_eq!(legs(&hold), [(2, 20), (1, 5)]);
    assert_eq!(amounts(&posted.wallet), (5, 25, 0, 0));
    assert_eq!(last(&posted), (TransactionKind::Hold, -25, 25));
}

#[test]
fn of_lots_that_expire_together_the_older_goes_first() {
    let wallet = Wallet::default()
        .grant(&grant(2, 10, at(30)), at(0))
        .unwrap()
        .wallet;
    let wallet = wallet.grant(&grant(1, 10, at(30)), at(1)).unwrap().wallet;
    let (_, hold) = wallet.hold(&request(1, 12), at(2)).unwrap();
    assert_eq!(legs(&hold), [(2, 10), (1, 2)]);
}

#[test]
fn a_hold_of_all_succeeds_and_of_one_more_does_not() {
    let wallet = two_lots();
    assert!(wallet.hold(&request(1, 30), at(1)).is_ok());
    assert_eq!(
        wallet.hold(&request(1, 31), at(1)).unwrap_err(),
        WalletError::Insufficient {
            needed: Credits::new(31),
            available: Credits::new(30)
        }
    );
    assert_eq!(wallet.hold(&request(1, 0), at(1)).unwrap_err(), WalletError::Zero);
}

#[test]
fn expired_credits_cannot_be_held_and_are_written_off_first() {
    let wallet = two_lots();
    assert_eq!(wallet.available_at(at(10)).get(), 10);
    assert!(matches!(
        wallet.hold(&request(1, 11), at(10)),
        Err(WalletError::Insufficient { .. })
    ));
    let (posted, hold) = wallet.hold(&request(1, 10), at(10)).unwrap();
    let kinds: Vec<_> = posted.rows.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [TransactionKind::Expire, TransactionKind::Hold]);
    assert_eq!(legs(&hold), [(1, 10)]);
    assert_eq!(amounts(&posted.wallet), (0, 10, 0, 20));
}

#[test]
fn credits_expire_at_their_instant_and_not_before() {
    let wallet = two_lots();
    let before = wallet.expire(at(10).plus_ms(-1)).unwrap();
    assert_eq!((before.rows.len(), &before.wallet), (0, &wallet));
    let posted = wallet.expire(at(10)).unwrap();
    assert_eq!(last(&posted), (TransactionKind::Expire, -20, 0));
    assert_eq!(amounts(&posted.wallet), (10, 0, 0, 20));
    assert_eq!(posted.wallet.expire(at(10)).unwrap().rows, []);
}

#[test]
fn all_lots_that_are_due_expire_in_one_row() {
    let posted = two_lots().expire(at(40)).unwrap();
    assert_eq!(posted.rows.len(), 1);
    let Reference::Lots { lots } = &posted.rows.first().unwrap().reference else {
        panic!("an expiry names its lots");
    };
    assert_eq!(lots.len(), 2);
    assert_eq!(amounts(&posted.wallet), (0, 0, 0, 30));
    assert_eq!(posted.wallet.lots(), []);
}

#[test]
fn a_settlement_charges_first_what_expires_first_and_returns_the_rest() {
    let (taken, hold) = two_lots().hold(&request(1, 25), at(1)).unwrap();
    let (posted, ended) = taken
        .wallet
        .settle(&hold, Credits::new(7), txn(9), at(2))
        .unwrap();
    assert_eq!(amounts(&posted.wallet), (23, 0, 7, 0));
    assert_eq!(last(&posted), (TransactionKind::Settle, 18, -25));
    let remaining: Vec<_> = posted
        .wallet
        .lots()
        .iter()
        .map(|lot| lot.remaining.get())
        .collect();
    assert_eq!(remaining, [13, 10]);
    assert_eq!(
        ended.state,
        HoldState::Settled {
            charged: Credits::new(7),
            ended_at: at(2)
        }
    );
}

#[test]
fn a_settlement_of_all_and_of_nothing_are_both_settlements() {
    let (taken, hold) = two_lots().hold(&request(1, 25), at(1)).unwrap();
    let (all, _) = taken
        .wallet
        .settle(&hold, Credits::new(25), txn(9), at(2))
        .unwrap();
    assert_eq!(amounts(&all.wallet), (5, 0, 25, 0));
    let (nothing, _) = taken.wallet.settle(&hold, Credits::ZERO, txn(9), at(2)).unwrap();
    assert_eq!(amounts(&nothing.wallet), (30, 0, 0, 0));
    assert_eq!(last(&nothing), (TransactionKind::Settle, 25, -25));
}

#[test]
fn nothing_is_charged_above_the_hold() {
    let (taken, hold) = two_lots().hold(&request(1, 25), at(1)).unwrap();
    assert_eq!(
        taken
            .wallet
            .settle(&hold, Credits::new(26), txn(9), at(2))
            .unwrap_err(),
        WalletError::AboveHold {
            held: Credits::new(25),
            charged: Credits::new(26)
        }
    );
}

#[test]
fn a_release_gives_everything_back_to_its_lots() {
    let before = two_lots();
    let (taken, hold) = before.hold(&request(1, 25), at(1)).unwrap();
    let (posted, ended) = taken.wallet.release(&hold, txn(9), at(2)).unwrap();
    assert_eq!(posted.wallet.lots(), before.lots());
    assert_eq!(last(&posted), (TransactionKind::Release, 25, -25));
    assert_eq!(ended.state, HoldState::Released { ended_at: at(2) });
}

#[test]
fn a_hold_ends_once() {
    let (taken, hold) = two_lots().hold(&request(1, 25), at(1)).unwrap();
    let (posted, ended) = taken.wallet.release(&hold, txn(9), at(2)).unwrap();
    for again in [
        posted.wallet.release(&ended, txn(9), at(2)),
        posted.wallet.settle(&ended, Credits::new(1), txn(9), at(2)),
    ] {
        assert_eq!(again.unwrap_err(), WalletError::HoldEnded);
    }
    // A stale copy of the hold that still says open finds no credits to end.
    assert!(matches!(
        posted.wallet.release(&hold, txn(9), at(2)),
        Err(WalletError::LotMissing(_))
    ));
}

#[test]
fn held_credits_do_not_expire() {
    let (taken, hold) = two_lots().hold(&request(1, 25), at(1)).unwrap();
    let expired = taken.wallet.expire(at(40)).unwrap();
    assert_eq!(amounts(&expired.wallet), (0, 25, 0, 5));
    let (posted, _) = expired
        .wallet
        .settle(&hold, Credits::new(25), txn(9), at(41))
        .unwrap();
    assert_eq!(amounts(&posted.wallet), (0, 0, 25, 5));
}

#[test]
fn credits_whose_lot_expired_while_held_come_back_for_three_days_and_the_row_says_so() {
    let (taken, hold) = two_lots().hold(&request(1, 25), at(1)).unwrap();
    let (posted, _) = taken.wallet.release(&hold, txn(9), at(20)).unwrap();
    let grace = posted.rows.last().and_then(|row| row.grace).unwrap();
    let until = at(20).plus_ms(GRACE_MS);
    assert_eq!((grace.credits.get(), grace.until), (20, until));
    assert_eq!(amounts(&posted.wallet), (30, 0, 0, 0));
    assert_eq!(posted.wallet.available_at(until.plus_ms(-1)).get(), 30);
    assert_eq!(posted.wallet.available_at(until).get(), 10);
    let gone = posted.wallet.expire(until).unwrap();
    assert_eq!(amounts(&gone.wallet), (10, 0, 0, 20));
}

#[test]
fn a_second_release_to_a_lot_in_grace_is_given_its_own_three_days() {
    let wallet = Wallet::default()
        .grant(&grant(1, 20, at(10)), at(0))
        .unwrap()
        .wallet;
    let (posted, first) = wallet.hold(&request(1, 8), at(1)).unwrap();
    let (posted, second) = posted.wallet.hold(&request(2, 12), at(1)).unwrap();
    let (posted, _) = posted.wallet.release(&first, txn(8), at(20)).unwrap();
    let (posted, _) = posted.wallet.release(&second, txn(9), at(22)).unwrap();
    let until = at(22).plus_ms(GRACE_MS);
    assert_eq!(posted.wallet.available_at(until.plus_ms(-1)).get(), 20);
}

#[test]
fn what_is_held_in_grace_is_given_no_second_grace() {
    let (taken, hold) = two_lots().hold(&request(1, 20), at(1)).unwrap();
    let (posted, _) = taken.wallet.release(&hold, txn(8), at(20)).unwrap();
    let until = at(20).plus_ms(GRACE_MS);
    let mut wallet = posted.wallet;
    for (number, hours) in [(2, 10), (3, 40), (4, 70)] {
        let (started, hold) = wallet
            .hold(&request(number, 20), at(20).plus_s(hours * 3600))
            .unwrap();
        let (back, _) = started
            .wallet
            .release(&hold, txn(10 + number), at(20).plus_s((hours + 1) * 3600))
            .unwrap();
        assert_eq!(back.rows.last().unwrap().grace, None);
        wallet = back.wallet;
    }
    assert_eq!(wallet.available_at(until.plus_ms(-1)).get(), 30);
    assert_eq!(wallet.available_at(until).get(), 10);
}

#[test]
fn what_is_held_in_grace_and_comes_back_after_it_expires_with_a_row_of_its_own() {
    let (taken, first) = two_lots().hold(&request(1, 20), at(1)).unwrap();
    let (posted, _) = taken.wallet.release(&first, txn(8), at(20)).unwrap();
    // 12 of the 20 in grace are held across its end, the other 8 expire at it.
    let (posted, second) = posted.wallet.hold(&request(2, 12), at(21)).unwrap();
    let at_end = posted.wallet.expire(at(23)).unwrap();
    let (back, _) = at_end.wallet.release(&second, txn(9), at(24)).unwrap();
    assert_eq!(back.wallet.available_at(at(24)).get(), 10);
    let after = back.wallet.expire(at(24)).unwrap();
    assert_eq!(amounts(&after.wallet), (10, 0, 0, 20));
    let ids = |posted: &Posted| posted.rows.first().map(|row| row.id).unwrap();
    assert_ne!(ids(&at_end), ids(&after));
}

#[test]
fn a_full_wallet_takes_no_more_lots() {
    let full = (0..LOTS_MAX)
        .zip(1_u128..)
        .fold(Wallet::default(), |wallet, (_, number)| {
            wallet.grant(&grant(number, 1, at(30)), at(0)).unwrap().wallet
        });
    let one_more = full.grant(&grant(9999, 1, at(30)), at(0));
    assert_eq!(one_more, Err(WalletError::TooManyLots));
}

#[test]
fn an_amount_beyond_all_reason_is_refused() {
    let wallet = Wallet::default()
        .grant(&grant(1, Credits::MAX.get(), at(30)), at(0))
        .unwrap()
        .wallet;
    assert!(matches!(
        wallet.grant(&grant(2, 1, at(30)), at(0)),
        Err(WalletError::Credits(_))
    ));
}

#[test]
fn a_wallet_that_was_spoilt_is_found_out() {
    let good = serde_json::to_value(two_lots()).unwrap();
    for (pointer, value) in [
        ("/available", 31),
        ("/held", 1),
        ("/granted", 29),
        ("/used", 1),
        ("/debt", 1),
        ("/revoked", 1),
        ("/lots/0/remaining", 19),
        ("/lots/1/held", 1),
    ] {
        let mut spoilt = good.clone();
        *spoilt.pointer_mut(pointer).unwrap() = value.into();
        let wallet: Wallet = serde_json::from_value(spoilt).unwrap();
        assert!(matches!(wallet.check(), Err(WalletError::Broken(_))), "{pointer}");
    }
    let mut swapped = good.clone();
    swapped["lots"].as_array_mut().unwrap().reverse();
    let wallet: Wallet = serde_json::from_value(swapped).unwrap();
    assert!(matches!(wallet.check(), Err(WalletError::Broken(_))));
    assert_eq!(serde_json::from_value::<Wallet>(good).unwrap().check(), Ok(()));
}
