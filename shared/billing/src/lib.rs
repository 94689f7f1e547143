//! Use cases of payments: buy, subscribe, take a webhook, grant, take back, reconcile.
//!
//! A webhook is only a hint that something changed. [`Billing::handle`] reads the object from its provider again and
//! updates the ledger to what it read, so events may come late, twice or in any order. [`sync`] does the same for
//! objects whose events never came.
//!
//! | key of the ledger | once per | where |
//! |---|---|---|
//! | grant `checkout:<id>` | pack | [`fulfil`] |
//! | grant `invoice:<id>` | paid period of a subscription | [`fulfil`] |
//! | claw back `refund:<id>`, and its reversal | refund | [`refunds`] |
//! | claw back `dispute:<id>`, and its reversal | dispute | [`refunds`] |
//!
//! What a payment takes back is never more than it brought, and one subscription per account brings credits: a second
//! one that is paid is ended and its money goes back.
//!
//! [`compare`] compares all of it with the provider every night.

mod bought;
pub mod checkout;
pub mod claim;
pub mod compare;
pub mod events;
pub mod fulfil;
pub mod invoices;
mod one_subscription;
pub mod outcome;
pub mod price_ids;
pub mod purchase;
pub mod refunds;
pub mod service;
pub mod subscription;
pub mod subscription_sync;
pub mod sync;
pub mod webhook_receiver;

mod statuses;
mod webhook;

pub use checkout::Order;
pub use claim::Claim;
pub use outcome::Outcome;
pub use price_ids::{PriceIds, PriceIdsError};
pub use service::{Billing, ProviderSetup};
pub use subscription::PlanRequest;
pub use sync::SyncReport;
pub use webhook_receiver::{DeliveryStatus, WebhookReceiver};
