//! Every state machine, walked in process with the functions' own handlers on the real store.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where something is wrong"
)]

mod chunks;
mod deploys;
mod errors;
mod executions;
mod own_images;
mod providers;
mod reconcile;
mod reuse;
mod shortform;
