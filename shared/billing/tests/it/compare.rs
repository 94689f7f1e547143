//! Planted faults: each is found by the comparison with the provider, under its code and with its object.

use billing::Outcome;
use domain::billing::PaymentProvider;
use domain::report::Finding;
use domain::{AccountId, Credits};
use ledger::{ClawBack, Origin, ProductId};
use payments::{EventKind, RefundStatus, SubscriptionStatus};
use serde_json::{Value, json};
use store::Payment;

use crate::world::{PROVIDER, World};

impl World {
    /// Ann has a pack of 500 credits and a subscription of 1,500, both granted, and half of the pack is given back.
    async fn with_payments() -> Self {
        let world = Self::new().await;
        world.pack();
        world.subscription();
        assert_eq!(world.hear(EventKind::Checkout, "cs_1").await, Outcome::Granted);
        assert_eq!(world.hear(EventKind::Invoice, "in_2").await, Outcome::Granted);
        world.refund("re_1", 333, RefundStatus::Succeeded);
        assert_eq!(world.hear(EventKind::Payment, "pi_1").await, Outcome::Returned);
        assert_eq!(world.codes().await, Vec::<(String, String)>::new());
        world
    }

    async fn found(&self) -> Vec<Finding> {
        self.billing
            .compare(self.ann.account_id)
            .await
            .expect("a comparison")
    }

    /// Codes and objects of what is found.
    async fn codes(&self) -> Vec<(String, String)> {
        let found = self.found().await.into_iter();
        found
            .map(|one| (one.code, one.about.unwrap_or_default()))
            .collect()
    }

    /// What is found is just this.
    async fn only(&self, code: &str, about: &str) {
        assert_eq!(self.codes().await, [(code.to_owned(), about.to_owned())]);
    }

    async fn delete(&self, pk: &str, sk: &str) {
        let (client, table) = (&self.dynamo.client, &self.dynamo.tables.ledger);
        let text = |of: &str| serde_dynamo::to_attribute_value(of).expect("a text");
        let gone = client.delete_item().table_name(table);
        gone.key("pk", text(pk))
            .key("sk", text(sk))
            .send()
            .await
            .expect("it is deleted");
    }

    /// Changes the body of one of Ann's rows in the ledger.
    async fn change(&self, sk: &str, change: impl FnOnce(&mut Value)) {
        let (client, table) = (&self.dynamo.client, &self.dynamo.tables.ledger);
        let text = |of: &str| serde_dynamo::to_attribute_value(of).expect("a text");
        let read = client.get_item().table_name(table);
        let read = read.key("pk", text(&self.partition())).key("sk", text(sk));
        let mut item = read.send().await.expect("an answer").item.expect("a row");
        let body = item.remove("body").expect("a body");
        let mut body: Value = serde_dynamo::from_attribute_value(body).expect("a body");
        change(&mut body);
        let body = serde_dynamo::to_attribute_value(&body).expect("a body");
        item.insert("body".to_owned(), body);
        let write = client.put_item().table_name(table).set_item(Some(item));
        write.send().await.expect("it is written");
    }

    fn partition(&self) -> String {
        format!("ACCT#{}", self.ann.account_id)
    }
}

#[tokio::test]
async fn a_payment_whose_rows_are_lost_is_found() {
    let world = World::with_payments().await;
    let ann = world.partition();
    for (pk, sk) in [
        (ann.as_str(), "PAY#invoice:in_2"),
        (ann.as_str(), "GRANT#invoice:in_2"),
        ("PAID#invoice:in_2", "-"),
    ] {
        world.delete(pk, sk).await;
    }
    world.only("payment_without_grant", "stripe invoice:in_2").await;
}

#[tokio::test]
async fn a_payment_whose_webhook_never_came_is_found_until_it_is_granted() {
    let world = World::with_payments().await;
    let ann = Some(world.ann.account_id);
    world.provider.pack_paid(3, ann, ProductId::PackPro, world.now());
    world.only("payment_without_grant", "stripe checkout:cs_3").await;
    world
        .billing
        .sync_account(world.ann.account_id)
        .await
        .expect("a look");
    world.hear(EventKind::Checkout, "cs_3").await;
    assert!(world.found().await.is_empty());
}

#[tokio::test]
async fn a_grant_that_is_gone_from_the_ledger_is_found() {
    let world = World::with_payments().await;
    world.delete(&world.partition(), "GRANT#checkout:cs_1").await;
    world.only("payment_without_grant", "stripe checkout:cs_1").await;
}

#[tokio::test]
async fn a_grant_of_other_credits_is_found_by_row_and_by_catalogue() {
    let world = World::with_payments().await;
    world
        .change("GRANT#checkout:cs_1", |row| row["available"] = json!(5000))
        .await;
    world.only("credits_differ", "stripe checkout:cs_1").await;
    let world = World::with_payments().await;
    world
        .change("PAY#invoice:in_2", |row| {
            row["product"] = json!("subscription_enterprise");
        })
        .await;
    let found = world.codes().await;
    let expected = ("credits_differ".to_owned(), "stripe invoice:in_2".to_owned());
    // Neither the catalogue's credits nor what the provider has sold.
    assert_eq!(found, [expected.clone(), expected]);
}

