//! A plan that is paid every period, and its invoices.

use domain::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Money;

/// State of a subscription.
///
/// # Source
/// Stripe's `Subscription.status`. Creem's are mapped: `scheduled_cancel` is `Active` with `cancel_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStatus {
    /// The first invoice is not paid; 23 hours to pay it.
    Incomplete,
    /// Those 23 hours are over.
    IncompleteExpired,
    /// Not to be paid yet.
    Trialing,
    /// Paid.
    Active,
    /// A renewal was not paid and is tried again.
    PastDue,
    /// Over.
    Canceled,
    /// Renewals are no longer tried.
    Unpaid,
    /// Stands still, by a trial's end without a card or by a call.
    Paused,
}

impl SubscriptionStatus {
    /// Every one, in the order above.
    pub const ALL: [Self; 8] = [
        Self::Incomplete,
        Self::IncompleteExpired,
        Self::Trialing,
        Self::Active,
        Self::PastDue,
        Self::Canceled,
        Self::Unpaid,
        Self::Paused,
    ];

    /// Whether it is over for good.
    pub const fn ended(self) -> bool {
        match self {
            Self::IncompleteExpired | Self::Canceled => true,
            Self::Incomplete
            | Self::Trialing
            | Self::Active
            | Self::PastDue
            | Self::Unpaid
            | Self::Paused => false,
        }
    }
}

/// A stretch of time; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First moment.
    pub start: Timestamp,
    /// First moment after it.
    pub end: Timestamp,
}

/// A subscription as the provider tells it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionState {
    /// The provider's id.
    pub id: String,
    /// The provider's customer.
    pub customer: String,
    /// State.
    pub status: SubscriptionStatus,
    /// Stripe's price, Creem's product; `None` when it has no item.
    pub price_id: Option<String>,
    /// Who owns it, from the metadata that we gave; Creem tells it only in webhooks and checkouts.
    pub account: Option<AccountId>,
    /// What was bought at first, from the metadata: `subscription_professional`. After a change of plan, `price_id` counts.
    pub product: Option<String>,
    /// The period that is paid or due: the one that ends last, when there are several items.
    pub period: Option<Period>,
    /// When it will end, if an end is planned: mostly with its period.
    pub cancel_at: Option<Timestamp>,
    /// When the end was asked for.
    pub canceled_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// When the trial ends.
    pub trial_end: Option<Timestamp>,
    /// Its newest invoice.
    pub latest_invoice: Option<String>,
    /// Real money.
    pub livemode: bool,
    /// When it was made.
    pub created: Timestamp,
}

/// Whether the rest of a period is counted against the new price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proration {
    /// Not at all; the new price begins with the next period.
    None,
    /// On the next invoice.
    NextInvoice,
    /// On an invoice of its own, now.
    InvoiceNow,
}

/// An order to move a subscription to another price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanChange {
    /// Which subscription.
    pub subscription: String,
    /// The new product in our catalogue, for the metadata.
    pub product: String,
    /// Stripe's price, Creem's product.
    pub price_id: String,
    /// What becomes of the period that runs.
    pub proration: Proration,
    /// The same key changes once.
    pub idempotency_key: String,
}

/// How a subscription ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancellation {
    /// With its period.
    AtPeriodEnd,
    /// Now, without money back.
    Now,
    /// Not: a planned end is taken back.
    Withdrawn,
}

/// State of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceStatus {
    /// Not final.
    Draft,
    /// To be paid.
    Open,
    /// Paid.
    Paid,
    /// Given up.
    Uncollectible,
    /// Taken back.
    Void,
}

/// Why an invoice was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceReason {
    /// The first period: grant.
    SubscriptionCreate,
    /// A renewal: grant.
    SubscriptionCycle,
    /// A change of plan inside a period.
    SubscriptionUpdate,
    /// Everything else: by hand, thresholds, quotes.
    Other,
}

/// A line of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceLine {
    /// Its price.
    pub price_id: String,
    /// What it charges in minor units, before discounts; below zero what comes back for time that was not used.
    pub minor: i64,
    /// When the time that it is for ends.
    pub period_end: Timestamp,
}

/// An invoice as the provider tells it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// The provider's id: `in_…`; Creem's transaction `tran_…`.
    pub id: String,
    /// The number that the customer reads.
    pub number: Option<String>,
    /// The provider's customer.
    pub customer: Option<String>,
    /// The subscription that it is for; `None` for one-time purchases.
    pub subscription: Option<String>,
    /// State.
    pub status: InvoiceStatus,
    /// Why it was written.
    pub reason: InvoiceReason,
    /// Who owns it, from the subscription's metadata.
    pub account: Option<AccountId>,
    /// What it is for, from the subscription's metadata: `subscription_professional`.
    pub product: Option<String>,
    /// Prices of the lines that are charged, without credits for unused time; Creem tells none.
    pub price_ids: Vec<String>,
    /// Every line that has a price; Creem tells none.
    pub lines: Vec<InvoiceLine>,
    /// The period that is paid: of the line that ends last.
    pub period: Option<Period>,
    /// Before discounts and taxes: what to compare with the price list.
    pub subtotal: Money,
    /// What is due.
    pub total: Money,
    /// What was paid.
    pub amount_paid: Money,
    /// The payment: id of [`Payment`](crate::Payment); `None` when nothing was due.
    pub payment: Option<String>,
    /// The provider's page of it.
    pub url: Option<String>,
    /// The provider's PDF of it.
    pub pdf_url: Option<String>,
    /// Real money.
    pub livemode: bool,
    /// When it was written.
    pub created: Timestamp,
}
