//! The clients of Stripe and Creem against the fakes, which behave and misbehave as the providers do.

use std::sync::Arc;

use domain::ports::Clock;
use domain::{AccountId, Timestamp};
use payments::creem::Creem;
use payments::stripe::Stripe;
use payments::{
    ApiKey, Buyer, Cancellation, CheckoutItem, CheckoutRequest, CheckoutStatus, EventKind, InvoiceReason,
    Origin, PageRequest, Paid, PaymentProvider, Payments, PlanChange, Proration, ProviderEvent, Retry, Sale,
    SubscriptionStatus, WebhookError, WebhookSecrets, creem, stripe,
};
use serde_json::json;
use testkit::FixedClock;

use super::http::Call;
use super::{Delivery, DeliveryMode, DeliveryOptions, FakePayments, Tamper, shuffle, sign_delivery};

mod faults;

const SECRET: &str = "whsec_test_secret";

fn now() -> Timestamp {
    Timestamp::from_ms(1_790_000_000_000)
}

/// A fake, its clock and a client with pauses of a millisecond.
async fn fake(provider: PaymentProvider) -> (FakePayments, Box<dyn Payments>) {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(now()));
    let fake = FakePayments::start(provider, clock, "t", 0).await.unwrap();
    fake.set_delivery_options(DeliveryOptions {
        mode: DeliveryMode::Hold,
        ..DeliveryOptions::default()
    });
    let retry = Retry {
        tries: 3,
        first_pause_ms: 1,
    };
    let web = reqwest::Client::default();
    let client: Box<dyn Payments> = match provider {
        PaymentProvider::Stripe => {
            let key = ApiKey::parse("sk_test_1").unwrap();
            Box::new(Stripe::new(web, &key, fake.url(), retry))
        }
        PaymentProvider::Creem => {
            let key = ApiKey::parse("creem_test_1").unwrap();
            Box::new(Creem::new(web, key, fake.url(), retry))
        }
    };
    (fake, client)
}

fn price(provider: PaymentProvider, product: &str) -> String {
    match provider {
        PaymentProvider::Stripe => format!("price_{product}"),
        PaymentProvider::Creem => format!("prod_{product}"),
    }
}

fn account() -> AccountId {
    "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()
}

fn order(provider: PaymentProvider, product: &str, key: &str) -> CheckoutRequest {
    let price_id = price(provider, product);
    let product = product.to_owned();
    CheckoutRequest {
        account: account(),
        item: if product.starts_with("pack") {
            CheckoutItem::Pack { product, price_id }
        } else {
            CheckoutItem::Subscription {
                product,
                price_id,
                trial_days: None,
            }
        },
        success_url: "http://127.0.0.1/done?session={CHECKOUT_SESSION_ID}".to_owned(),
        cancel_url: "http://127.0.0.1/back".to_owned(),
        buyer: Buyer::Email("buyer+1@example.com".into()),
        idempotency_key: key.to_owned(),
    }
}

/// Clicks a button of a checkout's page.
async fn click(fake: &FakePayments, checkout: &str, act: &str) -> u16 {
    let call = Call {
        method: "POST".to_owned(),
        path: format!("pay/{checkout}"),
        body: format!("act={act}").into_bytes(),
        ..Call::default()
    };
    fake.answer(call).await.status
}

async fn control(fake: &FakePayments, what: &str, body: serde_json::Value) -> serde_json::Value {
    let call = Call {
        method: "POST".to_owned(),
        path: format!("_control/{what}"),
        body: body.to_string().into_bytes(),
        ..Call::default()
    };
    let reply = fake.answer(call).await;
    assert_eq!(reply.status, 200, "{what}: {}", reply.body);
    serde_json::from_str(&reply.body).unwrap()
}

/// Whether a customer's renewals go through from now on.
#[expect(clippy::fn_params_excessive_bools, reason = "works or not")]
async fn card(fake: &FakePayments, customer: &str, works: bool) {
    control(fake, "card", json!({ "customer": customer, "works": works })).await;
}

