//! Connects the functions that work with payments: to the store, and to the providers that are set up.
//!
//! A crate of its own beside `wiring`, so that only these functions link the clients of payment providers.
//! [`take_webhook()`] is the way in that the routes of their webhooks share.

mod billing_deps;
mod checkout_deps;
mod connect_billing;
mod take_webhook;

pub use billing_deps::BillingDeps;
pub use checkout_deps::CheckoutDeps;
pub use connect_billing::{connect_billing, price_ids, webhook_receiver};
pub use take_webhook::{Delivery, take_webhook};
