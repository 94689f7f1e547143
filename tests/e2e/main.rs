//! End to end: the deployed stack over HTTP, with IAM enforced. Compiled by the feature `stack`.
//!
//! The stack's address is in the file named by `REELSMITH_STACK`; `make e2e` starts one and says where it is.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is wrong"
)]

mod accounts;
mod billing;
mod client;
mod contract;
mod faults;
mod journeys;
mod quotas;
mod refusals;
mod uploads;
