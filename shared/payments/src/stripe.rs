//! Stripe: a form-encoded client of the calls that we make, and the check of its webhooks.
//!
//! Why not `async-stripe`: `docs/adr/0023-own-payment-clients.md`.

pub mod client;
mod invoice;
mod orders;
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
