//! A customer, a project and every function of the pipeline on fakes: what machines are walked in.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    missing_debug_implementations,
    reason = "a test stops where something is wrong"
)]

mod fault;
pub mod models;
pub mod parts;
pub mod requests;
pub mod world;
