//! Tests of `corrections`.

use domain::{AccountId, AdjustmentId, Credits, ErrorCode};
use ledger::{Change, CorrectionOrder, CorrectionState};
use store::PageRequest;
use testkit::{Customer, dynamo};

use super::Corrections;

fn operator(number: u128) -> AccountId {
    AccountId::new((1000 + number).into())
}

fn order(number: u128, account: AccountId, credits: i64) -> CorrectionOrder {
    let size = Credits::new(credits.unsigned_abs());
    CorrectionOrder {
        id: AdjustmentId::new(number.into()),
        account_id: account,
        credits: if credits < 0 {
            Change::minus(size)
        } else {
            Change::plus(size)
        },
        note: "a double charge".to_owned(),
        asked_by: operator(1),
    }
}

#[tokio::test]
async fn a_small_one_is_in_the_history_at_once_and_once() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let corrections = Corrections::new(dynamo.store.clone(), Credits::new(50));
    for _ in 0..3 {
        let done = corrections
            .ask(order(1, ann.account_id, 50), ann.now())
            .await
            .unwrap();
        assert_eq!(done.state, CorrectionState::Approved);
    }
    let wallet = dynamo.store.wallet(ann.account_id).await.unwrap();
    assert_eq!(wallet.available(), Credits::new(150));
    dynamo.assert_clean(ann.account_id).await;
}

#[tokio::test]
async fn a_large_one_moves_nothing_until_somebody_else_agrees() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let corrections = Corrections::new(dynamo.store.clone(), Credits::new(50));
    let asked = corrections
        .ask(order(1, ann.account_id, -60), ann.now())
        .await
        .unwrap();
    assert_eq!(asked.state, CorrectionState::Pending);
    let available = async || {
        dynamo
            .store
            .wallet(ann.account_id)
            .await
            .unwrap()
            .available()
            .get()
    };
    assert_eq!(available().await, 100);
    let refused = corrections
        .approve(asked.id, operator(1), ann.now())
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden);
    for _ in 0..2 {
        corrections
            .approve(asked.id, operator(2), ann.now())
            .await
            .unwrap();
        assert_eq!(available().await, 40);
    }
    let late = corrections
        .approve(asked.id, operator(3), ann.now())
        .await
        .unwrap_err();
    assert_eq!(late.code, ErrorCode::Conflict);
    let all = dynamo
        .store
        .balance_corrections(&PageRequest::default())
        .await
        .unwrap();
    assert_eq!(all.items.len(), 1);
    assert_eq!(all.items[0].approved_by, Some(operator(2)));
    dynamo.assert_clean(ann.account_id).await;
}

#[tokio::test]
async fn a_crash_between_the_decision_and_the_balance_is_finished_by_the_repeat() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let corrections = Corrections::new(dynamo.store.clone(), Credits::new(50));
    let asked = corrections
        .ask(order(1, ann.account_id, 60), ann.now())
        .await
        .unwrap();
    let approved = asked.approve(operator(2), ann.now()).unwrap();
    dynamo.store.decide_balance_correction(&approved).await.unwrap();
    corrections
        .approve(asked.id, operator(2), ann.now())
        .await
        .unwrap();
    let wallet = dynamo.store.wallet(ann.account_id).await.unwrap();
    assert_eq!(wallet.available(), Credits::new(160));
}

#[tokio::test]
async fn nobody_corrects_an_account_that_does_not_exist() {
    let dynamo = dynamo().await;
    let corrections = Corrections::new(dynamo.store.clone(), Credits::new(50));
    let now = testkit::FixedClock::default();
    let now = domain::ports::Clock::now(&now);
    let refused = corrections.ask(order(1, operator(7), 10), now).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);
    let all = dynamo
        .store
        .balance_corrections(&PageRequest::default())
        .await
        .unwrap();
    assert!(all.items.is_empty());
}

#[tokio::test]
async fn two_operators_at_once_move_it_once() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let corrections = Corrections::new(dynamo.store.clone(), Credits::new(50));
    let asked = corrections
        .ask(order(1, ann.account_id, 60), ann.now())
        .await
        .unwrap();
    let both = [operator(2), operator(3)].map(|by| {
        let (corrections, id, now) = (corrections.clone(), asked.id, ann.now());
        async move { corrections.approve(id, by, now).await.is_ok() }
    });
    let outcomes = testkit::at_once(both).await;
    assert_eq!(outcomes.iter().filter(|won| **won).count(), 1);
    let wallet = dynamo.store.wallet(ann.account_id).await.unwrap();
    assert_eq!(wallet.available(), Credits::new(160));
    dynamo.assert_clean(ann.account_id).await;
}
