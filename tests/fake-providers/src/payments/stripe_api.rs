//! The part of Stripe's API that we call, on the provider's state.

use serde_json::{Value, json};

use super::http::{Call, Fields, Reply, nested};
use super::state::{CheckoutParams, Portal, ProviderState, StateChange};
use super::stripe_objects as objects;

/// What a call answers, and what it changed.
pub(super) type Outcome = (Reply, Vec<StateChange>);

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

/// A refusal because of the state of the object.
fn refused(code: &str, message: &str) -> Outcome {
    let reply = refusal(400, "invalid_request_error", code, message, None);
    (reply, Vec::new())
}

fn ok(value: &Value) -> Outcome {
    (Reply::json(200, value), Vec::new())
}

fn found(value: Option<Value>) -> Outcome {
    value.map_or_else(|| missing("id"), |value| ok(&value))
}

/// Answers a call under `/v1/`.
pub(super) fn answer(state: &mut ProviderState, call: &Call, base: &str) -> Outcome {
    let parts = call.parts();
    match (call.method.as_str(), parts.get(1..).unwrap_or_default()) {
        ("POST", ["checkout", "sessions"]) => open_session(state, &call.form(), base),
        ("POST", ["checkout", "sessions", id, "expire"]) => expire_session(state, id, base),
        ("POST", ["customers"]) => {
            let form = call.form();
            let id = state.add_customer(form.get("email").cloned());
            ok(&objects::customer_object(
                state.customer(&id).expect("just made"),
                &nested(&form, "metadata"),
            ))
        }
        ("POST", ["billing_portal", "sessions"]) => portal(state, &call.form(), base),
        ("POST", ["billing_portal", "configurations"]) => configure_portal(state, &call.form()),
        ("POST", ["subscriptions", id]) => change(state, id, &call.form()),
        ("DELETE", ["subscriptions", id]) => match state.cancel_subscription(id) {
            Some(changes) => subscription_reply(state, id, changes),
            None => missing("id"),
        },
        ("POST", ["refunds"]) => refund(state, &call.form()),
        ("GET", path) => read(state, path, &call.query, base),
        _ => missing("path"),
    }
}

