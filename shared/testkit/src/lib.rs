//! Fakes, an in-process DynamoDB, builders and suites for the tests; a dev-dependency only.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test kit stops the test where something is wrong"
)]

pub mod machine;
