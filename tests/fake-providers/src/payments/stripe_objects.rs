//! A shop's objects and events in Stripe's shapes of API version 2026-10-28.endive.

use domain::Timestamp;
use payments::stripe::API_VERSION;
use payments::{CheckoutStatus, InvoiceStatus, Paid};
use serde_json::{Value, json};

use super::shop::{Bill, Customer, Dispute, Metadata, Notice, Payment, Plan, Refund, Sale, Shop};

/// A list of lines that is part of another object.
fn inner(items: &[Value]) -> Value {
    json!({ "object": "list", "data": items, "has_more": false })
}

pub(super) fn customer(customer: &Customer, metadata: &Metadata) -> Value {
    json!({ "id": customer.id, "object": "customer", "livemode": false, "email": customer.email, "metadata": metadata })
}

pub(super) fn session(shop: &Shop, sale: &Sale, base: &str) -> Value {
    let goods = shop.goods(&sale.order.price_id).expect("it was on sale");
    json!({
        "id": sale.id, "object": "checkout.session", "livemode": false,
        "mode": if goods.monthly { "subscription" } else { "payment" },
        "status": sale.stage,
        "payment_status": match sale.paid {
            Paid::Paid => "paid",
            Paid::Unpaid => "unpaid",
            Paid::NotRequired => "no_payment_required",
        },
        "url": (sale.stage == CheckoutStatus::Open).then(|| format!("{base}/pay/{}", sale.id)),
        "client_reference_id": sale.order.reference, "metadata": sale.order.metadata,
        "amount_subtotal": goods.cents, "amount_total": if sale.paid == Paid::NotRequired { 0 } else { goods.cents },
        "currency": "usd", "customer": sale.customer, "customer_email": sale.order.email,
        "payment_intent": sale.payment, "subscription": sale.plan, "invoice": sale.bill,
        "created": sale.created.as_s(), "expires_at": sale.expires.as_s(),
        "success_url": sale.order.success_url, "cancel_url": sale.order.cancel_url,
    })
}

/// Lines of a checkout, which Stripe adds only when they are expanded.
pub(super) fn with_lines(mut session: Value, sale: &Sale) -> Value {
    let line =
        json!({ "object": "item", "quantity": 1, "price": { "id": sale.order.price_id, "object": "price" } });
    session["line_items"] = inner(&[line]);
    session
}

pub(super) fn subscription(plan: &Plan) -> Value {
    let item = json!({
        "id": format!("si_{}", plan.id), "object": "subscription_item", "quantity": 1,
        "price": { "id": plan.price_id, "object": "price" },
        "current_period_start": plan.start.as_s(), "current_period_end": plan.end.as_s(),
    });
    json!({
        "id": plan.id, "object": "subscription", "livemode": false, "customer": plan.customer,
        "status": plan.status, "metadata": plan.metadata, "items": inner(&[item]),
        "cancel_at_period_end": plan.ends, "cancel_at": plan.ends.then(|| plan.end.as_s()),
        "canceled_at": plan.canceled.map(Timestamp::as_s), "ended_at": plan.ended.map(Timestamp::as_s),
        "trial_end": plan.trial_end.map(Timestamp::as_s), "latest_invoice": plan.bill,
        "created": plan.created.as_s(), "billing_mode": { "type": "flexible" },
    })
}

pub(super) fn invoice(bill: &Bill) -> Value {
    let line = json!({
        "object": "line_item", "amount": bill.cents, "currency": "usd",
        "period": { "start": bill.start.as_s(), "end": bill.end.as_s() },
        "pricing": { "type": "price_details", "price_details": { "price": bill.price_id } },
    });
    json!({
        "id": bill.id, "object": "invoice", "livemode": false, "number": format!("FAKE-{}", bill.id),
        "customer": bill.customer, "status": bill.status, "billing_reason": bill.reason,
        "parent": { "type": "subscription_details",
            "subscription_details": { "subscription": bill.plan, "metadata": bill.metadata } },
        "lines": inner(&[line]), "subtotal": bill.cents, "total": bill.cents,
        "amount_paid": if bill.status == InvoiceStatus::Paid { bill.cents } else { 0 },
        "currency": "usd", "created": bill.created.as_s(), "hosted_invoice_url": null, "invoice_pdf": null,
    })
}

/// Payments of an invoice, which Stripe adds only when they are expanded.
pub(super) fn with_payments(mut invoice: Value, bill: &Bill) -> Value {
    let payments: Vec<Value> = bill
        .payment
        .iter()
        .map(|id| invoice_payment(&bill.id, id))
        .collect();
    invoice["payments"] = inner(&payments);
    invoice
}