const BOTH: [PaymentProvider; 2] = [PaymentProvider::Stripe, PaymentProvider::Creem];

#[tokio::test]
async fn a_pack_is_paid_on_the_page_and_read_back_with_our_metadata() {
    for provider in BOTH {
        let (fake, client) = fake(provider).await;
        let opened = client
            .create_checkout(&order(provider, "pack_pro", "k1"))
            .await
            .unwrap();
        let open = client.checkout(&opened.id).await.unwrap().unwrap();
        assert_eq!((open.status, open.paid), (CheckoutStatus::Open, Paid::Unpaid));
        assert_eq!(click(&fake, &opened.id, "decline").await, 200);
        assert_eq!(click(&fake, &opened.id, "pay").await, 303);
        let done = client.checkout(&opened.id).await.unwrap().unwrap();
        assert_eq!(
            (done.status, done.paid, done.sale),
            (CheckoutStatus::Complete, Paid::Paid, Sale::Once)
        );
        assert_eq!(done.account, Some(account()));
        assert_eq!(done.product.as_deref(), Some("pack_pro"));
        assert_eq!(done.price_ids, [price(provider, "pack_pro")]);
        assert_eq!(done.subtotal.unwrap().minor, 2999);
        let payment = client.payment(&done.payment.unwrap()).await.unwrap().unwrap();
        assert_eq!((payment.amount.minor, payment.refunded.minor), (2999, 0));
        if provider == PaymentProvider::Stripe {
            assert_eq!(payment.origin, Some(Origin::Checkout(opened.id)));
        }
    }
}

#[tokio::test]
async fn a_delayed_payment_is_complete_unpaid_and_later_paid() {
    let (fake, client) = fake(PaymentProvider::Stripe).await;
    let request = order(PaymentProvider::Stripe, "pack_starter", "k1");
    let id = client.create_checkout(&request).await.unwrap().id;
    click(&fake, &id, "later").await;
    let waiting = client.checkout(&id).await.unwrap().unwrap();
    assert_eq!(
        (waiting.status, waiting.paid),
        (CheckoutStatus::Complete, Paid::Unpaid)
    );
    control(&fake, "settle", json!({ "checkout": id, "paid": true })).await;
    assert_eq!(client.checkout(&id).await.unwrap().unwrap().paid, Paid::Paid);
    let names: Vec<String> = fake
        .deliveries()
        .events
        .iter()
        .map(|event| event.name.clone())
        .collect();
    assert_eq!(
        names,
        [
            "checkout.session.completed",
            "checkout.session.async_payment_succeeded"
        ]
    );
}

