//! Tests of `daily_reporter`.

use std::sync::Arc;

use domain::report::AccountDay;
use domain::{AccountId, Credits};
use store::PageRequest;
use testkit::{Customer, FakeMail, FixedClock, dynamo};

use super::DailyReporter;

#[tokio::test]
async fn yesterday_is_reported_once_and_kept() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let now = ann.now();
    let yesterday = now.plus_days(-1).day();
    for (number, charged) in [(1_u128, 30), (2, 70)] {
        let done = AccountDay {
            account_id: AccountId::new(number.into()),
            granted: Credits::ZERO,
            charged: Credits::new(charged),
            returned: Credits::ZERO,
            clawed_back: Credits::ZERO,
            expired: Credits::ZERO,
            delivered: 1,
            failed: 0,
        };
        dynamo.store.store_account_day(&yesterday, &done).await.unwrap();
        dynamo.store.store_account_day(&yesterday, &done).await.unwrap();
    }
    let mail = Arc::new(FakeMail::default());
    let mailer: Arc<FakeMail> = Arc::clone(&mail);
    let reporter = DailyReporter::new(
        dynamo.store.clone(),
        mailer,
        vec!["ops@example.com".to_owned()],
        Arc::new(FixedClock::at(now)),
    );
    let report = reporter.yesterday().await.unwrap();
    assert_eq!((report.accounts, report.total.charged.get()), (2, 100));
    assert_eq!(report.top[0].charged.get(), 70);
    reporter.yesterday().await.unwrap();
    let sent = mail.take();
    assert_eq!(sent.len(), 1, "mailed once");
    assert!(sent[0].text.contains("credits charged    100"));
    let stored = dynamo.store.reports(&PageRequest::default()).await.unwrap();
    assert_eq!(stored.items, [report]);
}