pub(super) fn invoice_payment(bill: &str, payment: &str) -> Value {
    json!({ "id": format!("inpay_{payment}"), "object": "invoice_payment", "invoice": bill, "status": "paid",
        "payment": { "type": "payment_intent", "payment_intent": payment } })
}

pub(super) fn payment_intent(payment: &Payment) -> Value {
    json!({
        "id": payment.id, "object": "payment_intent", "livemode": false, "amount": payment.cents, "currency": "usd",
        "status": payment.status, "customer": payment.customer, "created": payment.created.as_s(),
        "latest_charge": charge_id(&payment.id),
    })
}

fn charge_id(payment: &str) -> String {
    payment.replacen("pi_", "ch_", 1)
}

pub(super) fn charge(shop: &Shop, payment: &Payment) -> Value {
    let refunded = shop.refunded(&payment.id);
    json!({
        "status": match payment.status {
            "succeeded" => "succeeded",
            "processing" => "pending",
            _ => "failed",
        },
        "disputed": shop.disputes.iter().any(|dispute| dispute.payment == payment.id),
        "id": charge_id(&payment.id), "object": "charge", "livemode": false, "amount": payment.cents,
        "currency": "usd", "customer": payment.customer, "payment_intent": payment.id,
        "amount_refunded": refunded, "refunded": refunded == payment.cents, "created": payment.created.as_s(),
    })
}

pub(super) fn refund(refund: &Refund) -> Value {
    json!({
        "id": refund.id, "object": "refund", "amount": refund.cents, "currency": "usd", "status": refund.status,
        "payment_intent": refund.payment, "charge": charge_id(&refund.payment), "created": refund.created.as_s(),
    })
}

pub(super) fn dispute(dispute: &Dispute) -> Value {
    json!({
        "id": dispute.id, "object": "dispute", "livemode": false, "amount": dispute.cents, "currency": "usd",
        "status": dispute.status, "payment_intent": dispute.payment, "charge": charge_id(&dispute.payment),
        "created": dispute.created.as_s(),
    })
}

/// The events of what happened: Stripe tells some things twice, in other words.
pub(super) fn events(shop: &Shop, notice: &Notice, base: &str) -> Vec<(&'static str, Value)> {
    let sale = |id: &str| session(shop, shop.sale(id).expect("a sale"), base);
    let plan = |id: &str| subscription(shop.plan(id).expect("a plan"));
    let bill = |id: &str| invoice(shop.bill(id).expect("a bill"));
    let find_refund = |id: &str| {
        shop.refunds
            .iter()
            .find(|refund| refund.id == id)
            .expect("a refund")
    };
    let find_dispute = |id: &str| shop.disputes.iter().find(|of| of.id == id).expect("a dispute");
    match notice {
        Notice::SaleCompleted(id) => vec![("checkout.session.completed", sale(id))],
        Notice::SalePaidLate(id) => vec![("checkout.session.async_payment_succeeded", sale(id))],
        Notice::SaleFailedLate(id) => vec![("checkout.session.async_payment_failed", sale(id))],
        Notice::SaleExpired(id) => vec![("checkout.session.expired", sale(id))],
        Notice::PlanStarted(id) => vec![("customer.subscription.created", plan(id))],
        Notice::PlanChanged(id) => vec![("customer.subscription.updated", plan(id))],
        Notice::PlanEnded(id) => vec![("customer.subscription.deleted", plan(id))],
        Notice::BillPaid(id) => vec![
            ("invoice.paid", bill(id)),
            ("invoice.payment_succeeded", bill(id)),
        ],
        Notice::BillFailed(id) => vec![("invoice.payment_failed", bill(id))],
        Notice::Refunded(id) => {
            let made = find_refund(id);
            let payment = shop.payment(&made.payment).expect("a payment");
            vec![
                ("refund.created", refund(made)),
                ("charge.refunded", charge(shop, payment)),
            ]
        }
        Notice::RefundFailed(id) => vec![("refund.failed", refund(find_refund(id)))],
        Notice::DisputeOpened(id) => {
            let opened = dispute(find_dispute(id));
            vec![
                ("charge.dispute.created", opened.clone()),
                ("charge.dispute.funds_withdrawn", opened),
            ]
        }
        Notice::DisputeClosed(id) => {
            let closed = dispute(find_dispute(id));
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
