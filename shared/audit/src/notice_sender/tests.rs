//! Tests of `notice_sender`.

use std::sync::Arc;

use domain::Credits;
use domain::notice::{Notice, NoticeSubject};
use store::PageRequest;
use testkit::{Customer, Dynamo, FakeMail, FixedClock, dynamo};

use super::NoticeSender;

async fn told(dynamo: &Dynamo, ann: &Customer, keys: &[&str]) {
    for key in keys {
        let notice = Notice {
            key: (*key).to_owned(),
            subject: NoticeSubject::RunningOut {
                available: Credits::new(7),
                days: 1,
            },
            created_at: ann.now(),
            mailed_at: None,
        };
        assert!(dynamo.store.notify(ann.account_id, &notice).await.unwrap());
        assert!(!dynamo.store.notify(ann.account_id, &notice).await.unwrap());
    }
}

fn sender(dynamo: &Dynamo, mail: &Arc<FakeMail>, at: domain::Timestamp) -> NoticeSender {
    let mailer: Arc<FakeMail> = Arc::clone(mail);
    NoticeSender::new(dynamo.store.clone(), mailer, Arc::new(FixedClock::at(at)))
}

#[tokio::test]
async fn a_notice_is_mailed_once_to_its_owner() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let mail = Arc::new(FakeMail::default());
    told(&dynamo, &ann, &["one", "two"]).await;
    let sender = sender(&dynamo, &mail, ann.now());
    assert_eq!(sender.send_due(10).await.unwrap(), (2, 0));
    assert_eq!(sender.send_due(10).await.unwrap(), (0, 0));
    let sent = mail.take();
    let account = dynamo.store.account(ann.account_id).await.unwrap();
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|mail| mail.to == account.email));
    let page = dynamo
        .store
        .notices(ann.account_id, &PageRequest::default())
        .await
        .unwrap();
    assert!(page.items.iter().all(|notice| notice.mailed_at.is_some()));
}

#[tokio::test]
async fn a_mail_that_fails_is_tried_again_after_its_lease_and_stops_no_other() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let mail = Arc::new(FakeMail::default());
    told(&dynamo, &ann, &["one", "two"]).await;
    mail.fail(1);
    assert_eq!(
        sender(&dynamo, &mail, ann.now()).send_due(10).await.unwrap(),
        (1, 1)
    );
    assert_eq!(
        sender(&dynamo, &mail, ann.now()).send_due(10).await.unwrap(),
        (0, 0)
    );
    let later = ann.now().plus_s(601);
    assert_eq!(sender(&dynamo, &mail, later).send_due(10).await.unwrap(), (1, 0));
    assert_eq!(mail.take().len(), 2);
}

#[tokio::test]
async fn two_mailers_at_once_mail_it_once() {
    let dynamo = dynamo().await;
    let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
    let mail = Arc::new(FakeMail::default());
    told(&dynamo, &ann, &["one"]).await;
    let both = [0, 1].map(|_| {
        let sender = sender(&dynamo, &mail, ann.now());
        async move { sender.send_due(10).await.unwrap().0 }
    });
    assert_eq!(testkit::at_once(both).await.iter().sum::<usize>(), 1);
    assert_eq!(mail.take().len(), 1);
}
