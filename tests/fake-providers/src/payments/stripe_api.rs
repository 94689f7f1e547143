//! The part of Stripe's API that we call, over the shop.

use serde_json::{Value, json};

use super::http::{Call, Fields, Reply, nested};
use super::shop::{Notice, Order, Shop};
use super::stripe_objects as objects;

/// What a call answers, and what it made happen.
pub(super) type Outcome = (Reply, Vec<Notice>);

/// A refusal in Stripe's shape.
pub(super) fn refusal(status: u16, kind: &str, code: &str, message: &str, param: Option<&str>) -> Reply {
    let error = json!({ "type": kind, "code": code, "message": message, "param": param });
    Reply::json(status, &json!({ "error": error }))
}

fn missing(param: &str) -> Outcome {
    let reply = refusal(
        404,
        "invalid_request_error",
        "resource_missing",
        "No such object",
        Some(param),
    );
    (reply, Vec::new())
}

fn invalid(param: &str, message: &str) -> Outcome {
    let reply = refusal(
        400,
        "invalid_request_error",
        "parameter_invalid",
        message,
        Some(param),
    );
    (reply, Vec::new())
}

fn ok(value: &Value) -> Outcome {
    (Reply::json(200, value), Vec::new())
}

fn found(value: Option<Value>) -> Outcome {
    value.map_or_else(|| missing("id"), |value| ok(&value))
}

/// Answers a call under `/v1/`.
pub(super) fn answer(shop: &mut Shop, call: &Call, base: &str) -> Outcome {
    let parts = call.parts();
    match (call.method.as_str(), parts.get(1..).unwrap_or_default()) {
        ("POST", ["checkout", "sessions"]) => open_session(shop, &call.form(), base),
        ("POST", ["customers"]) => {
            let form = call.form();
            let id = shop.add_customer(form.get("email").cloned());
            ok(&objects::customer(
                shop.customer(&id).expect("just made"),
                &nested(&form, "metadata"),
            ))
        }
        ("POST", ["billing_portal", "sessions"]) => portal(shop, &call.form(), base),
        ("POST", ["subscriptions", id]) => change(shop, id, &call.form()),
        ("DELETE", ["subscriptions", id]) => match shop.cancel_plan(id) {
            Some(notices) => subscription(shop, id, notices),
            None => missing("id"),
        },
        ("POST", ["refunds"]) => refund(shop, &call.form()),
        ("GET", path) => read(shop, path, &call.query, base),
        _ => missing("path"),
    }
}

fn open_session(shop: &mut Shop, form: &Fields, base: &str) -> Outcome {
    let field = |name: &str| form.get(name).cloned();
    // Gone since 2026-09-30.endive.
    if form.keys().any(|name| name.starts_with("payment_method_types")) {
        return invalid("payment_method_types", "Unknown parameter");
    }
    let Some(goods) = field("line_items[0][price]").and_then(|id| shop.goods(&id).cloned()) else {
        return missing("line_items[0][price]");
    };
    let mode = if goods.monthly { "subscription" } else { "payment" };
    if field("mode").as_deref() != Some(mode) {
        return invalid("mode", "The price does not fit the mode");
    }
    if field("customer").is_some() && field("customer_email").is_some() {
        return invalid("customer_email", "Give customer or customer_email, not both");
    }
    let Some(success_url) = field("success_url") else {
        return invalid("success_url", "Missing required param");
    };
    let inner_metadata = if goods.monthly {
        "subscription_data[metadata]"
    } else {
        "payment_intent_data[metadata]"
    };
    let order = Order {
        price_id: goods.price_id,
        customer: field("customer"),
        email: field("customer_email"),
        metadata: nested(form, "metadata"),
        made_metadata: nested(form, inner_metadata),
        reference: field("client_reference_id"),
        success_url,
        cancel_url: field("cancel_url"),
        trial_days: field("subscription_data[trial_period_days]")
            .and_then(|days| days.parse().ok())
            .unwrap_or(0),
    };
    match shop.open_sale(order) {
        Some(id) => ok(&objects::session(shop, shop.sale(&id).expect("just made"), base)),
        None => missing("customer"),
    }
}

fn portal(shop: &Shop, form: &Fields, base: &str) -> Outcome {
    let Some(customer) = form.get("customer").and_then(|id| shop.customer(id)) else {
        return missing("customer");
    };
    let back = form.get("return_url").cloned().unwrap_or_default();
    let url = format!(
        "{base}/portal/{}?return_url={}",
        customer.id,
        percent_encoding::utf8_percent_encode(&back, percent_encoding::NON_ALPHANUMERIC)
    );
    ok(&json!({ "id": format!("bps_{}", customer.id), "object": "billing_portal.session", "url": url }))
}

fn subscription(shop: &Shop, id: &str, notices: Vec<Notice>) -> Outcome {
    let plan = shop.plan(id).map(objects::subscription);
    (found(plan).0, notices)
}

