//! End to end: the deployed stack over HTTP, with IAM enforced. Compiled in by the feature `e2e`.
//!
//! The stack's address is in the file named by `REELSMITH_STACK`; `make e2e` starts one and says where it is.

mod billing;
mod client;
mod faults;
mod journeys;
mod quotas;
mod refusals;
mod uploads;