#[tokio::test]
async fn a_subscription_renews_falls_due_changes_and_ends() {
    for provider in BOTH {
        let (fake, client) = fake(provider).await;
        let request = order(provider, "subscription_starter", "k1");
        let checkout = client.create_checkout(&request).await.unwrap().id;
        click(&fake, &checkout, "pay").await;
        let id = client
            .checkout(&checkout)
            .await
            .unwrap()
            .unwrap()
            .subscription
            .unwrap();
        let begun = client.subscription(&id).await.unwrap().unwrap();
        assert_eq!(
            (begun.status, begun.account),
            (SubscriptionStatus::Active, Some(account()))
        );

        control(&fake, "advance", json!({ "days": 30 })).await;
        let renewed = client.subscription(&id).await.unwrap().unwrap();
        assert_eq!(renewed.period.unwrap().start, begun.period.unwrap().end);
        let page = PageRequest::first(10);
        let invoices = client.invoices(Some(&begun.customer), None, &page).await.unwrap();
        assert_eq!(invoices.items.len(), 2, "{provider}");
        let newest = client.invoice(&invoices.items[0].id).await.unwrap().unwrap();
        assert_eq!(newest.reason, InvoiceReason::SubscriptionCycle);
        assert_eq!(newest.period, renewed.period);
        assert_eq!(newest.account, Some(account()));
        let payment = client
            .payment(newest.payment.as_deref().unwrap())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(payment.origin, Some(Origin::Invoice(newest.id)));

        let change = PlanChange {
            subscription: id.clone(),
            product: "subscription_enterprise".to_owned(),
            price_id: price(provider, "subscription_enterprise"),
            proration: Proration::InvoiceNow,
            idempotency_key: "change".to_owned(),
        };
        let changed = client.change_plan(&change).await.unwrap();
        assert_eq!(changed.price_id, Some(change.price_id.clone()));
        client.change_plan(&change).await.unwrap();

        card(&fake, &begun.customer, false).await;
        control(&fake, "advance", json!({ "days": 30 })).await;
        let due = client.subscription(&id).await.unwrap().unwrap();
        assert_eq!(due.status, SubscriptionStatus::PastDue);

        card(&fake, &begun.customer, true).await;
        let ending = client.cancel(&id, Cancellation::AtPeriodEnd, "c1").await.unwrap();
        // Creem tells a planned end only of an active subscription.
        assert_eq!(ending.cancel_at.is_some(), provider == PaymentProvider::Stripe);
        control(&fake, "advance", json!({ "days": 30 })).await;
        let ended = client.subscription(&id).await.unwrap().unwrap();
        assert_eq!(ended.status, SubscriptionStatus::Canceled);
        let all = client
            .subscriptions(None, &PageRequest::first(100))
            .await
            .unwrap();
        assert_eq!(all.items.len(), 1, "a cancelled one is listed too");
    }
}

#[tokio::test]
async fn refunds_and_disputes_show_in_their_payment() {
    for provider in BOTH {
        let (fake, client) = fake(provider).await;
        let id = client
            .create_checkout(&order(provider, "pack_starter", "k1"))
            .await
            .unwrap()
            .id;
        click(&fake, &id, "pay").await;
        let id = client.checkout(&id).await.unwrap().unwrap().payment.unwrap();
        let refunded = async || client.payment(&id).await.unwrap().unwrap().refunded.minor;
        let first = control(&fake, "refund", json!({ "payment": id, "cents": 400 })).await;
        assert_eq!(refunded().await, 400);
        control(&fake, "refund", json!({ "payment": id })).await;
        assert_eq!(refunded().await, 999);
        control(&fake, "refund-fail", json!({ "refund": first["id"] })).await;
        assert_eq!(refunded().await, 599);
        let dispute = control(&fake, "dispute", json!({ "payment": id })).await;
        let during = client.payment(&id).await.unwrap().unwrap();
        match provider {
            PaymentProvider::Stripe => assert!(during.disputes[0].status.takes_back()),
            PaymentProvider::Creem => assert_eq!(during.refunded, during.amount, "it tells only the sum"),
        }
        control(
            &fake,
            "dispute-close",
            json!({ "dispute": dispute["id"], "won": true }),
        )
        .await;
        let after = client.payment(&id).await.unwrap().unwrap();
        assert!(
            after.disputes.iter().all(|dispute| !dispute.status.takes_back()),
            "{provider}"
        );
        assert_eq!(after.refunded.minor, 599, "{provider}");
        if !client.lists_everything() {
            let long_ago = now().plus_days(-1);
            let listed = client.payments(long_ago, &PageRequest::first(10)).await.unwrap();
            assert_eq!(listed.items, [after]);
        }
    }
}

#[tokio::test]
async fn lists_are_walked_page_by_page_without_a_gap() {
    for provider in BOTH {
        let (fake, client) = fake(provider).await;
        for number in 0..5 {
            let request = order(provider, "subscription_starter", &format!("k{number}"));
            let id = client.create_checkout(&request).await.unwrap().id;
            click(&fake, &id, "pay").await;
        }
        let mut seen = Vec::new();
        let mut page = PageRequest::first(2);
        loop {
            let listed = client.subscriptions(None, &page).await.unwrap();
            seen.extend(listed.items.into_iter().map(|of| of.id));
            match listed.next {
                Some(cursor) => page = PageRequest::after(cursor, 2),
                None => break,
            }
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5, "{provider}");
    }
}

