//! The one test binary; see `docs/TESTING.md` for what goes where.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is wrong"
)]

mod errors;
mod functions;
mod openapi;
mod workflows;
mod workspace;
