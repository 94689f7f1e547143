//! Stripe by its package `async-stripe`: the calls that we make, and the check of its webhooks.
//!
//! Taken from the package: requests and their forms, strategies and keys, the words of refusals, the check of a webhook.
//! Our own: the transport under it ([`connection`]), and the objects as far as we read them ([`wire`], [`invoice`]).
//! Why: `docs/adr/0023-stripe-by-its-package.md`.

use tracing::Dispatch;
use tracing::dispatcher::with_default;

pub mod client;
mod connection;
mod invoice;
mod requests;
pub mod webhook;
mod wire;

pub use client::Stripe;

/// Version of the API that every call pins; answers and events of other versions have other shapes.
///
/// # Source
/// npm `stripe` 23.1.0, read 2026-11-20.
pub const API_VERSION: &str = "2026-10-28.endive";
/// Where Stripe answers.
pub const API_URL: &str = "https://api.stripe.com";

/// Does something in the package without its log: it writes an error for an event of an older version, which would raise
/// our alarm, and a warning for each word that it does not know.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    with_default(&Dispatch::none(), work)
}
