//! The part of Creem's API that we call, over the shop, and Creem's events.

use domain::Timestamp;
use payments::{CheckoutStatus, DisputeStatus, Paid, SubscriptionStatus};
use serde_json::{Value, json};

use super::http::{Call, Fields, Reply};
use super::shop::{Customer, Metadata, Notice, Order, Payment, Plan, Sale, Shop};
use super::stripe_api::Outcome;

fn refused(status: u16, error: &str) -> Outcome {
    let body = json!({ "trace_id": "fake", "status": status, "error": error, "message": [error] });
    (Reply::json(status, &body), Vec::new())
}

fn found(value: Option<Value>, notices: Vec<Notice>) -> Outcome {
    match value {
        Some(value) => (Reply::json(200, &value), notices),
        None => refused(404, "Not Found"),
    }
}

fn customer(customer: &Customer) -> Value {
    json!({ "id": customer.id, "object": "customer", "mode": "test", "email": customer.email })
}

fn checkout(shop: &Shop, sale: &Sale, base: &str) -> Value {
    let goods = shop.goods(&sale.order.price_id).expect("it was on sale");
    let bill = sale.bill.as_deref().and_then(|id| shop.bill(id));
    let transaction = sale.payment.as_ref().or_else(|| bill?.payment.as_ref());
    let order = (sale.stage == CheckoutStatus::Complete).then(|| {
        json!({
            "object": "order", "id": sale.id.replacen("ch_", "ord_", 1), "mode": "test", "customer": sale.customer,
            "product": goods.price_id, "transaction": transaction, "amount": goods.cents, "sub_total": goods.cents,
            "amount_due": goods.cents, "amount_paid": goods.cents, "currency": "USD",
            "status": if sale.paid == Paid::Paid { "paid" } else { "pending" },
            "type": if goods.monthly { "recurring" } else { "onetime" },
            "created_at": sale.created, "updated_at": sale.created,
        })
    });
    json!({
        "id": sale.id, "object": "checkout", "mode": "test", "request_id": sale.order.reference,
        "status": match sale.stage {
            CheckoutStatus::Open => "pending",
            CheckoutStatus::Complete => "completed",
            CheckoutStatus::Expired => "expired",
        },
        "product": goods.price_id, "units": 1, "order": order, "subscription": sale.plan,
        "customer": sale.customer, "checkout_url": format!("{base}/pay/{}", sale.id),
        "success_url": sale.order.success_url, "metadata": sale.order.metadata,
    })
}

fn subscription(shop: &Shop, plan: &Plan) -> Value {
    let status = match plan.status {
        SubscriptionStatus::Active if plan.ends => "scheduled_cancel",
        SubscriptionStatus::Active | SubscriptionStatus::Incomplete => "active",
        SubscriptionStatus::Trialing => "trialing",
        SubscriptionStatus::PastDue => "past_due",
        SubscriptionStatus::Unpaid => "unpaid",
        SubscriptionStatus::Paused => "paused",
        SubscriptionStatus::Canceled | SubscriptionStatus::IncompleteExpired => "canceled",
    };
    let last = shop
        .bills
        .iter()
        .rev()
        .find(|bill| bill.plan == plan.id && bill.payment.is_some());
    json!({
        "id": plan.id, "object": "subscription", "mode": "test", "product": plan.price_id,
        "customer": plan.customer, "collection_method": "charge_automatically", "status": status,
        "last_transaction_id": last.and_then(|bill| bill.payment.as_ref()),
        "current_period_start_date": plan.start, "current_period_end_date": plan.end,
        "canceled_at": plan.canceled.filter(|_| plan.ended.is_some()), "created_at": plan.created, "updated_at": shop.now,
        "metadata": plan.metadata,
    })
}

fn transaction(shop: &Shop, payment: &Payment) -> Value {
    let bill = payment.bill.as_deref().and_then(|id| shop.bill(id));
    let refunded = shop.refunded(&payment.id);
    let charged_back = shop
        .disputes
        .iter()
        .any(|of| of.payment == payment.id && of.status != DisputeStatus::Won);
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
        "amount_paid": payment.cents, "currency": "USD", "type": if bill.is_some() { "invoice" } else { "payment" },
        "status": status, "refunded_amount": if charged_back { payment.cents } else { refunded },
        "order": payment.sale.as_ref().map(|sale| sale.replacen("ch_", "ord_", 1)),
        "subscription": bill.map(|bill| &bill.plan), "customer": payment.customer,
        "period_start": bill.map(|bill| bill.start.as_ms()), "period_end": bill.map(|bill| bill.end.as_ms()),
        "created_at": payment.created.as_ms(),
    })
}

/// Answers a call under `/v1/`.
pub(super) fn answer(shop: &mut Shop, call: &Call, base: &str) -> Outcome {
    let parts = call.parts();
    let body = call.json();
    match (call.method.as_str(), parts.get(1..).unwrap_or_default()) {
        ("POST", ["checkouts"]) => open(shop, &body, base),
        ("POST", ["customers"]) => {
            let email = body["email"].as_str();
            if email.is_none() || shop.customers.iter().any(|known| known.email.as_deref() == email) {
                return refused(400, "Bad Request");
            }
            let id = shop.add_customer(email.map(str::to_owned));
            found(shop.customer(&id).map(customer), Vec::new())
        }
        ("POST", ["customers", "billing"]) => {
            let customer = body["customer_id"].as_str().and_then(|id| shop.customer(id));
            let link = customer.map(|customer| format!("{base}/portal/{}", customer.id));
            found(
                link.map(|link| json!({ "customer_portal_link": link })),
                Vec::new(),
            )
        }
        ("POST", ["subscriptions", id, what]) => change(shop, id, what, &body),
        ("GET", path) => read(shop, path, &call.query, base),
        _ => refused(404, "Not Found"),
    }
}

