//! Tests of `correction`.

use domain::{AccountId, AdjustmentId, Credits, Timestamp};

use super::{Correction, CorrectionError, CorrectionOrder, CorrectionState};
use crate::Change;

fn account(number: u128) -> AccountId {
    AccountId::new(number.into())
}

fn asked(credits: u64) -> Correction {
    let order = CorrectionOrder {
        id: AdjustmentId::new(1_u128.into()),
        account_id: account(9),
        credits: Change::minus(Credits::new(credits)),
        note: "a double charge".to_owned(),
        asked_by: account(1),
    };
    Correction::ask(order, Credits::new(100), Timestamp::from_ms(0))
}

#[test]
fn a_small_one_is_decided_by_whoever_asks() {
    let correction = asked(100);
    assert_eq!(correction.state, CorrectionState::Approved);
    assert_eq!(correction.approved_by, Some(account(1)));
}

#[test]
fn a_large_one_waits_for_somebody_else() {
    let correction = asked(101);
    let now = Timestamp::from_ms(1);
    assert_eq!(correction.state, CorrectionState::Pending);
    assert_eq!(
        correction.approve(account(1), now),
        Err(CorrectionError::OwnRequest)
    );
    let approved = correction.approve(account(2), now).unwrap();
    assert_eq!(
        (approved.state, approved.approved_by),
        (CorrectionState::Approved, Some(account(2)))
    );
}

#[test]
fn a_repeat_changes_nothing_and_a_third_operator_comes_too_late() {
    let approved = asked(101).approve(account(2), Timestamp::from_ms(1)).unwrap();
    assert_eq!(
        approved.approve(account(2), Timestamp::from_ms(2)).as_ref(),
        Ok(&approved)
    );
    assert_eq!(
        approved.approve(account(3), Timestamp::from_ms(2)),
        Err(CorrectionError::Decided)
    );
}

#[test]
fn nobody_agrees_after_a_day() {
    let day = Timestamp::from_ms(86_400_000);
    assert!(asked(101).approve(account(2), day).is_ok());
    assert_eq!(
        asked(101).approve(account(2), day.plus_ms(1)),
        Err(CorrectionError::TooLate)
    );
}
