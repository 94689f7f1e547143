//! The use cases of payments on an in-process DynamoDB, with providers that behave as the real ones do.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test stops where something is wrong; the exception for tests does not reach their helpers"
)]

mod both;
mod compare;
mod compare_lives;
mod creem;
mod customers;
mod events;
mod one_subscription;
mod plan_changes;
mod returns;
mod unclaimed;
mod world;
