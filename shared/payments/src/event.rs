//! What a webhook says: which objects to read again.

use domain::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::PaymentProvider;

/// What to do about an event.
///
/// Deliberately coarse: events come late, twice and in any order, so none of them says what is true. Each kind says
/// which object of [`EventObjects`] to read through [`Payments`](crate::Payments).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A checkout was completed, paid late, failed late or expired: read `checkout`.
    Checkout,
    /// An invoice was paid, failed or needs the customer: read `invoice`.
    Invoice,
    /// A subscription began, changed or ended: read `subscription`. Never a reason to grant.
    Subscription,
    /// Money went back or came again, by a refund or a dispute: read `payment`.
    Payment,
    /// Nothing that we act on; kept for the record.
    Other,
}

/// The ids in an event; each is a hint for what to read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EventObjects {
    /// Checkout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkout: Option<String>,
    /// Customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<String>,
    /// Invoice; Creem's transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<String>,
    /// Payment: Stripe's payment intent, Creem's transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<String>,
    /// Stripe's charge, where an event names no payment intent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<String>,
    /// Refund.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund: Option<String>,
    /// Dispute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispute: Option<String>,
}

/// An event whose signature was right.
///
/// # Shape
/// Serialisable for a queue; holds ids only, no name, no address, no card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderEvent {
    /// Who sent it.
    pub provider: PaymentProvider,
    /// The provider's id, `evt_…`: the same in every delivery of the event.
    pub id: String,
    /// What to do about it.
    pub kind: EventKind,
    /// The provider's own word: `invoice.paid`, `subscription.paid`.
    pub name: String,
    /// When it happened, to the second at Stripe; deliveries come in any order.
    pub created: Timestamp,
    /// Real money.
    pub livemode: bool,
    /// Version that the body is written in; Creem has none. Only ids are taken from it, so another version is no harm.
    pub api_version: Option<String>,
    /// What it is about.
    pub objects: EventObjects,
    /// Who it is about, where the metadata that we gave is in the body.
    pub account: Option<AccountId>,
}
