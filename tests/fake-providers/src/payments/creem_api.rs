//! The part of Creem's API that we call, on the provider's state, and Creem's events.

use domain::Timestamp;
use payments::{CheckoutStatus, Paid, SubscriptionStatus};
use serde_json::{Value, json};

use super::http::{Call, Fields, Reply};
use super::state::{
    Checkout, CheckoutParams, Customer, Metadata, Payment, ProviderState, StateChange, Subscription,
};
use super::stripe_api::Outcome;

fn refused(status: u16, error: &str) -> Outcome {
    let body = json!({ "trace_id": "fake", "status": status, "error": error, "message": [error] });
    (Reply::json(status, &body), Vec::new())
}

fn found(value: Option<Value>, changes: Vec<StateChange>) -> Outcome {
    match value {
        Some(value) => (Reply::json(200, &value), changes),
        None => refused(404, "Not Found"),
    }
}

fn customer_object(customer: &Customer) -> Value {
    json!({ "id": customer.id, "object": "customer", "mode": "test", "email": customer.email })
}

fn checkout_object(state: &ProviderState, checkout: &Checkout, base: &str) -> Value {
    let item = state
        .catalogue_item(&checkout.params.price_id)
        .expect("it is in the catalogue");
    let invoice = checkout.invoice.as_deref().and_then(|id| state.invoice(id));
    let transaction = checkout.payment.as_ref().or_else(|| invoice?.payment.as_ref());
    let order = (checkout.status == CheckoutStatus::Complete).then(|| {
        json!({
            "object": "order", "id": checkout.id.replacen("ch_", "ord_", 1), "mode": "test", "customer": checkout.customer,
            "product": item.price_id, "transaction": transaction, "amount": item.cents, "sub_total": item.cents,
            "amount_due": item.cents, "amount_paid": item.cents, "currency": "USD",
            "status": if checkout.paid == Paid::Paid { "paid" } else { "pending" },
            "type": if item.monthly { "recurring" } else { "onetime" },
            "created_at": checkout.created, "updated_at": checkout.created,
        })
    });
    json!({
        "id": checkout.id, "object": "checkout", "mode": "test", "request_id": checkout.params.reference,
        "status": match checkout.status {
            CheckoutStatus::Open => "pending",
            CheckoutStatus::Complete => "completed",
            CheckoutStatus::Expired => "expired",
        },
        "product": item.price_id, "units": 1, "order": order, "subscription": checkout.subscription,
        "customer": checkout.customer, "checkout_url": format!("{base}/pay/{}", checkout.id),
        "success_url": checkout.params.success_url, "metadata": checkout.params.metadata,
    })
}

fn subscription_object(state: &ProviderState, subscription: &Subscription) -> Value {
    let status = match subscription.status {
        SubscriptionStatus::Active if subscription.ends => "scheduled_cancel",
        SubscriptionStatus::Active | SubscriptionStatus::Incomplete => "active",
        SubscriptionStatus::Trialing => "trialing",
        SubscriptionStatus::PastDue => "past_due",
        SubscriptionStatus::Unpaid => "unpaid",
        SubscriptionStatus::Paused => "paused",
        SubscriptionStatus::Canceled | SubscriptionStatus::IncompleteExpired => "canceled",
    };
    let last = state
        .invoices
        .iter()
        .rev()
        .find(|invoice| invoice.subscription == subscription.id && invoice.payment.is_some());
    json!({
        "id": subscription.id, "object": "subscription", "mode": "test", "product": subscription.price_id,
        "customer": subscription.customer, "collection_method": "charge_automatically", "status": status,
        "last_transaction_id": last.and_then(|invoice| invoice.payment.as_ref()),
        "current_period_start_date": subscription.start, "current_period_end_date": subscription.end,
        "canceled_at": subscription.canceled.filter(|_| subscription.ended.is_some()), "created_at": subscription.created, "updated_at": state.now,
        "metadata": subscription.metadata,
    })
}

fn transaction_object(state: &ProviderState, payment: &Payment) -> Value {
    let invoice = payment.invoice.as_deref().and_then(|id| state.invoice(id));
    let refunded = state.refunded(&payment.id);
    let charged_back = state.is_charged_back(&payment.id);
    let status = match (payment.status, refunded) {
        _ if charged_back => "chargedBack",
        ("succeeded", 0) => "paid",
        ("succeeded", all) if all == payment.cents => "refunded",
        ("succeeded", _) => "partialRefund",
        ("processing", _) => "pending",
        _ => "declined",
    };
    json!({
        "id": payment.id, "object": "transaction", "mode": "test", "amount": payment.cents,
        "amount_paid": payment.cents, "currency": "USD", "type": if invoice.is_some() { "invoice" } else { "payment" },
        "status": status, "refunded_amount": if charged_back { payment.cents } else { refunded },
        "order": payment.checkout.as_ref().map(|checkout| checkout.replacen("ch_", "ord_", 1)),
        "subscription": invoice.map(|invoice| &invoice.subscription), "customer": payment.customer,
        "period_start": invoice.map(|invoice| invoice.start.as_ms()), "period_end": invoice.map(|invoice| invoice.end.as_ms()),
        "created_at": payment.created.as_ms(),
    })
}

