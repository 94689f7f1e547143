//! The provider's objects and events in Stripe's shapes of API version 2026-10-28.endive.

use domain::Timestamp;
use payments::stripe::API_VERSION;
use payments::{CheckoutStatus, InvoiceStatus, Paid};
use serde_json::{Value, json};

use super::state::{
    Checkout, Customer, Dispute, Invoice, Metadata, Payment, Portal, ProviderState, Refund, StateChange,
    Subscription,
};

/// A list of lines that is part of another object.
fn inner(items: &[Value]) -> Value {
    json!({ "object": "list", "data": items, "has_more": false })
}

pub(super) fn customer_object(customer: &Customer, metadata: &Metadata) -> Value {
    json!({ "id": customer.id, "object": "customer", "livemode": false, "email": customer.email, "metadata": metadata })
}

pub(super) fn portal_object(portal: &Portal) -> Value {
    json!({
        "id": portal.id, "object": "billing_portal.configuration", "active": true, "is_default": false,
        "livemode": false, "metadata": portal.metadata,
        "features": { "subscription_update": { "enabled": portal.changes_plan } },
    })
}

pub(super) fn session_object(state: &ProviderState, checkout: &Checkout, base: &str) -> Value {
    let item = state
        .catalogue_item(&checkout.params.price_id)
        .expect("it is in the catalogue");
    json!({
        "id": checkout.id, "object": "checkout.session", "livemode": false,
        "mode": if item.monthly { "subscription" } else { "payment" },
        "status": checkout.status,
        "payment_status": match checkout.paid {
            Paid::Paid => "paid",
            Paid::Unpaid => "unpaid",
            Paid::NotRequired => "no_payment_required",
        },
        "url": (checkout.status == CheckoutStatus::Open).then(|| format!("{base}/pay/{}", checkout.id)),
        "client_reference_id": checkout.params.reference, "metadata": checkout.params.metadata,
        "amount_subtotal": item.cents, "amount_total": if checkout.paid == Paid::NotRequired { 0 } else { item.cents },
        "currency": "usd", "customer": checkout.customer, "customer_email": checkout.params.email,
        "payment_intent": checkout.payment, "subscription": checkout.subscription, "invoice": checkout.invoice,
        "created": checkout.created.as_s(), "expires_at": checkout.expires.as_s(),
        "success_url": checkout.params.success_url, "cancel_url": checkout.params.cancel_url,
    })
}

/// Lines of a checkout, which Stripe adds only when they are expanded.
pub(super) fn with_lines(mut session: Value, checkout: &Checkout) -> Value {
    let line = json!({ "object": "item", "quantity": 1, "price": { "id": checkout.params.price_id, "object": "price" } });
    session["line_items"] = inner(&[line]);
    session
}

pub(super) fn subscription_object(subscription: &Subscription) -> Value {
    let item = json!({
        "id": format!("si_{}", subscription.id), "object": "subscription_item", "quantity": 1,
        "price": { "id": subscription.price_id, "object": "price" },
        "current_period_start": subscription.start.as_s(), "current_period_end": subscription.end.as_s(),
    });
    json!({
        "id": subscription.id, "object": "subscription", "livemode": false, "customer": subscription.customer,
        "status": subscription.status, "metadata": subscription.metadata, "items": inner(&[item]),
        "cancel_at_period_end": subscription.ends, "cancel_at": subscription.ends.then(|| subscription.end.as_s()),
        "canceled_at": subscription.canceled.map(Timestamp::as_s), "ended_at": subscription.ended.map(Timestamp::as_s),
        "trial_end": subscription.trial_end.map(Timestamp::as_s), "latest_invoice": subscription.invoice,
        "created": subscription.created.as_s(), "billing_mode": { "type": "flexible" },
    })
}

pub(super) fn invoice_object(invoice: &Invoice, base: &str) -> Value {
    let line = |(price, cents): &(String, i64)| {
        json!({
            "object": "line_item", "amount": cents, "currency": "usd",
            "period": { "start": invoice.start.as_s(), "end": invoice.end.as_s() },
            "pricing": { "type": "price_details", "price_details": { "price": price } },
        })
    };
    let lines: Vec<Value> = invoice.lines.iter().map(line).collect();
    let page = format!("{base}/invoice/{}", invoice.id);
    json!({
        "id": invoice.id, "object": "invoice", "livemode": false, "number": format!("FAKE-{}", invoice.id),
        "customer": invoice.customer, "status": invoice.status, "billing_reason": invoice.reason,
        "parent": { "type": "subscription_details",
            "subscription_details": { "subscription": invoice.subscription, "metadata": invoice.metadata } },
        "lines": inner(&lines), "subtotal": invoice.cents, "total": invoice.cents,
        "amount_paid": if invoice.status == InvoiceStatus::Paid { invoice.cents } else { 0 },
        "currency": "usd", "created": invoice.created.as_s(),
        "hosted_invoice_url": page, "invoice_pdf": format!("{page}?pdf"),
    })
}

/// Payments of an invoice, which Stripe adds only when they are expanded.
pub(super) fn with_payments(mut object: Value, invoice: &Invoice) -> Value {
    let payments: Vec<Value> = invoice
        .payment
        .iter()
        .map(|id| invoice_payment_object(&invoice.id, id))
        .collect();
    object["payments"] = inner(&payments);
    object
}

