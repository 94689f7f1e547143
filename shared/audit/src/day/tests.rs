//! Tests of `day`.

use domain::job::JobKind;
use domain::report::AccountDay;
use domain::{AccountId, Credits, Timestamp};
use store::PageRequest;
use testkit::{Customer, dynamo};

use super::{TOP_MAX, account_day, daily_use, is_idle, report};

fn done(number: u128, charged: u64) -> AccountDay {
    AccountDay {
        account_id: AccountId::new(number.into()),
        granted: Credits::new(1),
        charged: Credits::new(charged),
        returned: Credits::ZERO,
        clawed_back: Credits::ZERO,
        expired: Credits::ZERO,
        delivered: 1,
        failed: 0,
    }
}

#[tokio::test]
async fn the_rows_of_a_job_add_up_to_what_was_charged() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let project = ann.project().await;
    let job = ann.job(&project, JobKind::GenerateScript, 30);
    dynamo
        .store
        .start_job(&job, &ledger::Limits::none(), ann.transaction_id(), ann.now())
        .await
        .unwrap();
    let rows = dynamo
        .store
        .history(ann.account_id, &PageRequest::default())
        .await
        .unwrap()
        .items;
    let today = ann.now().day();
    let open = account_day(ann.account_id, &today, &rows).unwrap();
    assert_eq!(
        (open.granted.get(), open.charged.get(), open.delivered),
        (100, 0, 0)
    );
    assert!(!is_idle(&open));
    let before = account_day(ann.account_id, "2001-01-01", &rows).unwrap();
    assert!(is_idle(&before));
    assert_eq!(daily_use(&rows, ann.now(), 3).unwrap(), [0, 0, 0]);
}

#[test]
fn a_report_sums_everyone_and_names_the_largest_first() {
    let accounts: Vec<AccountDay> = (0..30)
        .map(|number| done(number, u64::try_from(number).unwrap()))
        .collect();
    let report = report("2026-11-20", accounts, &[], Timestamp::from_ms(0)).unwrap();
    assert_eq!(report.accounts, 30);
    assert_eq!(report.total.charged.get(), (0..30).sum::<u64>());
    assert_eq!(report.total.delivered, 30);
    assert_eq!(report.top.len(), TOP_MAX);
    assert_eq!(report.top[0].charged.get(), 29);
    assert!(
        report
            .top
            .is_sorted_by_key(|done| std::cmp::Reverse(done.charged))
    );
}

#[test]
fn a_day_without_customers_is_a_report_too() {
    let report = report("2026-11-20", Vec::new(), &[], Timestamp::from_ms(0)).unwrap();
    assert_eq!((report.accounts, report.top.len()), (0, 0));
}
