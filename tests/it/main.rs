//! The one test binary; see `docs/TESTING.md` for what goes where.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is wrong"
)]

#[cfg(feature = "e2e")]
mod e2e;
mod errors;
mod functions;
mod openapi;
mod templates;
mod tidy;
mod workflows;
mod workspace;