#[tokio::test]
async fn another_sum_than_was_paid_is_found() {
    let world = World::with_payments().await;
    world
        .change("PAY#invoice:in_2", |row| row["paid_minor"] = json!(1))
        .await;
    world.only("amount_differs", "stripe invoice:in_2").await;
}

#[tokio::test]
async fn a_grant_without_a_payment_is_found() {
    let world = World::with_payments().await;
    let (store, ann) = (&world.dynamo.store, world.ann.account_id);
    let mut grant = world.ann.grant_of("checkout:cs_forged", 500);
    grant.origin = Origin::Purchase;
    let payment = Payment {
        key: grant.key.clone(),
        account_id: ann,
        provider: PROVIDER,
        product: ProductId::PackStarter,
        replaced: None,
        credits: Credits::new(500),
        paid_minor: 999,
        currency: "usd".to_owned(),
        references: vec!["pi_forged".to_owned()],
        returns: Vec::new(),
        at: world.now(),
    };
    store
        .grant_payment(&payment, &grant, world.now())
        .await
        .expect("a grant");
    world
        .only("grant_without_payment", "stripe checkout:cs_forged")
        .await;
    let without_row = world.ann.grant_of("invoice:in_forged", 7);
    store.grant(ann, without_row, world.now()).await.expect("a grant");
    let found = world.codes().await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[1].1, "invoice:in_forged");
}

#[tokio::test]
async fn a_grant_whose_payment_failed_after_all_is_found() {
    let world = World::with_payments().await;
    world
        .provider
        .objects()
        .checkouts
        .get_mut("cs_1")
        .expect("a checkout")
        .paid = payments::Paid::Unpaid;
    let found = world.codes().await;
    assert!(
        found.contains(&(
            "grant_without_payment".to_owned(),
            "stripe checkout:cs_1".to_owned()
        )),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_refund_that_never_came_and_one_that_failed_are_found() {
    let world = World::with_payments().await;
    world.refund("re_22", 100, RefundStatus::Succeeded);
    let about = "stripe pi_1 (checkout:cs_1)";
    world.only("refund_differs", about).await;
    world.hear(EventKind::Payment, "pi_1").await;
    assert!(world.found().await.is_empty());
    world.refund("re_22", 100, RefundStatus::Failed);
    world.only("refund_differs", about).await;
    world.hear(EventKind::Payment, "pi_1").await;
    assert!(world.found().await.is_empty());
}

#[tokio::test]
async fn a_refund_that_was_taken_back_twice_is_found() {
    let world = World::with_payments().await;
    let again = ClawBack {
        key: "refund:re_1_again".to_owned(),
        credits: Credits::new(166),
        from_grant: Some("checkout:cs_1".to_owned()),
        transaction_id: world.ann.transaction_id(),
        note: None,
    };
    let (store, ann) = (&world.dynamo.store, world.ann.account_id);
    store
        .claw_back(ann, again, world.now())
        .await
        .expect("a claw back");
    world.only("refund_differs", "refund:re_1_again").await;
}

#[tokio::test]
async fn a_subscription_that_its_provider_cancelled_or_forgot_is_found() {
    let world = World::with_payments().await;
    let cancelled = |status| {
        let mut objects = world.provider.objects();
        objects
            .subscriptions
            .get_mut("sub_2")
            .expect("a subscription")
            .status = status;
    };
    cancelled(SubscriptionStatus::Canceled);
    world.only("subscription_differs", "stripe sub_2").await;
    let text = world.found().await.remove(0).text;
    assert!(text.contains("Canceled") && text.contains("Active"), "{text}");
    cancelled(SubscriptionStatus::Active);
    assert!(world.found().await.is_empty());
    world.provider.objects().subscriptions.clear();
    world.only("subscription_differs", "stripe sub_2").await;
}

#[tokio::test]
async fn a_payment_that_waits_for_a_person_is_said_with_its_reason() {
    let world = World::with_payments().await;
    let ann = Some(world.ann.account_id);
    world.provider.pack_paid(3, ann, ProductId::PackPro, world.now());
    world
        .provider
        .objects()
        .checkouts
        .get_mut("cs_3")
        .expect("a checkout")
        .price_ids
        .clear();
    world.hear(EventKind::Checkout, "cs_3").await;
    world.only("payment_unclaimed", "stripe checkout:cs_3").await;
    let text = world.found().await.remove(0).text;
    assert!(text.contains("unknown_product"), "{text}");
}

#[tokio::test]
async fn payments_of_other_providers_than_are_set_up_are_left_alone() {
    let world = World::with_payments().await;
    world
        .change("PAY#checkout:cs_1", |row| {
            row["provider"] = json!(PaymentProvider::Creem);
        })
        .await;
    let found = world.codes().await;
    assert!(
        found.iter().all(|(code, _)| code != "refund_differs"),
        "{found:?}"
    );
    let nobody = AccountId::new(9_u128.into());
    assert!(world.billing.compare(nobody).await.expect("nothing").is_empty());
}
