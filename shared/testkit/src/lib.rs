//! Fakes, an in-process DynamoDB, builders and suites for the tests; a dev-dependency only.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test kit stops the test where something is wrong"
)]

pub mod dynamo;
pub mod machine;
pub mod people;
pub mod races;
pub mod samples;
pub mod time;

pub use dynamo::{Dynamo, dynamo};
pub use people::{CountedEntropy, FakePeople};
pub use races::at_once;
pub use samples::Customer;
pub use time::{FixedClock, SequentialIds};