/// Answers a call under `/v1/`.
pub(super) fn answer(state: &mut ProviderState, call: &Call, base: &str) -> Outcome {
    let parts = call.parts();
    let body = call.json();
    match (call.method.as_str(), parts.get(1..).unwrap_or_default()) {
        ("POST", ["checkouts"]) => open(state, &body, base),
        ("POST", ["customers"]) => {
            let email = body["email"].as_str();
            if email.is_none()
                || state
                    .customers
                    .iter()
                    .any(|known| known.email.as_deref() == email)
            {
                return refused(400, "Bad Request");
            }
            let id = state.add_customer(email.map(str::to_owned));
            found(state.customer(&id).map(customer_object), Vec::new())
        }
        ("POST", ["customers", "billing"]) => {
            let customer = body["customer_id"].as_str().and_then(|id| state.customer(id));
            let link = customer.map(|customer| format!("{base}/portal/{}", customer.id));
            found(
                link.map(|link| json!({ "customer_portal_link": link })),
                Vec::new(),
            )
        }
        ("POST", ["subscriptions", id, what]) => change(state, id, what, &body),
        ("POST", ["refunds"]) => refund(state, &body),
        ("GET", path) => read(state, path, &call.query, base),
        _ => refused(404, "Not Found"),
    }
}

fn open(state: &mut ProviderState, body: &Value, base: &str) -> Outcome {
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let metadata: Metadata = serde_json::from_value(body["metadata"].clone()).unwrap_or_default();
    let params = CheckoutParams {
        price_id: text("/product_id").unwrap_or_default(),
        customer: text("/customer/id"),
        email: text("/customer/email"),
        made_metadata: metadata.clone(),
        metadata,
        reference: text("/request_id"),
        success_url: text("/success_url").unwrap_or_default(),
        cancel_url: None,
        trial_days: 0,
    };
    let opened = state.open_checkout(params);
    let opened = opened.and_then(|id| Some(checkout_object(state, state.checkout(&id)?, base)));
    found(opened, Vec::new())
}

fn change(state: &mut ProviderState, id: &str, what: &str, body: &Value) -> Outcome {
    let changes = match what {
        "cancel" if body["mode"] == "immediate" => state.cancel_subscription(id),
        "cancel" => state.plan_end(id, true),
        "resume" => state.plan_end(id, false),
        "upgrade" => {
            let product = body["product_id"].as_str().unwrap_or_default();
            let now = body["update_behavior"] == "proration-charge-immediately";
            state.change_price(id, product, now)
        }
        _ => None,
    };
    let subscription = state
        .subscription(id)
        .map(|subscription| subscription_object(state, subscription));
    match changes {
        Some(changes) => found(subscription, changes),
        None => refused(if subscription.is_some() { 400 } else { 404 }, "Bad Request"),
    }
}

/// Gives back all that is left of a transaction; Creem takes no sum.
fn refund(state: &mut ProviderState, body: &Value) -> Outcome {
    let transaction = body["transaction_id"].as_str().unwrap_or_default();
    if state.payment(transaction).is_none() {
        return refused(404, "Not Found");
    }
    match state.refund(transaction, None) {
        Some((_, changes)) => found(Some(json!({ "status": "succeeded" })), changes),
        None => refused(400, "Bad Request"),
    }
}

fn read(state: &ProviderState, path: &[&str], query: &Fields, base: &str) -> Outcome {
    let wanted = |name: &str| query.get(name).map_or("", String::as_str);
    let object = |subscription| subscription_object(state, subscription);
    match path {
        ["checkouts"] => {
            let checkout = state.checkout(wanted("checkout_id"));
            found(
                checkout.map(|checkout| checkout_object(state, checkout, base)),
                Vec::new(),
            )
        }
        ["customers"] => {
            let known = |customer: &&Customer| customer.email.as_deref() == Some(wanted("email"));
            found(
                state.customers.iter().find(known).map(customer_object),
                Vec::new(),
            )
        }
        ["subscriptions"] => found(
            state.subscription(wanted("subscription_id")).map(object),
            Vec::new(),
        ),
        ["transactions"] => {
            let payment = state.payment(wanted("transaction_id"));
            found(
                payment.map(|payment| transaction_object(state, payment)),
                Vec::new(),
            )
        }
        ["subscriptions", "search"] => list(state.subscriptions.iter().map(object).collect(), query),
        ["customers", id, "subscriptions"] => {
            let subscriptions = state
                .subscriptions
                .iter()
                .filter(|subscription| subscription.customer == *id);
            list(subscriptions.map(object).collect(), query)
        }
        ["transactions", "search"] => {
            let of = |payment: &&Payment| query.get("customer_id").is_none_or(|id| *id == payment.customer);
            let payments = state.payments.iter().filter(of);
            list(
                payments
                    .map(|payment| transaction_object(state, payment))
                    .collect(),
                query,
            )
        }
        _ => refused(404, "Not Found"),
    }
}

