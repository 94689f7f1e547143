//! The forms that Stripe gets, to the letter.

use super::*;

fn order(item: CheckoutItem, buyer: Buyer) -> CheckoutRequest {
    CheckoutRequest {
        account: "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
        item,
        success_url: "https://a.example/done?session={CHECKOUT_SESSION_ID}".to_owned(),
        cancel_url: "https://a.example/back?a=1&b=2".to_owned(),
        buyer,
        idempotency_key: "k1".to_owned(),
    }
}

/// Names and values, in the order in which they are sent.
fn form(request: &RequestBuilder) -> Vec<(&str, &str)> {
    let body = request.body.as_deref().unwrap();
    body.split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .collect()
}

#[test]
fn a_pack_for_somebody_new_makes_a_customer_and_marks_the_payment() {
    let pack = CheckoutItem::Pack {
        product: "pack_pro".to_owned(),
        price_id: "price_1".to_owned(),
    };
    let request = create_checkout(&order(pack, Buyer::Email("buyer+1@example.com".into())));
    assert_eq!(request.path, "/checkout/sessions");
    assert_eq!(
        form(&request),
        [
            ("mode", "payment"),
            ("line_items[0][price]", "price_1"),
            ("line_items[0][quantity]", "1"),
            (
                "success_url",
                "https://a.example/done?session%3D{CHECKOUT_SESSION_ID}"
            ),
            ("cancel_url", "https://a.example/back?a%3D1%26b%3D2"),
            ("client_reference_id", "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
            ("metadata[account_id]", "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
            ("metadata[product]", "pack_pro"),
            (
                "payment_intent_data[metadata][account_id]",
                "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV"
            ),
            ("payment_intent_data[metadata][product]", "pack_pro"),
            ("customer_email", "buyer%2B1@example.com"),
            ("customer_creation", "always"),
        ]
    );
}

#[test]
fn a_subscription_of_a_known_customer_marks_the_subscription() {
    let plan = CheckoutItem::Subscription {
        product: "subscription_starter".to_owned(),
        price_id: "price_2".to_owned(),
        trial_days: Some(7),
    };
    let request = create_checkout(&order(plan, Buyer::Customer("cus_1".to_owned())));
    let form = form(&request);
    for pair in [
        ("mode", "subscription"),
        ("customer", "cus_1"),
        ("subscription_data[metadata][product]", "subscription_starter"),
        ("subscription_data[trial_period_days]", "7"),
    ] {
        assert!(form.contains(&pair), "{pair:?} in {form:?}");
    }
    assert!(
        form.iter()
            .all(|(name, _)| !name.starts_with("customer_") && !name.starts_with("payment_intent_data"))
    );
}

#[test]
fn a_list_is_asked_for_by_what_is_given_alone() {
    let page = PageRequest::after("in_9".to_owned(), 200);
    let filter = Filter {
        customer: Some("cus_1"),
        expand: &["data.payments"],
        ..Filter::page(&page, Some(Timestamp::from_ms(5_000)))
    };
    let request = list("invoices", &filter);
    assert_eq!(
        request.query.as_deref(),
        Some("customer=cus_1&created[gte]=5&starting_after=in_9&limit=100&expand[0]=data.payments")
    );
    let payment = Filter {
        payment: Some(PaymentFilter {
            kind: "payment_intent",
            payment_intent: "pi_1",
        }),
        ..Filter::default()
    };
    assert_eq!(
        list("invoice_payments", &payment).query.as_deref(),
        Some("payment[type]=payment_intent&payment[payment_intent]=pi_1")
    );
    assert_eq!(get("subscriptions", "sub_1", &[]).query.as_deref(), Some(""));
}

#[test]
fn a_change_of_plan_and_an_end_name_the_subscription_in_the_path() {
    let change = PlanChange {
        subscription: "sub/1".to_owned(),
        price_id: "price_2".to_owned(),
        product: "subscription_starter".to_owned(),
        proration: Proration::InvoiceNow,
        idempotency_key: "k1".to_owned(),
    };
    let request = change_plan(&change, "si_1");
    assert_eq!(request.path, "/subscriptions/sub%2F1");
    assert_eq!(
        request.body.as_deref(),
        Some(
            "items[0][id]=si_1&items[0][price]=price_2&proration_behavior=always_invoice&metadata[product]=subscription_starter"
        )
    );
    let ended = keep_renewing("sub_1");
    assert_eq!(ended.body.as_deref(), Some("cancel_at_period_end=false"));
}