/// A delivery, read as its provider's webhook function reads it.
fn read_by_provider(
    provider: PaymentProvider,
    delivery: &Delivery,
    secrets: &WebhookSecrets,
) -> Result<ProviderEvent, WebhookError> {
    match provider {
        PaymentProvider::Stripe => stripe::webhook::read(&delivery.body, &delivery.signature, secrets, now()),
        PaymentProvider::Creem => creem::webhook::read(&delivery.body, &delivery.signature, secrets),
    }
}

#[tokio::test]
async fn webhooks_are_signed_so_that_ours_are_right_and_tampered_ones_are_not() {
    for provider in BOTH {
        let (fake, client) = fake(provider).await;
        let id = client
            .create_checkout(&order(provider, "pack_pro", "k1"))
            .await
            .unwrap()
            .id;
        click(&fake, &id, "pay").await;
        let event = fake.deliveries().events[0].clone();
        let secrets = WebhookSecrets::parse(SECRET).unwrap();
        let read = |set_delivery_options: &DeliveryOptions| {
            let delivery = sign_delivery(provider, &event, SECRET, set_delivery_options, now());
            read_by_provider(provider, &delivery, &secrets)
        };
        let event = read(&DeliveryOptions::default()).unwrap();
        assert_eq!(
            (event.kind, event.objects.checkout.as_deref()),
            (EventKind::Checkout, Some(id.as_str()))
        );
        assert_eq!((event.account, event.livemode), (Some(account()), false));
        let tampered = |tamper| {
            read(&DeliveryOptions {
                tamper,
                ..DeliveryOptions::default()
            })
        };
        assert_eq!(tampered(Tamper::Forged), Err(WebhookError::SignatureWrong));
        assert_eq!(tampered(Tamper::Truncated), Err(WebhookError::SignatureWrong));
        if provider == PaymentProvider::Stripe {
            assert_eq!(tampered(Tamper::Old), Err(WebhookError::TimestampOutside));
        }
        let odd = DeliveryOptions {
            livemode: Some(true),
            name: Some("moon.landed".to_owned()),
            ..DeliveryOptions::default()
        };
        let odd = read(&odd).unwrap();
        assert_eq!((odd.kind, odd.livemode), (EventKind::Other, true));
    }
}

#[tokio::test]
async fn held_events_are_delivered_three_times_in_a_shuffled_order_over_http() {
    let (fake, client) = fake(PaymentProvider::Stripe).await;
    // Another fake listens: it answers 404, so every try is used.
    let (deaf, _) = self::fake(PaymentProvider::Creem).await;
    fake.endpoint(&format!("{}/hook", deaf.url()), SECRET);
    fake.set_delivery_options(DeliveryOptions {
        mode: DeliveryMode::Hold,
        tries: 2,
        pause_ms: 1,
        ..DeliveryOptions::default()
    });
    let request = order(PaymentProvider::Stripe, "subscription_starter", "k1");
    let id = client.create_checkout(&request).await.unwrap().id;
    click(&fake, &id, "pay").await;
    let attempts = control(&fake, "deliver", json!({ "times": 3, "seed": 7 })).await;
    let events = fake.deliveries().events.len();
    assert_eq!(attempts.as_array().unwrap().len(), events * 3 * 2);
    assert!(
        attempts
            .as_array()
            .unwrap()
            .iter()
            .all(|attempt| attempt["status"] == 404)
    );
    let again = control(&fake, "deliver", json!({})).await;
    assert_eq!(again, json!([]), "nothing is held any more");
}

#[test]
fn a_shuffle_loses_nothing_and_repeats_itself() {
    let mut one: Vec<u32> = (0..20).collect();
    let mut two = one.clone();
    shuffle(&mut one, 7);
    shuffle(&mut two, 7);
    assert_eq!(one, two);
    assert_ne!(one, (0..20).collect::<Vec<u32>>());
    one.sort_unstable();
    assert_eq!(one, (0..20).collect::<Vec<u32>>());
}
