//! Tests of `desk`.

use std::sync::Arc;

use domain::report::AccountDay;
use domain::{AccountId, Credits};
use store::PageRequest;
use testkit::{Customer, FakeMail, FixedClock, dynamo};

use super::Desk;
use crate::day::day_of;

#[tokio::test]
async fn yesterday_is_reported_once_and_kept() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let now = ann.now();
    let yesterday = day_of(now.plus_days(-1));
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
        dynamo.store.keep_account_day(&yesterday, &done).await.unwrap();
        dynamo.store.keep_account_day(&yesterday, &done).await.unwrap();
    }
    let mail = Arc::new(FakeMail::default());
    let mailer: Arc<FakeMail> = Arc::clone(&mail);
    let desk = Desk::new(
        dynamo.store.clone(),
        mailer,
        vec!["ops@example.com".to_owned()],
        Arc::new(FixedClock::at(now)),
    );
    let report = desk.yesterday().await.unwrap();
    assert_eq!((report.accounts, report.total.charged.get()), (2, 100));
    assert_eq!(report.top[0].charged.get(), 70);
    desk.yesterday().await.unwrap();
    let sent = mail.take();
    assert_eq!(sent.len(), 1, "mailed once");
    assert!(sent[0].text.contains("credits charged    100"));
    let kept = dynamo.store.reports(&PageRequest::default()).await.unwrap();
    assert_eq!(kept.items, [report]);
}
