//! Stripe's invoice as far as we read it, and how it becomes ours.
//!
//! # Source
//! npm `stripe` 23.1.0 `Invoices.d.ts`, read 2026-11-20: `parent`, `payments` and `lines.data[].pricing` took the place
//! of `subscription`, `payment_intent` and `lines.data[].price` in 2025-03-31.basil.

use serde::Deserialize;

use super::wire::{Id, List, Metadata, seconds};
use crate::{Currency, Invoice, InvoiceLine, InvoiceReason, InvoiceStatus, Money, Period};

#[derive(Debug, Deserialize)]
pub(super) struct InvoiceObject {
    id: String,
    number: Option<String>,
    customer: Option<Id>,
    parent: Option<Parent>,
    status: Option<InvoiceStatus>,
    billing_reason: Option<String>,
    lines: List<Line>,
    subtotal: i64,
    total: i64,
    amount_paid: i64,
    currency: Currency,
    payments: Option<List<Payment>>,
    hosted_invoice_url: Option<String>,
    invoice_pdf: Option<String>,
    livemode: bool,
    created: i64,
}

#[derive(Debug, Deserialize)]
struct Parent {
    subscription_details: Option<SubscriptionDetails>,
}

#[derive(Debug, Deserialize)]
struct SubscriptionDetails {
    subscription: Id,
    #[serde(default)]
    metadata: Option<Metadata>,
}

#[derive(Debug, Deserialize)]
struct Line {
    amount: i64,
    period: LinePeriod,
    pricing: Option<Pricing>,
}

#[derive(Debug, Deserialize)]
struct LinePeriod {
    start: i64,
    end: i64,
}

#[derive(Debug, Deserialize)]
struct Pricing {
    price_details: Option<PriceDetails>,
}

#[derive(Debug, Deserialize)]
struct PriceDetails {
    price: Id,
}

#[derive(Debug, Deserialize)]
struct Payment {
    status: String,
    payment: PaymentOf,
}

#[derive(Debug, Deserialize)]
struct PaymentOf {
    payment_intent: Option<Id>,
}

impl From<InvoiceObject> for Invoice {
    fn from(invoice: InvoiceObject) -> Self {
        let money = |minor| Money::new(minor, invoice.currency);
        let details = invoice.parent.and_then(|parent| parent.subscription_details);
        let metadata = details.as_ref().and_then(|details| details.metadata.as_ref());
        let period = invoice
            .lines
            .data
            .iter()
            .map(|line| Period {
                start: seconds(line.period.start),
                end: seconds(line.period.end),
            })
            .max_by_key(|period| period.end);
        let lines: Vec<InvoiceLine> = invoice.lines.data.into_iter().filter_map(priced).collect();
        Self {
            id: invoice.id,
            number: invoice.number,
            customer: invoice.customer.map(String::from),
            account: metadata.and_then(Metadata::account),
            product: metadata.and_then(Metadata::product),
            subscription: details.map(|details| details.subscription.into()),
            status: invoice.status.unwrap_or(InvoiceStatus::Draft),
            reason: match invoice.billing_reason.as_deref() {
                Some("subscription_create") => InvoiceReason::SubscriptionCreate,
                Some("subscription_cycle") => InvoiceReason::SubscriptionCycle,
                Some("subscription_update") => InvoiceReason::SubscriptionUpdate,
                _ => InvoiceReason::Other,
            },
            price_ids: lines
                .iter()
                .filter(|line| line.minor >= 0)
                .map(|line| line.price_id.clone())
                .collect(),
            lines,
            period,
            subtotal: money(invoice.subtotal),
            total: money(invoice.total),
            amount_paid: money(invoice.amount_paid),
            payment: invoice.payments.and_then(paid_by),
            url: invoice.hosted_invoice_url,
            pdf_url: invoice.invoice_pdf,
            livemode: invoice.livemode,
            created: seconds(invoice.created),
        }
    }
}

/// A line with its price; a credit for unused time is below zero.
fn priced(line: Line) -> Option<InvoiceLine> {
    let details = line.pricing.and_then(|pricing| pricing.price_details)?;
    Some(InvoiceLine {
        price_id: details.price.into(),
        minor: line.amount,
        period_end: seconds(line.period.end),
    })
}

/// The payment that went through, or the only one that was tried.
fn paid_by(payments: List<Payment>) -> Option<String> {
    let mut payments = payments.data;
    payments.sort_by_key(|payment| payment.status != "paid");
    let first = payments.into_iter().next()?;
    first.payment.payment_intent.map(String::from)
}
