//! Contract tests: each sample of `events/<function>/` through its handler, on the real store.
//!
//! [`world::every_sample`] answers each sample in a [`world::World`] of its own and compares with
//! `tests/contract/snapshots/<function>__<case>.snap`; what takes more than one call is asserted beside it.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is wrong"
)]

mod api_key;
mod api_keys;
mod assets;
mod auth_confirm;
mod auth_login;
mod auth_refresh;
mod auth_signup;
mod authorizer;
mod authz;
mod billing;
mod config;
mod credits;
mod errors;
mod expire_credits;
mod generation;
mod grant_credits;
mod health;
mod jobs;
mod members;
mod openapi;
mod operating;
mod project;
mod projects;
mod receipts;
mod studio;
mod templates;
mod usage;
mod user_me;
mod world;
