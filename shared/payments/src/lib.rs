//! Payment providers: checkouts, subscriptions, invoices, refunds, disputes, and their webhooks.
//!
//! [`Payments`] is the trait; [`stripe`] and [`creem`] implement it. A webhook is only a hint that something changed:
//! [`event`] says which object to read again, and what is read through [`Payments`] is the truth.
//! [`signature`] has the secrets that both check their webhooks with; who knows both providers is `billing`, one layer up.

use std::fmt::Debug;

use domain::Timestamp;
pub use domain::billing::PaymentProvider;
use domain::ports::Work;

pub mod checkout;
pub mod creem;
pub mod error;
pub mod event;
pub mod money;
pub mod payment;
pub mod signature;
pub mod stripe;
pub mod subscription;
pub mod transport;

pub use checkout::{
    Buyer, Checkout, CheckoutItem, CheckoutRequest, CheckoutState, CheckoutStatus, CustomerRequest, Paid,
    Sale,
};
pub use error::{Cause, PaymentError};
pub use event::{EventKind, EventObjects, ProviderEvent};
pub use money::{Currency, Money};
pub use payment::{Charge, Dispute, DisputeStatus, Origin, Payment, PaymentStatus, Refund, RefundStatus};
pub use signature::{WebhookError, WebhookSecrets};
pub use subscription::{
    Cancellation, Invoice, InvoiceLine, InvoiceReason, InvoiceStatus, Period, PlanChange, Proration,
    SubscriptionState, SubscriptionStatus,
};
pub use transport::{ApiKey, ProviderMessage, Retry};

/// Longest page that a provider gives; Stripe's own limit.
pub const PAGE_MAX: u8 = 100;

/// Which page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageRequest {
    /// [`Listed::next`] of the page before; `None` for the first.
    pub cursor: Option<String>,
    /// At most so many, 1 to [`PAGE_MAX`]; a provider may give fewer.
    pub limit: u8,
}

impl PageRequest {
    /// The first page of so many.
    pub const fn first(limit: u8) -> Self {
        Self { cursor: None, limit }
    }

    /// The page after one that ended with this cursor.
    pub const fn after(cursor: String, limit: u8) -> Self {
        Self {
            cursor: Some(cursor),
            limit,
        }
    }
}

/// One page of a list.
///
/// # Promises
/// Newest first. A page may be empty and still have a next one, where we filter what the provider does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    /// What is on the page.
    pub items: Vec<T>,
    /// Cursor of the next page; `None` at the end.
    pub next: Option<String>,
}

/// The future of one call to a payment provider.
pub type ProviderFuture<'a, T> = Work<'a, Result<T, PaymentError>>;

/// Takes money.
///
/// # Promises
/// `Ok(None)` when the provider has no such object. A read is repeated on 429, 5xx and lost connections, three tries in
/// all; a write only under its idempotency key, so it never happens twice.
///
/// # Limits
/// Creem has no list of checkouts, refunds or disputes ([`Payments::lists_everything`]); those are refused as
/// [`PaymentError::Rejected`]. There a checkout is found again by the id that was stored when it was made, and what was
/// given back shows in [`Payments::payments`], which Stripe need not have.
///
/// # Errors
/// [`PaymentError::Throttled`] and [`PaymentError::Unavailable`]: again later, a write **with the same key**.
/// [`PaymentError::OutcomeUnknown`]: the key will answer a failure for ever, or the provider takes no key; read the
/// state first, then use a new key. [`PaymentError::Rejected`]: our call, key or account is wrong.
/// [`PaymentError::Refused`]: the customer's payment was declined.
pub trait Payments: Debug + Send + Sync {
    /// Which provider.
    fn provider(&self) -> PaymentProvider;
    /// Whether [`Payments::checkouts`], [`Payments::refunds`] and [`Payments::disputes`] work.
    fn lists_everything(&self) -> bool;

    /// Opens a page where the customer pays.
    fn create_checkout<'a>(&'a self, request: &'a CheckoutRequest) -> ProviderFuture<'a, Checkout>;
    /// One checkout.
    fn checkout<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<CheckoutState>>;
    /// Checkouts of one customer, or of all, created since; for payments whose webhook never came.
    fn checkouts<'a>(
        &'a self,
        customer: Option<&'a str>,
        since: Option<Timestamp>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<CheckoutState>>;

    /// Closes a checkout's page, where the provider can; answers with the checkout as it is then. At Creem the page
    /// stays open.
    fn close_checkout<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<CheckoutState>>;

    /// The provider's customer of an account, made when there is none; the same call gives the same customer.
    fn customer<'a>(&'a self, request: &'a CustomerRequest) -> ProviderFuture<'a, String>;

    /// Address of a page where the customer changes their card, ends a subscription and reads invoices; valid for
    /// minutes. It offers no change of plan.
    fn portal<'a>(&'a self, customer: &'a str, return_url: &'a str) -> ProviderFuture<'a, String>;

    /// One subscription.
    fn subscription<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<SubscriptionState>>;
    /// All subscriptions of every status, or one customer's.
    fn subscriptions<'a>(
        &'a self,
        customer: Option<&'a str>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<SubscriptionState>>;
    /// Moves a subscription to another price.
    fn change_plan<'a>(&'a self, change: &'a PlanChange) -> ProviderFuture<'a, SubscriptionState>;
    /// Ends a subscription now or at its period's end, or takes a planned end back.
    fn cancel<'a>(
        &'a self,
        subscription: &'a str,
        how: Cancellation,
        idempotency_key: &'a str,
    ) -> ProviderFuture<'a, SubscriptionState>;

    /// One invoice.
    fn invoice<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<Invoice>>;
    /// Invoices of one customer, or of all, created since.
    fn invoices<'a>(
        &'a self,
        customer: Option<&'a str>,
        since: Option<Timestamp>,
        page: &'a PageRequest,
    ) -> ProviderFuture<'a, Listed<Invoice>>;

    /// One payment with its refunds, its disputes and what it paid for: all that a claw-back needs.
    fn payment<'a>(&'a self, id: &'a str) -> ProviderFuture<'a, Option<Payment>>;
    /// Gives back all that is left of a payment; one that nothing is left of is left alone, so a repeat under another key
    /// gives nothing back twice.
    fn refund<'a>(&'a self, payment: &'a str, idempotency_key: &'a str) -> ProviderFuture<'a, ()>;
    /// Payments made since, each with what of it is given back; only of a provider that does not list everything.
    fn payments<'a>(&'a self, since: Timestamp, page: &'a PageRequest)
    -> ProviderFuture<'a, Listed<Payment>>;
    /// Money that came in from one customer, each time with the sum that is away.
    fn charges<'a>(&'a self, customer: &'a str, page: &'a PageRequest) -> ProviderFuture<'a, Listed<Charge>>;
    /// Refunds created since.
    fn refunds<'a>(&'a self, since: Timestamp, page: &'a PageRequest) -> ProviderFuture<'a, Listed<Refund>>;
    /// Disputes created since.
    fn disputes<'a>(&'a self, since: Timestamp, page: &'a PageRequest)
    -> ProviderFuture<'a, Listed<Dispute>>;
}
