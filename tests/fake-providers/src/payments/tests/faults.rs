//! The clients while the API fails: 429, 409, 5xx, lost answers, keys that keep a 500.

use payments::{PageRequest, PaymentError, PaymentProvider};

use super::super::{ApiFault, When};
use super::{BOTH, fake, now, order};

#[tokio::test]
async fn a_lost_answer_is_asked_again_under_the_same_key_and_makes_one_checkout() {
    let (fake, client) = fake(PaymentProvider::Stripe).await;
    fake.fault(ApiFault::status("checkout/sessions", 429, 1));
    fake.fault(ApiFault::status("checkout/sessions", 409, 1));
    let request = order(PaymentProvider::Stripe, "pack_starter", "k1");
    let first = client.create_checkout(&request).await.unwrap();
    assert_eq!(client.create_checkout(&request).await.unwrap(), first);
    assert_eq!(fake.state().checkouts.len(), 1);
    let mut other = request;
    other.success_url = "http://127.0.0.1/other".to_owned();
    assert!(matches!(
        client.create_checkout(&other).await,
        Err(PaymentError::Rejected { .. })
    ));
}

#[tokio::test]
async fn a_key_that_got_a_500_keeps_saying_so_and_a_new_key_works() {
    let (fake, client) = fake(PaymentProvider::Stripe).await;
    fake.fault(ApiFault {
        when: When::After,
        ..ApiFault::status("checkout/sessions", 500, 1)
    });
    let request = order(PaymentProvider::Stripe, "pack_starter", "k1");
    for _ in 0..2 {
        assert!(matches!(
            client.create_checkout(&request).await,
            Err(PaymentError::OutcomeUnknown { .. })
        ));
    }
    assert_eq!(
        fake.state().checkouts.len(),
        1,
        "it was done once and is not done again"
    );
    client
        .create_checkout(&order(PaymentProvider::Stripe, "pack_starter", "k2"))
        .await
        .unwrap();
}

#[tokio::test]
async fn should_retry_overrides_our_own_judgement() {
    let (fake, client) = fake(PaymentProvider::Stripe).await;
    fake.fault(ApiFault {
        should_retry: Some(false),
        ..ApiFault::status("subscriptions", 503, 1)
    });
    let refused = client.subscription("sub_1").await;
    assert!(matches!(refused, Err(PaymentError::Unavailable { .. })));
    assert_eq!(fake.calls().len(), 1);
    fake.fault(ApiFault::status("subscriptions", 503, 2));
    assert_eq!(client.subscription("sub_1").await.unwrap(), None);
    assert_eq!(fake.calls().len(), 4);
}

#[tokio::test]
async fn too_many_calls_end_as_throttled_with_the_seconds_to_wait() {
    for provider in BOTH {
        let (fake, client) = fake(provider).await;
        fake.fault(ApiFault {
            retry_after_s: Some(7),
            ..ApiFault::status("", 429, 9)
        });
        let refused = client.subscription("sub_1").await;
        let throttled = matches!(
            refused,
            Err(PaymentError::Throttled {
                retry_after_s: Some(7),
                ..
            })
        );
        assert!(throttled, "{provider}: {refused:?}");
    }
}

#[tokio::test]
async fn creem_takes_no_key_so_a_lost_answer_is_unknown_and_never_repeated() {
    let (fake, client) = fake(PaymentProvider::Creem).await;
    fake.fault(ApiFault {
        when: When::After,
        ..ApiFault::status("checkouts", 500, 1)
    });
    let lost = client
        .create_checkout(&order(PaymentProvider::Creem, "pack_pro", "k1"))
        .await;
    assert!(matches!(lost, Err(PaymentError::OutcomeUnknown { .. })));
    assert_eq!(fake.calls().len(), 1);
    let lists = client.refunds(now(), &PageRequest::first(1)).await;
    assert!(!client.lists_everything() && matches!(lists, Err(PaymentError::Rejected { .. })));
}
