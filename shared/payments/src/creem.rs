//! Creem, a merchant of record: a JSON client of the calls that we make, and the check of its webhooks.

pub mod client;
pub mod webhook;
mod wire;

pub use client::Creem;

/// Where Creem answers for real money.
pub const API_URL: &str = "https://api.creem.io";
/// Where Creem answers for tests, under keys that begin with `creem_test_`.
pub const TEST_API_URL: &str = "https://test-api.creem.io";
