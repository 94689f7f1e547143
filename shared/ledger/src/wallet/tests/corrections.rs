//! Tests of claw backs, debts, reversals, adjustments and holds that grow.

use domain::{Credits, LotId};

use super::{adjustment, amounts, at, claw_back, grant, last, legs, request, two_lots, txn};
use crate::wallet::{Posted, WalletError};
use crate::{Leg, Reference, Reversal, TransactionKind, Wallet};

fn debt(wallet: &Wallet) -> (u64, u64) {
    (wallet.debt().get(), wallet.revoked().get())
}

fn kinds(posted: &Posted) -> Vec<TransactionKind> {
    posted.rows.iter().map(|row| row.kind).collect()
}

fn leg(lot: u128, credits: u64) -> Leg {
    Leg {
        lot_id: LotId::new(lot.into()),
        credits: Credits::new(credits),
    }
}

fn reversal(number: u128) -> Reversal {
    Reversal {
        key: format!("refund:{number}"),
        lot_id: LotId::new((500 + number).into()),
        transaction_id: txn(4000 + number),
        expires_at: at(300),
        note: None,
    }
}

/// 30 credits, 50 taken back: 20 are owed.
fn in_debt() -> Wallet {
    two_lots()
        .claw_back(&claw_back(1, 50), None, at(1))
        .unwrap()
        .wallet
}

#[test]
fn a_claw_back_takes_first_of_the_lot_of_its_purchase_then_what_expires_first() {
    let first = Some(LotId::new(1.into()));
    let posted = two_lots().claw_back(&claw_back(1, 15), first, at(1)).unwrap();
    assert_eq!(last(&posted), (TransactionKind::ClawBack, -15, 0));
    let Reference::ClawBack { lots, key } = &posted.rows.last().unwrap().reference else {
        panic!("a claw back names its lots");
    };
    assert_eq!(
        (lots.as_slice(), key.as_str()),
        ([leg(1, 10), leg(2, 5)].as_slice(), "refund:1")
    );
    assert_eq!(amounts(&posted.wallet), (15, 0, 0, 0));
    assert_eq!(debt(&posted.wallet), (0, 15));
}

#[test]
fn what_the_balance_does_not_cover_is_owed_and_the_row_says_so() {
    let posted = two_lots().claw_back(&claw_back(1, 50), None, at(1)).unwrap();
    let row = posted.rows.last().unwrap();
    assert_eq!((row.available.get(), row.debt.get()), (-30, 20));
    assert_eq!((row.after.available.get(), row.after.debt.get()), (0, 20));
    assert_eq!(row.clawed().unwrap().get(), 50);
    assert_eq!(debt(&posted.wallet), (20, 30));
}

#[test]
fn a_wallet_with_a_debt_holds_nothing_new() {
    let owes = WalletError::InDebt {
        debt: Credits::new(20),
    };
    assert_eq!(in_debt().hold(&request(1, 1), at(2)).unwrap_err(), owes);
}

#[test]
fn what_is_held_is_not_taken_and_pays_the_debt_when_it_comes_back() {
    let (taken, hold) = two_lots().hold(&request(1, 25), at(1)).unwrap();
    let owing = taken.wallet.claw_back(&claw_back(1, 15), None, at(2)).unwrap();
    assert_eq!(
        (amounts(&owing.wallet), debt(&owing.wallet)),
        ((0, 25, 0, 0), (10, 5))
    );
    let more = owing.wallet.extend(&hold, Credits::new(1), txn(7), at(2));
    assert!(matches!(more, Err(WalletError::InDebt { .. })));
    let (posted, _) = owing
        .wallet
        .settle(&hold, Credits::new(12), txn(9), at(3))
        .unwrap();
    assert_eq!(
        kinds(&posted),
        [TransactionKind::Settle, TransactionKind::PayDebt]
    );
    assert_eq!(
        (amounts(&posted.wallet), debt(&posted.wallet)),
        ((3, 0, 12, 0), (0, 15))
    );
}

#[test]
fn a_grant_pays_the_debt_first_with_a_row_of_its_own() {
    let posted = in_debt().grant(&grant(3, 50, at(90)), at(2)).unwrap();
    assert_eq!(kinds(&posted), [TransactionKind::Grant, TransactionKind::PayDebt]);
    let paid = posted.rows.last().unwrap();
    assert_eq!((paid.available.get(), paid.debt.get()), (-20, -20));
    assert_eq!(
        paid.reference,
        Reference::Lots {
            lots: vec![leg(3, 20)]
        }
    );
    assert_eq!(
        (amounts(&posted.wallet), debt(&posted.wallet)),
        ((30, 0, 0, 0), (0, 50))
    );
    assert!(posted.wallet.hold(&request(1, 30), at(2)).is_ok());
}

#[test]
fn a_grant_below_the_debt_leaves_no_lot() {
    let posted = in_debt().grant(&grant(3, 5, at(90)), at(2)).unwrap();
    assert_eq!(debt(&posted.wallet), (15, 35));
    assert_eq!(posted.wallet.lots(), []);
}