fn change(shop: &mut Shop, id: &str, form: &Fields) -> Outcome {
    let mut notices = Vec::new();
    if let Some(ends) = form.get("cancel_at_period_end") {
        let Some(told) = shop.plan_end(id, ends == "true") else {
            return missing("id");
        };
        notices.extend(told);
    }
    if let Some(plan) = shop.plans.iter_mut().find(|plan| plan.id == id) {
        plan.metadata.extend(nested(form, "metadata"));
    }
    if let Some(price) = form.get("items[0][price]") {
        let now = form
            .get("proration_behavior")
            .is_some_and(|how| how == "always_invoice");
        if form.get("items[0][id]") != Some(&format!("si_{id}")) {
            return invalid("items[0][id]", "The subscription has no such item");
        }
        let Some(told) = shop.change_plan(id, price, now) else {
            return missing("items[0][price]");
        };
        notices.extend(told);
    }
    subscription(shop, id, notices)
}

fn refund(shop: &mut Shop, form: &Fields) -> Outcome {
    let cents = form.get("amount").and_then(|cents| cents.parse().ok());
    let payment = form.get("payment_intent").cloned().unwrap_or_default();
    match shop.refund(&payment, cents) {
        Some((_, notices)) => {
            let made = shop.refunds.last().map(objects::refund);
            (found(made).0, notices)
        }
        None => invalid("amount", "There is not so much left of the payment"),
    }
}

fn read(shop: &Shop, path: &[&str], query: &Fields, base: &str) -> Outcome {
    let of = |name: &str, value: &str| query.get(name).is_none_or(|wanted| wanted == value);
    let owned = |name: &str, value: Option<&str>| query.get(name).is_none_or(|wanted| value == Some(wanted));
    let session = |sale| objects::with_lines(objects::session(shop, sale, base), sale);
    let invoice = |bill| objects::with_payments(objects::invoice(bill), bill);
    match path {
        ["checkout", "sessions", id] => found(shop.sale(id).map(session)),
        ["subscriptions", id] => found(shop.plan(id).map(objects::subscription)),
        ["invoices", id] => found(shop.bill(id).map(invoice)),
        ["payment_intents", id] => found(shop.payment(id).map(objects::payment_intent)),
        ["checkout", "sessions"] => {
            let sales = shop.sales.iter();
            let sales = sales.filter(|sale| owned("payment_intent", sale.payment.as_deref()));
            let sales = sales.filter(|sale| owned("customer", sale.customer.as_deref()));
            list(sales.map(session).collect(), query)
        }
        ["subscriptions"] => {
            // Without `status=all` those that were cancelled are left out, as at Stripe.
            let all = query.get("status").is_some_and(|status| status == "all");
            let plans = shop.plans.iter().filter(|plan| of("customer", &plan.customer));
            list(
                plans
                    .filter(|plan| all || !plan.status.ended())
                    .map(objects::subscription)
                    .collect(),
                query,
            )
        }
        ["invoices"] => {
            let bills = shop.bills.iter().filter(|bill| of("customer", &bill.customer));
            list(bills.map(invoice).collect(), query)
        }
        ["charges"] => {
            let paid = shop
                .payments
                .iter()
                .filter(|payment| of("customer", &payment.customer));
            list(
                paid.map(|payment| objects::charge(shop, payment)).collect(),
                query,
            )
        }
        ["refunds"] => {
            let refunds = shop
                .refunds
                .iter()
                .filter(|refund| of("payment_intent", &refund.payment));
            list(refunds.map(objects::refund).collect(), query)
        }
        ["disputes"] => {
            let disputes = shop
                .disputes
                .iter()
                .filter(|dispute| of("payment_intent", &dispute.payment));
            list(disputes.map(objects::dispute).collect(), query)
        }
        ["invoice_payments"] => {
            let paid = shop
                .payments
                .iter()
                .filter(|paid| of("payment[payment_intent]", &paid.id));
            let of_bills =
                paid.filter_map(|paid| Some(objects::invoice_payment(paid.bill.as_ref()?, &paid.id)));
            list(of_bills.collect(), query)
        }
        _ => missing("path"),
    }
}

/// A page, newest first.
fn list(mut items: Vec<Value>, query: &Fields) -> Outcome {
    items.reverse();
    if let Some(since) = query
        .get("created[gte]")
        .and_then(|since| since.parse::<i64>().ok())
    {
        items.retain(|item| item["created"].as_i64().is_none_or(|created| created >= since));
    }
    if let Some(after) = query.get("starting_after") {
        let Some(at) = items.iter().position(|item| item["id"] == **after) else {
            return missing("starting_after");
        };
        items.drain(..=at);
    }
    let limit = query
        .get("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(10_usize);
    if !(1..=100).contains(&limit) {
        return invalid("limit", "Limit must be between 1 and 100");
    }
    let more = items.len() > limit;
    items.truncate(limit);
    ok(&json!({ "object": "list", "data": items, "has_more": more }))
}