pub(super) fn invoice_payment_object(invoice: &str, payment: &str) -> Value {
    json!({ "id": format!("inpay_{payment}"), "object": "invoice_payment", "invoice": invoice, "status": "paid",
        "payment": { "type": "payment_intent", "payment_intent": payment } })
}

pub(super) fn payment_intent_object(payment: &Payment) -> Value {
    json!({
        "id": payment.id, "object": "payment_intent", "livemode": false, "amount": payment.cents, "currency": "usd",
        "status": payment.status, "customer": payment.customer, "created": payment.created.as_s(),
        "latest_charge": charge_id(&payment.id),
    })
}

fn charge_id(payment: &str) -> String {
    payment.replacen("pi_", "ch_", 1)
}

pub(super) fn charge_object(state: &ProviderState, payment: &Payment, base: &str) -> Value {
    let refunded = state.refunded(&payment.id);
    json!({
        "status": match payment.status {
            "succeeded" => "succeeded",
            "processing" => "pending",
            _ => "failed",
        },
        "disputed": state.disputes.iter().any(|dispute| dispute.payment == payment.id),
        "id": charge_id(&payment.id), "object": "charge", "livemode": false, "amount": payment.cents,
        "currency": "usd", "customer": payment.customer, "payment_intent": payment.id,
        "amount_refunded": refunded, "refunded": refunded == payment.cents, "created": payment.created.as_s(),
        "receipt_url": format!("{base}/receipt/{}", payment.id),
    })
}

pub(super) fn refund_object(refund: &Refund) -> Value {
    json!({
        "id": refund.id, "object": "refund", "amount": refund.cents, "currency": "usd", "status": refund.status,
        "payment_intent": refund.payment, "charge": charge_id(&refund.payment), "created": refund.created.as_s(),
    })
}

pub(super) fn dispute_object(dispute: &Dispute) -> Value {
    json!({
        "id": dispute.id, "object": "dispute", "livemode": false, "amount": dispute.cents, "currency": "usd",
        "status": dispute.status, "payment_intent": dispute.payment, "charge": charge_id(&dispute.payment),
        "created": dispute.created.as_s(),
    })
}

/// The events of a change: Stripe sends two for some.
pub(super) fn events(state: &ProviderState, change: &StateChange, base: &str) -> Vec<(&'static str, Value)> {
    let checkout = |id: &str| session_object(state, state.checkout(id).expect("a checkout"), base);
    let subscription = |id: &str| subscription_object(state.subscription(id).expect("a subscription"));
    let invoice = |id: &str| invoice_object(state.invoice(id).expect("an invoice"), base);
    let find_refund = |id: &str| {
        state
            .refunds
            .iter()
            .find(|refund| refund.id == id)
            .expect("a refund")
    };
    let find_dispute = |id: &str| state.disputes.iter().find(|of| of.id == id).expect("a dispute");
    match change {
        StateChange::CheckoutCompleted(id) => vec![("checkout.session.completed", checkout(id))],
        StateChange::CheckoutPaidLate(id) => vec![("checkout.session.async_payment_succeeded", checkout(id))],
        StateChange::CheckoutFailedLate(id) => vec![("checkout.session.async_payment_failed", checkout(id))],
        StateChange::CheckoutExpired(id) => vec![("checkout.session.expired", checkout(id))],
        StateChange::SubscriptionStarted(id) => vec![("customer.subscription.created", subscription(id))],
        StateChange::SubscriptionChanged(id) => vec![("customer.subscription.updated", subscription(id))],
        StateChange::SubscriptionEnded(id) => vec![("customer.subscription.deleted", subscription(id))],
        StateChange::InvoicePaid(id) => vec![
            ("invoice.paid", invoice(id)),
            ("invoice.payment_succeeded", invoice(id)),
        ],
        StateChange::InvoiceFailed(id) => vec![("invoice.payment_failed", invoice(id))],
        StateChange::Refunded(id) => {
            let made = find_refund(id);
            let payment = state.payment(&made.payment).expect("a payment");
            vec![
                ("refund.created", refund_object(made)),
                ("charge.refunded", charge_object(state, payment, base)),
            ]
        }
        StateChange::RefundFailed(id) => vec![("refund.failed", refund_object(find_refund(id)))],
        StateChange::DisputeOpened(id) => {
            let opened = dispute_object(find_dispute(id));
            vec![
                ("charge.dispute.created", opened.clone()),
                ("charge.dispute.funds_withdrawn", opened),
            ]
        }
        StateChange::DisputeClosed(id) => {
            let closed = dispute_object(find_dispute(id));
            if closed["status"] == "won" {
                vec![
                    ("charge.dispute.funds_reinstated", closed.clone()),
                    ("charge.dispute.closed", closed),
                ]
            } else {
                vec![("charge.dispute.closed", closed)]
            }
        }
    }
}

/// An event's body.
pub(super) fn event(id: &str, name: &str, created_s: i64, object: &Value) -> Value {
    json!({
        "id": id, "object": "event", "api_version": API_VERSION, "created": created_s, "livemode": false,
        "type": name, "data": { "object": object }, "pending_webhooks": 1,
    })
}
