//! One customer per account at a provider, however many checkouts are begun before the first one is paid.

use domain::billing::PaymentProvider;
use fake_providers::payments::faults::{ApiFault, When};
use ledger::ProductId;

use crate::compare_lives::Life;

#[tokio::test]
async fn two_checkouts_before_the_first_webhook_are_of_one_customer() {
    for provider in PaymentProvider::ALL {
        let mut life = Life::new(provider).await;
        let first = life.orders(ProductId::PackStarter).await.unwrap();
        let second = life.orders(ProductId::SubscriptionStarter).await.unwrap();
        life.pays(&second);
        life.pays(&first);
        let state = life.fake.state().clone();
        assert_eq!(state.customers.len(), 1, "{provider}");
        let linked = life
            .dynamo
            .store
            .customer(life.ann.account_id, provider)
            .await
            .unwrap();
        assert_eq!(linked, Some(state.customers[0].id.clone()));
        let owner = life
            .dynamo
            .store
            .customer_owner(provider, &state.customers[0].id)
            .await;
        assert_eq!(owner.unwrap(), Some(life.ann.account_id));
    }
}

#[tokio::test]
async fn a_customer_whose_answer_was_lost_is_found_by_its_address() {
    let mut life = Life::new(PaymentProvider::Creem).await;
    life.fake.fault(ApiFault {
        when: When::After,
        ..ApiFault::status("v1/customers", 503, 2)
    });
    for _ in 0..2 {
        life.orders(ProductId::PackStarter).await;
    }
    let id = life.orders(ProductId::PackStarter).await.unwrap();
    life.pays(&id);
    assert_eq!(life.fake.state().customers.len(), 1);
}

#[tokio::test]
async fn a_key_that_answers_a_failure_for_ever_does_not_stop_a_sale() {
    let mut life = Life::new(PaymentProvider::Stripe).await;
    life.fake.fault(ApiFault {
        when: When::After,
        ..ApiFault::status("v1/customers", 503, 1)
    });
    assert_eq!(life.orders(ProductId::PackStarter).await, None, "again later");
    let id = life.orders(ProductId::PackStarter).await.unwrap();
    life.pays(&id);
    let (buyer, provider) = (
        life.fake.state().checkout(&id).unwrap().customer.clone(),
        PaymentProvider::Stripe,
    );
    life.billing.fulfil_checkout(provider, &id).await.unwrap();
    let linked = life
        .dynamo
        .store
        .customer(life.ann.account_id, provider)
        .await
        .unwrap();
    assert_eq!(linked, buyer);
}

#[tokio::test]
async fn a_provider_that_refuses_to_make_a_customer_still_sells() {
    let mut life = Life::new(PaymentProvider::Stripe).await;
    life.fake.fault(ApiFault::status("v1/customers", 400, 1));
    let id = life.orders(ProductId::PackStarter).await.unwrap();
    life.pays(&id);
    life.billing
        .fulfil_checkout(PaymentProvider::Stripe, &id)
        .await
        .unwrap();
    assert!(
        life.billing
            .compare(life.ann.account_id)
            .await
            .unwrap()
            .is_empty()
    );
}
