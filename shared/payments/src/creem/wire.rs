//! Creem's objects as far as we read them, and how they become ours.
//!
//! # Source
//! armitage-labs/creem `packages/docs/api-reference/openapi.json`, read 2026-11-21. Amounts are integers in cents;
//! transactions write times in ms, all else in RFC 3339.

use std::collections::HashMap;

use domain::{AccountId, Timestamp};
use serde::Deserialize;

use crate::checkout::{META_ACCOUNT, META_PRODUCT};
use crate::signature::text;
use crate::transport::Refusal;
use crate::{
    Charge, Checkout, CheckoutState, CheckoutStatus, Currency, Invoice, InvoiceReason, InvoiceStatus, Listed,
    Money, Origin, Paid, Payment, PaymentStatus, Period, Sale, SubscriptionState, SubscriptionStatus,
};

/// The words of a refusal.
pub(super) fn refusal(body: &[u8]) -> Refusal {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let word = |pointer| text(&body, pointer).unwrap_or_default().to_owned();
    Refusal {
        kind: word("/error"),
        code: word("/code"),
        param: word("/param"),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) pagination: Pagination,
}

#[derive(Debug, Deserialize)]
pub(super) struct Pagination {
    next_page: Option<u32>,
}

impl<T> Page<T> {
    /// The page as ours, less what is filtered; the cursor is the next page's number.
    pub(super) fn listed<U>(self, keep: impl FnMut(T) -> Option<U>) -> Listed<U> {
        Listed {
            items: self.items.into_iter().filter_map(keep).collect(),
            next: self.pagination.next_page.map(|page| page.to_string()),
        }
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

type Metadata = HashMap<String, serde_json::Value>;

fn account(metadata: &Metadata) -> Option<AccountId> {
    metadata.get(META_ACCOUNT)?.as_str()?.parse().ok()
}

fn product(metadata: &Metadata) -> Option<String> {
    metadata.get(META_PRODUCT)?.as_str().map(str::to_owned)
}

/// `prod` is real money; `test`, `sandbox` and `local` are not.
fn live(mode: &str) -> bool {
    mode == "prod"
}

/// An object of which only the id counts.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    pub(super) id: String,
}

/// What became of an order to give a payment back.
#[derive(Debug, Deserialize)]
pub(super) struct RefundStatus {
    status: String,
}

impl RefundStatus {
    /// Whether the money goes back, or waits for the bank.
    pub(super) fn is_on_its_way(&self) -> bool {
        matches!(self.status.as_str(), "pending" | "requiresAction" | "succeeded")
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct PortalLink {
    pub(super) customer_portal_link: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct CheckoutObject {
    id: String,
    mode: String,
    status: Stage,
    product: Id,
    order: Option<Order>,
    subscription: Option<Id>,
    customer: Option<Id>,
    checkout_url: Option<String>,
    #[serde(default)]
    metadata: Option<Metadata>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    Pending,
    Processing,
    Completed,
    Expired,
}

#[derive(Debug, Deserialize)]
struct Order {
    transaction: Option<Id>,
    customer: Option<Id>,
    amount: i64,
    amount_paid: Option<i64>,
    currency: Currency,
    status: String,
    #[serde(rename = "type")]
    kind: String,
    created_at: Option<Timestamp>,
}

impl CheckoutObject {
    /// A checkout that was just opened; without an address there is nothing to send the customer to.
    pub(super) fn opened(self) -> Option<Checkout> {
        Some(Checkout {
            id: self.id,
            url: self.checkout_url?,
            expires_at: None,
        })
    }
}

impl From<CheckoutObject> for CheckoutState {
    fn from(checkout: CheckoutObject) -> Self {
        let metadata = checkout.metadata.unwrap_or_default();
        let order = checkout.order.as_ref();
        let paid = order.is_some_and(|order| order.status == "paid");
        let recurring =
            checkout.subscription.is_some() || order.is_some_and(|order| order.kind == "recurring");
        let money = |minor: Option<i64>| Some(Money::new(minor?, order?.currency));
        Self {
            id: checkout.id,
            status: match checkout.status {
                Stage::Pending | Stage::Processing => CheckoutStatus::Open,
                Stage::Completed => CheckoutStatus::Complete,
                Stage::Expired => CheckoutStatus::Expired,
            },
            paid: if paid { Paid::Paid } else { Paid::Unpaid },
            sale: if recurring { Sale::Recurring } else { Sale::Once },
            account: account(&metadata),
            product: product(&metadata),
            price_ids: vec![checkout.product.into()],
            subtotal: money(order.map(|order| order.amount)),
            total: money(order.map(|order| order.amount_paid.unwrap_or(order.amount))),
            customer: checkout
                .customer
                .or_else(|| order?.customer.clone())
                .map(String::from),
            payment: order
                .and_then(|order| order.transaction.clone())
                .map(String::from),
            subscription: checkout.subscription.map(String::from),
            invoice: None,
            livemode: live(&checkout.mode),
            created: order.and_then(|order| order.created_at),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    Active,
    Canceled,
    Unpaid,
    Paused,
    Trialing,
    ScheduledCancel,
    PastDue,
    Expired,
}

#[derive(Debug, Deserialize)]
pub(super) struct SubscriptionObject {
    id: String,
    mode: String,
    product: Id,
    customer: Id,
    status: Status,
    last_transaction_id: Option<String>,
    current_period_start_date: Option<Timestamp>,
    current_period_end_date: Option<Timestamp>,
    canceled_at: Option<Timestamp>,
    created_at: Timestamp,
    #[serde(default)]
    metadata: Option<Metadata>,
}

impl From<SubscriptionObject> for SubscriptionState {
    fn from(subscription: SubscriptionObject) -> Self {
        let metadata = subscription.metadata.unwrap_or_default();
        let status = match subscription.status {
            Status::Active | Status::ScheduledCancel => SubscriptionStatus::Active,
            Status::Canceled => SubscriptionStatus::Canceled,
            Status::Unpaid => SubscriptionStatus::Unpaid,
            Status::Paused => SubscriptionStatus::Paused,
            Status::Trialing => SubscriptionStatus::Trialing,
            // A period that ended unpaid is tried again; only `canceled` is final.
            Status::PastDue | Status::Expired => SubscriptionStatus::PastDue,
        };
        let period = subscription
            .current_period_start_date
            .zip(subscription.current_period_end_date)
            .map(|(start, end)| Period { start, end });
        Self {
            id: subscription.id,
            customer: subscription.customer.into(),
            status,
            price_id: Some(subscription.product.into()),
            account: account(&metadata),
            product: product(&metadata),
            period,
            cancel_at: period
                .filter(|_| subscription.status == Status::ScheduledCancel)
                .map(|period| period.end),
            canceled_at: subscription.canceled_at,
            ended_at: subscription.canceled_at.filter(|_| status.ended()),
            trial_end: period
                .filter(|_| subscription.status == Status::Trialing)
                .map(|period| period.end),
            latest_invoice: subscription.last_transaction_id,
            livemode: live(&subscription.mode),
            created: subscription.created_at,
        }
    }
}

/// Money that moved: the payment of a checkout, or the invoice of a period.
#[derive(Debug, Deserialize)]
pub(super) struct Transaction {
    pub(super) id: String,
    mode: String,
    amount: i64,
    amount_paid: Option<i64>,
    currency: Currency,
    #[serde(rename = "type")]
    kind: Kind,
    status: Settled,
    refunded_amount: Option<i64>,
    subscription: Option<Id>,
    customer: Option<Id>,
    period_start: Option<i64>,
    period_end: Option<i64>,
    created_at: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Payment,
    Invoice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Settled {
    Pending,
    Paid,
    Refunded,
    PartialRefund,
    /// The samples of webhooks write it so.
    #[serde(alias = "chargeback")]
    ChargedBack,
    Uncollectible,
    Declined,
    Canceled,
    Void,
}

impl Transaction {
    fn paid(&self) -> i64 {
        self.amount_paid.unwrap_or(self.amount)
    }

    fn came_in(&self) -> bool {
        matches!(
            self.status,
            Settled::Paid | Settled::Refunded | Settled::PartialRefund | Settled::ChargedBack
        )
    }

    /// Whether something came in and is not away.
    pub(super) fn has_left(&self) -> bool {
        self.came_in()
            && self.status != Settled::ChargedBack
            && self.refunded_amount.unwrap_or_default() < self.paid()
    }

    /// What is away of what came in; `None` when nothing came in.
    pub(super) fn charge(self) -> Option<Charge> {
        if !self.came_in() {
            return None;
        }
        let is_disputed = self.status == Settled::ChargedBack;
        let payment = Payment::from(self);
        Some(Charge {
            payment: payment.id,
            amount: payment.amount,
            refunded: payment.refunded,
            url: None,
            is_disputed,
            livemode: payment.livemode,
            created: payment.created,
        })
    }

    /// The invoice of a subscription's period; `None` for other payments.
    pub(super) fn invoice(self) -> Option<Invoice> {
        let money = |minor| Money::new(minor, self.currency);
        let subscription = self.subscription.clone().map(String::from);
        if self.kind != Kind::Invoice || subscription.is_none() {
            return None;
        }
        Some(Invoice {
            number: None,
            customer: self.customer.clone().map(String::from),
            subscription,
            status: match self.status {
                Settled::Pending | Settled::Declined => InvoiceStatus::Open,
                Settled::Paid | Settled::Refunded | Settled::PartialRefund | Settled::ChargedBack => {
                    InvoiceStatus::Paid
                }
                Settled::Uncollectible => InvoiceStatus::Uncollectible,
                Settled::Void | Settled::Canceled => InvoiceStatus::Void,
            },
            // Creem does not tell the first period from the next ones; both grant.
            reason: InvoiceReason::SubscriptionCycle,
            account: None,
            product: None,
            price_ids: Vec::new(),
            lines: Vec::new(),
            period: self.period_start.zip(self.period_end).map(|(start, end)| Period {
                start: Timestamp::from_ms(start),
                end: Timestamp::from_ms(end),
            }),
            subtotal: money(self.amount),
            total: money(self.paid()),
            amount_paid: money(if self.came_in() { self.paid() } else { 0 }),
            payment: Some(self.id.clone()),
            url: None,
            pdf_url: None,
            livemode: live(&self.mode),
            created: Timestamp::from_ms(self.created_at),
            id: self.id,
        })
    }
}

impl From<Transaction> for Payment {
    fn from(transaction: Transaction) -> Self {
        let amount = Money::new(transaction.paid(), transaction.currency);
        let created = Timestamp::from_ms(transaction.created_at);
        let status = match transaction.status {
            _ if transaction.came_in() => PaymentStatus::Succeeded,
            Settled::Pending => PaymentStatus::Pending,
            _ => PaymentStatus::Failed,
        };
        let invoiced = transaction.kind == Kind::Invoice && transaction.subscription.is_some();
        Self {
            // A charge-back that is won leaves what was refunded besides.
            refunded: match transaction.status {
                Settled::ChargedBack => amount,
                _ => Money::new(
                    transaction.refunded_amount.unwrap_or_default(),
                    transaction.currency,
                ),
            },
            origin: invoiced.then(|| Origin::Invoice(transaction.id.clone())),
            id: transaction.id,
            amount,
            status,
            refunds: Vec::new(),
            disputes: Vec::new(),
            customer: transaction.customer.map(String::from),
            livemode: live(&transaction.mode),
            created,
        }
    }
}