/// A numbered page, newest first.
fn list(mut items: Vec<Value>, query: &Fields) -> Outcome {
    items.reverse();
    let number = |name: &str, default: usize| {
        query
            .get(name)
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    let (page, size) = (number("page_number", 1).max(1), number("page_size", 10).max(1));
    let total = items.len();
    let next = (page * size < total).then_some(page + 1);
    let items: Vec<Value> = items.into_iter().skip((page - 1) * size).take(size).collect();
    let pagination = json!({
        "total_records": total, "total_pages": total.div_ceil(size), "current_page": page,
        "next_page": next, "prev_page": page.checked_sub(1).filter(|page| *page > 0),
    });
    found(
        Some(json!({ "items": items, "pagination": pagination })),
        Vec::new(),
    )
}

/// The events of a change; Creem sends none for late payments and closed disputes.
pub(super) fn events(state: &ProviderState, change: &StateChange, base: &str) -> Vec<(&'static str, Value)> {
    let subscription = |id: &str| subscription_object(state, state.subscription(id).expect("a subscription"));
    let refund_object = |payment: &str| {
        let payment = state.payment(payment).expect("a payment");
        let checkout = payment.checkout.as_deref().and_then(|id| state.checkout(id));
        let invoice = payment.invoice.as_deref().and_then(|id| state.invoice(id));
        json!({
            "mode": "test", "transaction": transaction_object(state, payment), "customer": payment.customer,
            "checkout": checkout.map(|checkout| checkout_object(state, checkout, base)),
            "subscription": invoice.map(|invoice| subscription(&invoice.subscription)),
        })
    };
    match change {
        StateChange::CheckoutCompleted(id) | StateChange::CheckoutPaidLate(id) => {
            let checkout = state.checkout(id).expect("a checkout");
            vec![("checkout.completed", checkout_object(state, checkout, base))]
        }
        StateChange::SubscriptionStarted(id) => vec![("subscription.active", subscription(id))],
        StateChange::SubscriptionChanged(id) => {
            let object = subscription(id);
            let name = match object["status"].as_str() {
                Some("scheduled_cancel") => "subscription.scheduled_cancel",
                Some("past_due") => "subscription.past_due",
                Some("unpaid") => "subscription.unpaid",
                _ => "subscription.update",
            };
            vec![(name, object)]
        }
        StateChange::SubscriptionEnded(id) => vec![("subscription.canceled", subscription(id))],
        StateChange::InvoicePaid(id) => vec![(
            "subscription.paid",
            subscription(&state.invoice(id).expect("an invoice").subscription),
        )],
        StateChange::InvoiceFailed(id) => vec![(
            "subscription.past_due",
            subscription(&state.invoice(id).expect("an invoice").subscription),
        )],
        StateChange::Refunded(id) => {
            let refund = state
                .refunds
                .iter()
                .find(|refund| refund.id == *id)
                .expect("a refund");
            let mut object = refund_object(&refund.payment);
            object["id"] = json!(refund.id);
            object["object"] = json!("refund");
            object["status"] = json!(refund.status);
            object["refund_amount"] = json!(refund.cents);
            object["refund_currency"] = json!("USD");
            object["created_at"] = json!(refund.created.as_ms());
            vec![("refund.created", object)]
        }
        StateChange::DisputeOpened(id) => {
            let dispute = state.disputes.iter().find(|of| of.id == *id).expect("a dispute");
            let mut object = refund_object(&dispute.payment);
            object["id"] = json!(dispute.id);
            object["object"] = json!("dispute");
            object["amount"] = json!(dispute.cents);
            object["currency"] = json!("USD");
            vec![("dispute.created", object)]
        }
        StateChange::CheckoutFailedLate(_)
        | StateChange::CheckoutExpired(_)
        | StateChange::RefundFailed(_)
        | StateChange::DisputeClosed(_) => Vec::new(),
    }
}

/// An event's body.
pub(super) fn event(id: &str, name: &str, created: Timestamp, object: &Value) -> Value {
    json!({ "id": id, "eventType": name, "created_at": created.as_ms(), "object": object })
}
