//! Stripe's objects as far as we read them, and how they become ours.
//!
//! # Source
//! API version 2026-10-28.endive: npm `stripe` 23.1.0, read 2026-11-20. Since 2025-03-31.basil periods are on items,
//! and an invoice's subscription is under `parent`.

use std::collections::HashMap;

use domain::{AccountId, Timestamp};
use serde::Deserialize;

use super::requests::{META_CONFIGURATION, PORTAL_CONFIGURATION};
use crate::checkout::{META_ACCOUNT, META_PRODUCT};
use crate::{
    Charge, Checkout, CheckoutState, CheckoutStatus, Currency, Dispute, DisputeStatus, Listed, Money, Paid,
    Period, Refund, RefundStatus, Sale, SubscriptionState, SubscriptionStatus,
};

/// A page of a list.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) has_more: bool,
}

impl<T> List<T> {
    /// The page as ours; the cursor is the last object's id.
    pub(super) fn listed<U>(self, id: impl Fn(&U) -> &str) -> Listed<U>
    where
        U: From<T>,
    {
        let items: Vec<U> = self.data.into_iter().map(U::from).collect();
        let next = items
            .last()
            .filter(|_| self.has_more)
            .map(|last| id(last).to_owned());
        Listed { items, next }
    }
}

/// An id, whether the object stands for itself or was expanded.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Id {
    Plain(String),
    Expanded { id: String },
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        match id {
            Id::Plain(id) | Id::Expanded { id } => id,
        }
    }
}

/// The metadata that we gave.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Metadata(HashMap<String, String>);

impl Metadata {
    pub(super) fn account(&self) -> Option<AccountId> {
        self.0.get(META_ACCOUNT)?.parse().ok()
    }

    pub(super) fn product(&self) -> Option<String> {
        self.0.get(META_PRODUCT).cloned()
    }
}

/// Whole seconds.
pub(super) fn seconds(s: i64) -> Timestamp {
    Timestamp::from_ms(s.saturating_mul(1000))
}

#[derive(Debug, Deserialize)]
pub(super) struct Url {
    pub(super) url: String,
}

