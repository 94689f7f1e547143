//! The store on an in-process DynamoDB: each method's usual case, its repeat, a foreign account, and races.
//!
//! Every test that moves credits ends with an audit that recomputes the invariants from the rows.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where something is wrong; the exception for tests does not reach their helpers"
)]

mod accounts;
mod api_keys;
mod billing;
mod budgets;
mod claims;
mod corrections;
mod credits;
mod ends;
mod expiries;
mod faults;
mod holds;
mod member_keys;
mod members;
mod outputs;
mod payment_grants;
mod projects;
mod quotas;
mod races;
mod receipts;
mod starts;
mod steps;
mod sweep;
mod windows;
mod world;