fn open(shop: &mut Shop, body: &Value, base: &str) -> Outcome {
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let metadata: Metadata = serde_json::from_value(body["metadata"].clone()).unwrap_or_default();
    let order = Order {
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
    let opened = shop.open_sale(order);
    let opened = opened.and_then(|id| Some(checkout(shop, shop.sale(&id)?, base)));
    found(opened, Vec::new())
}

fn change(shop: &mut Shop, id: &str, what: &str, body: &Value) -> Outcome {
    let told = match what {
        "cancel" if body["mode"] == "immediate" => shop.cancel_plan(id),
        "cancel" => shop.plan_end(id, true),
        "resume" => shop.plan_end(id, false),
        "upgrade" => {
            let product = body["product_id"].as_str().unwrap_or_default();
            let now = body["update_behavior"] == "proration-charge-immediately";
            shop.change_plan(id, product, now)
        }
        _ => None,
    };
    let plan = shop.plan(id).map(|plan| subscription(shop, plan));
    match told {
        Some(notices) => found(plan, notices),
        None => refused(if plan.is_some() { 400 } else { 404 }, "Bad Request"),
    }
}

fn read(shop: &Shop, path: &[&str], query: &Fields, base: &str) -> Outcome {
    let wanted = |name: &str| query.get(name).map_or("", String::as_str);
    let told = |plan| subscription(shop, plan);
    match path {
        ["checkouts"] => {
            let sale = shop.sale(wanted("checkout_id"));
            found(sale.map(|sale| checkout(shop, sale, base)), Vec::new())
        }
        ["customers"] => {
            let known = |customer: &&Customer| customer.email.as_deref() == Some(wanted("email"));
            found(shop.customers.iter().find(known).map(customer), Vec::new())
        }
        ["subscriptions"] => found(shop.plan(wanted("subscription_id")).map(told), Vec::new()),
        ["transactions"] => {
            let payment = shop.payment(wanted("transaction_id"));
            found(payment.map(|payment| transaction(shop, payment)), Vec::new())
        }
        ["subscriptions", "search"] => list(shop.plans.iter().map(told).collect(), query),
        ["customers", id, "subscriptions"] => {
            let plans = shop.plans.iter().filter(|plan| plan.customer == *id);
            list(plans.map(told).collect(), query)
        }
        ["transactions", "search"] => {
            let of = |payment: &&Payment| query.get("customer_id").is_none_or(|id| *id == payment.customer);
            let payments = shop.payments.iter().filter(of);
            list(
                payments.map(|payment| transaction(shop, payment)).collect(),
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

/// The events of what happened; Creem tells neither late payments nor closed disputes.
pub(super) fn events(shop: &Shop, notice: &Notice, base: &str) -> Vec<(&'static str, Value)> {
    let plan = |id: &str| subscription(shop, shop.plan(id).expect("a plan"));
    let return_of = |payment: &str| {
        let payment = shop.payment(payment).expect("a payment");
        let sale = payment.sale.as_deref().and_then(|id| shop.sale(id));
        let bill = payment.bill.as_deref().and_then(|id| shop.bill(id));
        json!({
            "mode": "test", "transaction": transaction(shop, payment), "customer": payment.customer,
            "checkout": sale.map(|sale| checkout(shop, sale, base)),
            "subscription": bill.map(|bill| plan(&bill.plan)),
        })
    };
    match notice {
        Notice::SaleCompleted(id) | Notice::SalePaidLate(id) => {
            let sale = shop.sale(id).expect("a sale");
            vec![("checkout.completed", checkout(shop, sale, base))]
        }
        Notice::PlanStarted(id) => vec![("subscription.active", plan(id))],
        Notice::PlanChanged(id) => {
            let told = plan(id);
            let name = match told["status"].as_str() {
                Some("scheduled_cancel") => "subscription.scheduled_cancel",
                Some("past_due") => "subscription.past_due",
                Some("unpaid") => "subscription.unpaid",
                _ => "subscription.update",
            };
            vec![(name, told)]
        }
        Notice::PlanEnded(id) => vec![("subscription.canceled", plan(id))],
        Notice::BillPaid(id) => vec![("subscription.paid", plan(&shop.bill(id).expect("a bill").plan))],
        Notice::BillFailed(id) => vec![(
            "subscription.past_due",
            plan(&shop.bill(id).expect("a bill").plan),
        )],
        Notice::Refunded(id) => {
            let refund = shop
                .refunds
                .iter()
                .find(|refund| refund.id == *id)
                .expect("a refund");
            let mut told = return_of(&refund.payment);
            told["id"] = json!(refund.id);
            told["object"] = json!("refund");
            told["status"] = json!(refund.status);
            told["refund_amount"] = json!(refund.cents);
            told["refund_currency"] = json!("USD");
            told["created_at"] = json!(refund.created.as_ms());
            vec![("refund.created", told)]
        }
        Notice::DisputeOpened(id) => {
            let dispute = shop.disputes.iter().find(|of| of.id == *id).expect("a dispute");
            let mut told = return_of(&dispute.payment);
            told["id"] = json!(dispute.id);
            told["object"] = json!("dispute");
            told["amount"] = json!(dispute.cents);
            told["currency"] = json!("USD");
            vec![("dispute.created", told)]
        }
        Notice::SaleFailedLate(_)
        | Notice::SaleExpired(_)
        | Notice::RefundFailed(_)
        | Notice::DisputeClosed(_) => Vec::new(),
    }
}

/// An event's body.
pub(super) fn event(id: &str, name: &str, created: Timestamp, object: &Value) -> Value {
    json!({ "id": id, "eventType": name, "created_at": created.as_ms(), "object": object })
}
