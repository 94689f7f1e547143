//! Fakes, an in-process DynamoDB, builders and suites for the tests; a dev-dependency only.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test kit stops the test where something is wrong"
)]

pub mod dynamo;
pub mod events;
pub mod executions;
pub mod fake_composer;
pub mod fake_provider;
pub mod faults;
pub mod in_memory_payments;
pub mod machine;
pub mod mail;
pub mod media_bucket;
pub mod people;
pub mod queue;
pub mod races;
pub mod samples;
pub mod time;
pub mod workspace;

pub use dynamo::{Dynamo, dynamo, dynamo_with_faults};
pub use executions::FakeExecutions;
pub use fake_composer::FakeComposer;
pub use fake_provider::{Act, FakeProvider};
pub use faults::{Fault, Faults};
pub use in_memory_payments::InMemoryPayments;
pub use mail::FakeMail;
pub use media_bucket::FakeObjects;
pub use people::{CountedEntropy, FakePeople};
pub use queue::FakeQueue;
pub use races::at_once;
pub use samples::Customer;
pub use time::{FixedClock, SequentialIds};