fn open_session(state: &mut ProviderState, form: &Fields, base: &str) -> Outcome {
    let field = |name: &str| form.get(name).cloned();
    // Gone since 2026-09-30.endive.
    if form.keys().any(|name| name.starts_with("payment_method_types")) {
        return invalid("payment_method_types", "Unknown parameter");
    }
    let Some(item) = field("line_items[0][price]").and_then(|id| state.catalogue_item(&id).cloned()) else {
        return missing("line_items[0][price]");
    };
    let mode = if item.monthly { "subscription" } else { "payment" };
    if field("mode").as_deref() != Some(mode) {
        return invalid("mode", "The price does not fit the mode");
    }
    if field("customer").is_some() && field("customer_email").is_some() {
        return invalid("customer_email", "Give customer or customer_email, not both");
    }
    let Some(success_url) = field("success_url") else {
        return invalid("success_url", "Missing required param");
    };
    let inner_metadata = if item.monthly {
        "subscription_data[metadata]"
    } else {
        "payment_intent_data[metadata]"
    };
    let params = CheckoutParams {
        price_id: item.price_id,
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
    match state.open_checkout(params) {
        Some(id) => ok(&objects::session_object(
            state,
            state.checkout(&id).expect("just made"),
            base,
        )),
        None => missing("customer"),
    }
}

/// Closes the page of an open checkout; one that is paid or closed cannot be.
fn expire_session(state: &mut ProviderState, id: &str, base: &str) -> Outcome {
    let changes = state.expire_checkout(id);
    match state.checkout(id) {
        None => missing("id"),
        Some(_) if changes.is_empty() => {
            refused("status_transition_invalid", "Only open sessions can be expired")
        }
        Some(checkout) => {
            let reply = Reply::json(200, &objects::session_object(state, checkout, base));
            (reply, changes)
        }
    }
}

fn portal(state: &ProviderState, form: &Fields, base: &str) -> Outcome {
    let Some(customer) = form.get("customer").and_then(|id| state.customer(id)) else {
        return missing("customer");
    };
    let configuration = form.get("configuration").map_or("", String::as_str);
    if !configuration.is_empty() && !state.portals.iter().any(|known| known.id == configuration) {
        return missing("configuration");
    }
    let back = form.get("return_url").cloned().unwrap_or_default();
    let url = format!(
        "{base}/portal/{}?configuration={configuration}&return_url={}",
        customer.id,
        percent_encoding::utf8_percent_encode(&back, percent_encoding::NON_ALPHANUMERIC)
    );
    ok(&json!({ "id": format!("bps_{}", customer.id), "object": "billing_portal.session", "url": url }))
}

fn configure_portal(state: &mut ProviderState, form: &Fields) -> Outcome {
    let changes_plan = form
        .get("features[subscription_update][enabled]")
        .is_some_and(|enabled| enabled == "true");
    let id = state.mint("bpc", "bpc");
    state.portals.push(Portal {
        id,
        metadata: nested(form, "metadata"),
        changes_plan,
    });
    found(state.portals.last().map(objects::portal_object))
}

fn subscription_reply(state: &ProviderState, id: &str, changes: Vec<StateChange>) -> Outcome {
    let subscription = state.subscription(id).map(objects::subscription_object);
    (found(subscription).0, changes)
}

fn change(state: &mut ProviderState, id: &str, form: &Fields) -> Outcome {
    let mut changes = Vec::new();
    if let Some(ends) = form.get("cancel_at_period_end") {
        let Some(planned) = state.plan_end(id, ends == "true") else {
            return missing("id");
        };
        changes.extend(planned);
    }
    if let Some(subscription) = state
        .subscriptions
        .iter_mut()
        .find(|subscription| subscription.id == id)
    {
        subscription.metadata.extend(nested(form, "metadata"));
    }
    if let Some(price) = form.get("items[0][price]") {
        let now = form
            .get("proration_behavior")
            .is_some_and(|how| how == "always_invoice");
        if form.get("items[0][id]") != Some(&format!("si_{id}")) {
            return invalid("items[0][id]", "The subscription has no such item");
        }
        let Some(priced) = state.change_price(id, price, now) else {
            return missing("items[0][price]");
        };
        changes.extend(priced);
    }
    subscription_reply(state, id, changes)
}

fn refund(state: &mut ProviderState, form: &Fields) -> Outcome {
    let cents = form.get("amount").and_then(|cents| cents.parse().ok());
    let payment = form.get("payment_intent").cloned().unwrap_or_default();
    if state.is_charged_back(&payment) {
        return refused("charge_disputed", "The charge was disputed");
    }
    if cents.is_none()
        && state
            .payment(&payment)
            .is_some_and(|paid| state.refunded(&payment) == paid.cents)
    {
        return refused("charge_already_refunded", "The charge was refunded");
    }
    match state.refund(&payment, cents) {
        Some((_, changes)) => {
            let made = state.refunds.last().map(objects::refund_object);
            (found(made).0, changes)
        }
        None => invalid("amount", "There is not so much left of the payment"),
    }
}

fn read(state: &ProviderState, path: &[&str], query: &Fields, base: &str) -> Outcome {
    let of = |name: &str, value: &str| query.get(name).is_none_or(|wanted| wanted == value);
    let owned = |name: &str, value: Option<&str>| query.get(name).is_none_or(|wanted| value == Some(wanted));
    let session = |checkout| objects::with_lines(objects::session_object(state, checkout, base), checkout);
    let invoice = |invoice| objects::with_payments(objects::invoice_object(invoice, base), invoice);
    match path {
        ["checkout", "sessions", id] => found(state.checkout(id).map(session)),
        ["subscriptions", id] => found(state.subscription(id).map(objects::subscription_object)),
        ["invoices", id] => found(state.invoice(id).map(invoice)),
        ["payment_intents", id] => found(state.payment(id).map(objects::payment_intent_object)),
        ["checkout", "sessions"] => {
            let checkouts = state.checkouts.iter();
            let checkouts = checkouts.filter(|checkout| owned("payment_intent", checkout.payment.as_deref()));
            let checkouts = checkouts.filter(|checkout| owned("customer", checkout.customer.as_deref()));
            list(checkouts.map(session).collect(), query)
        }
        ["billing_portal", "configurations"] => {
            list(state.portals.iter().map(objects::portal_object).collect(), query)
        }
        ["subscriptions"] => subscriptions(state, query),
        ["invoices"] => {
            let invoices = state
                .invoices
                .iter()
                .filter(|invoice| of("customer", &invoice.customer));
            list(invoices.map(invoice).collect(), query)
        }
        ["charges"] => {
            let paid = state
                .payments
                .iter()
                .filter(|payment| of("customer", &payment.customer));
            list(
                paid.map(|payment| objects::charge_object(state, payment, base))
                    .collect(),
                query,
            )
        }
        ["refunds"] => {
            let refunds = state
                .refunds
                .iter()
                .filter(|refund| of("payment_intent", &refund.payment));
            list(refunds.map(objects::refund_object).collect(), query)
        }
        ["disputes"] => {
            let disputes = state
                .disputes
                .iter()
                .filter(|dispute| of("payment_intent", &dispute.payment));
            list(disputes.map(objects::dispute_object).collect(), query)
        }
        ["invoice_payments"] => {
            let paid = state
                .payments
                .iter()
                .filter(|paid| of("payment[payment_intent]", &paid.id));
            let of_bills = paid
                .filter_map(|paid| Some(objects::invoice_payment_object(paid.invoice.as_ref()?, &paid.id)));
            list(of_bills.collect(), query)
        }
        _ => missing("path"),
    }
}

/// A page of subscriptions; without `status=all` those that were cancelled are left out, as at Stripe.
fn subscriptions(state: &ProviderState, query: &Fields) -> Outcome {
    let all = query.get("status").is_some_and(|status| status == "all");
    let subscriptions = state.subscriptions.iter();
    let listed = subscriptions
        .filter(|subscription| {
            query
                .get("customer")
                .is_none_or(|wanted| *wanted == subscription.customer)
        })
        .filter(|subscription| all || !subscription.status.ended())
        .map(objects::subscription_object);
    list(listed.collect(), query)
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