#[derive(Debug, Deserialize)]
struct LineItem {
    price: Option<Id>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Session {
    id: String,
    status: Option<CheckoutStatus>,
    payment_status: PaymentStatus,
    mode: String,
    url: Option<String>,
    #[serde(default)]
    metadata: Option<Metadata>,
    line_items: Option<List<LineItem>>,
    amount_subtotal: Option<i64>,
    amount_total: Option<i64>,
    currency: Option<Currency>,
    customer: Option<Id>,
    payment_intent: Option<Id>,
    subscription: Option<Id>,
    invoice: Option<Id>,
    livemode: bool,
    created: i64,
    expires_at: i64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PaymentStatus {
    Paid,
    Unpaid,
    NoPaymentRequired,
}

impl Session {
    /// A checkout that was just opened; without an address there is nothing to send the customer to.
    pub(super) fn opened(self) -> Option<Checkout> {
        Some(Checkout {
            id: self.id,
            url: self.url?,
            expires_at: Some(seconds(self.expires_at)),
        })
    }
}

impl From<Session> for CheckoutState {
    fn from(session: Session) -> Self {
        let money = |minor: Option<i64>| Some(Money::new(minor?, session.currency?));
        let metadata = session.metadata.unwrap_or_default();
        Self {
            status: session.status.unwrap_or(CheckoutStatus::Open),
            paid: match session.payment_status {
                PaymentStatus::Paid => Paid::Paid,
                PaymentStatus::Unpaid => Paid::Unpaid,
                PaymentStatus::NoPaymentRequired => Paid::NotRequired,
            },
            sale: if session.mode == "subscription" {
                Sale::Recurring
            } else {
                Sale::Once
            },
            account: metadata.account(),
            product: metadata.product(),
            price_ids: session
                .line_items
                .map(|lines| lines.data)
                .unwrap_or_default()
                .into_iter()
                .filter_map(|line| line.price.map(String::from))
                .collect(),
            subtotal: money(session.amount_subtotal),
            total: money(session.amount_total),
            customer: session.customer.map(String::from),
            payment: session.payment_intent.map(String::from),
            subscription: session.subscription.map(String::from),
            invoice: session.invoice.map(String::from),
            livemode: session.livemode,
            created: Some(seconds(session.created)),
            id: session.id,
        }
    }
}

#[expect(clippy::struct_excessive_bools, reason = "Stripe's shape")]
#[derive(Debug, Deserialize)]
pub(super) struct Subscription {
    id: String,
    customer: Id,
    status: SubscriptionStatus,
    pub(super) items: List<Item>,
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    cancel_at_period_end: bool,
    cancel_at: Option<i64>,
    canceled_at: Option<i64>,
    ended_at: Option<i64>,
    trial_end: Option<i64>,
    latest_invoice: Option<Id>,
    livemode: bool,
    created: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Item {
    pub(super) id: String,
    price: Id,
    current_period_start: i64,
    current_period_end: i64,
}

impl From<Subscription> for SubscriptionState {
    fn from(subscription: Subscription) -> Self {
        let items = subscription.items.data;
        let period = items
            .iter()
            .map(|item| Period {
                start: seconds(item.current_period_start),
                end: seconds(item.current_period_end),
            })
            .max_by_key(|period| period.end);
        let at_period_end = period
            .filter(|_| subscription.cancel_at_period_end)
            .map(|period| period.end);
        Self {
            id: subscription.id,
            customer: subscription.customer.into(),
            status: subscription.status,
            account: subscription.metadata.account(),
            product: subscription.metadata.product(),
            period,
            price_id: items.into_iter().next().map(|item| item.price.into()),
            // Flexible billing keeps a planned end as `cancel_at`.
            cancel_at: subscription.cancel_at.map(seconds).or(at_period_end),
            canceled_at: subscription.canceled_at.map(seconds),
            ended_at: subscription.ended_at.map(seconds),
            trial_end: subscription.trial_end.map(seconds),
            latest_invoice: subscription.latest_invoice.map(String::from),
            livemode: subscription.livemode,
            created: seconds(subscription.created),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct PaymentIntent {
    pub(super) id: String,
    pub(super) amount: i64,
    pub(super) currency: Currency,
    pub(super) status: String,
    pub(super) customer: Option<Id>,
    pub(super) livemode: bool,
    pub(super) created: i64,
}

/// An object of which only the id counts.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    pub(super) id: String,
}

/// A configuration of the portal.
#[derive(Debug, Deserialize)]
pub(super) struct PortalConfiguration {
    pub(super) id: String,
    #[serde(default)]
    metadata: Metadata,
}

impl PortalConfiguration {
    /// Whether it is the one that we made.
    pub(super) fn is_ours(&self) -> bool {
        let name = self.metadata.0.get(META_CONFIGURATION);
        name.is_some_and(|name| name == PORTAL_CONFIGURATION)
    }
}

/// A try to take money; several belong to one payment when the first ones were declined.
///
/// # Source
/// npm `stripe` 23.1.0 `Charges.d.ts`: `amount_refunded` also counts what is on its way, `disputed` stays true.
#[derive(Debug, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "two independent facts of a provider's object"
)]
pub(super) struct ChargeObject {
    id: String,
    amount: i64,
    amount_refunded: i64,
    currency: Currency,
    disputed: bool,
    status: String,
    payment_intent: Option<Id>,
    receipt_url: Option<String>,
    livemode: bool,
    created: i64,
}

impl List<ChargeObject> {
    /// The page as ours, less what was declined and what belongs to no payment of ours.
    pub(super) fn succeeded(self) -> Listed<Charge> {
        let last = self.data.last().map(|charge| charge.id.clone());
        let charges = self
            .data
            .into_iter()
            .filter(|charge| charge.status == "succeeded");
        let ours = charges.filter_map(|charge| {
            Some(Charge {
                payment: charge.payment_intent?.into(),
                amount: Money::new(charge.amount, charge.currency),
                refunded: Money::new(charge.amount_refunded, charge.currency),
                url: charge.receipt_url,
                is_disputed: charge.disputed,
                livemode: charge.livemode,
                created: seconds(charge.created),
            })
        });
        Listed {
            items: ours.collect(),
            next: last.filter(|_| self.has_more),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct RefundObject {
    id: String,
    amount: i64,
    currency: Currency,
    status: RefundStatus,
    payment_intent: Option<Id>,
    created: i64,
}

impl From<RefundObject> for Refund {
    fn from(refund: RefundObject) -> Self {
        Self {
            id: refund.id,
            payment: refund.payment_intent.map(String::from),
            amount: Money::new(refund.amount, refund.currency),
            status: refund.status,
            created: seconds(refund.created),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct DisputeObject {
    id: String,
    amount: i64,
    currency: Currency,
    status: DisputeStatus,
    payment_intent: Option<Id>,
    created: i64,
}

impl From<DisputeObject> for Dispute {
    fn from(dispute: DisputeObject) -> Self {
        Self {
            id: dispute.id,
            payment: dispute.payment_intent.map(String::from),
            amount: Money::new(dispute.amount, dispute.currency),
            status: dispute.status,
            created: seconds(dispute.created),
        }
    }
}

/// What a payment intent paid for, when that was an invoice.
#[derive(Debug, Deserialize)]
pub(super) struct InvoicePayment {
    pub(super) invoice: Id,
}