#[test]
fn the_order_of_purchase_and_its_refund_does_not_change_the_balance() {
    let empty = Wallet::default();
    let bought = empty.grant(&grant(1, 500, at(90)), at(0)).unwrap().wallet;
    let refunded = bought.claw_back(&claw_back(1, 200), Some(LotId::new(1.into())), at(0));
    let refunded = refunded.unwrap().wallet;
    let owing = empty.claw_back(&claw_back(1, 200), None, at(0)).unwrap().wallet;
    let paid = owing.grant(&grant(1, 500, at(90)), at(0)).unwrap().wallet;
    assert_eq!(paid.balance(), refunded.balance());
    assert_eq!(debt(&paid), debt(&refunded));
}

#[test]
fn a_reversal_lifts_the_debt_and_gives_the_rest_back_as_a_lot() {
    let posted = in_debt().reverse(&reversal(1), Credits::new(50), at(2)).unwrap();
    let row = posted.rows.last().unwrap();
    assert_eq!((row.available.get(), row.debt.get()), (30, -20));
    assert_eq!(
        (amounts(&posted.wallet), debt(&posted.wallet)),
        ((30, 0, 0, 0), (0, 0))
    );
}

#[test]
fn a_reversal_after_the_debt_was_paid_gives_all_of_it_back() {
    let paid = in_debt().grant(&grant(3, 50, at(90)), at(2)).unwrap().wallet;
    let posted = paid.reverse(&reversal(1), Credits::new(50), at(3)).unwrap();
    assert_eq!(
        (amounts(&posted.wallet), debt(&posted.wallet)),
        ((80, 0, 0, 0), (0, 0))
    );
}

#[test]
fn no_more_is_given_back_than_was_taken() {
    let refused = two_lots().reverse(&reversal(1), Credits::new(1), at(1));
    assert!(matches!(refused, Err(WalletError::Credits(_))));
}

#[test]
fn an_adjustment_goes_both_ways_with_its_note() {
    let more = two_lots().adjust(&adjustment(9, 12, at(365)), at(1)).unwrap();
    assert_eq!(last(&more), (TransactionKind::Adjust, 12, 0));
    assert_eq!(more.rows.last().unwrap().note.as_deref(), Some("by hand"));
    let less = more.wallet.adjust(&adjustment(10, -52, at(365)), at(1)).unwrap();
    assert_eq!(
        (amounts(&less.wallet), debt(&less.wallet)),
        ((0, 0, 0, 0), (10, 42))
    );
    assert_eq!(
        two_lots().adjust(&adjustment(9, 0, at(365)), at(1)),
        Err(WalletError::Zero)
    );
}

#[test]
fn nothing_is_neither_taken_back_nor_given_back() {
    let nothing = two_lots().claw_back(&claw_back(1, 0), None, at(1));
    assert_eq!(nothing, Err(WalletError::Zero));
    let nothing = in_debt().reverse(&reversal(1), Credits::ZERO, at(1));
    assert_eq!(nothing, Err(WalletError::Zero));
}

#[test]
fn a_hold_grows_by_legs_in_the_order_of_use() {
    let (taken, hold) = two_lots().hold(&request(1, 5), at(1)).unwrap();
    let (posted, grown) = taken
        .wallet
        .extend(&hold, Credits::new(18), txn(7), at(2))
        .unwrap();
    assert_eq!(last(&posted), (TransactionKind::Extend, -18, 18));
    assert_eq!((grown.credits.get(), legs(&grown)), (23, vec![(2, 20), (1, 3)]));
    let (ended, _) = posted
        .wallet
        .settle(&grown, Credits::new(23), txn(9), at(3))
        .unwrap();
    assert_eq!(amounts(&ended.wallet), (7, 0, 23, 0));
}

#[test]
fn a_hold_does_not_grow_beyond_the_balance_nor_after_its_end() {
    let (taken, hold) = two_lots().hold(&request(1, 25), at(1)).unwrap();
    let above = taken.wallet.extend(&hold, Credits::new(6), txn(7), at(2));
    assert!(matches!(above, Err(WalletError::Insufficient { .. })));
    let (posted, ended) = taken.wallet.release(&hold, txn(8), at(2)).unwrap();
    let late = posted.wallet.extend(&ended, Credits::new(1), txn(9), at(2));
    assert_eq!(late.unwrap_err(), WalletError::HoldEnded);
}

#[test]
fn what_expires_soon_is_told_first_to_expire_first() {
    let wallet = two_lots();
    let soon = |day| {
        wallet
            .expiring(at(day))
            .map(|lot| lot.remaining.get())
            .collect::<Vec<_>>()
    };
    assert_eq!((soon(10), soon(11), soon(31)), (vec![], vec![20], vec![20, 10]));
    assert_eq!(wallet.next_expiry(), Some(at(10)));
    let (taken, _) = wallet.hold(&request(1, 20), at(1)).unwrap();
    assert_eq!(taken.wallet.next_expiry(), Some(at(30)));
    assert_eq!(Wallet::default().next_expiry(), None);
}
