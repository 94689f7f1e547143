//! What Reelsmith talks about: ids, states, value types, error codes and the ports to the outside.
//!
//! No I/O, no clock, no randomness and no async runtime: time and ids come in through [`ports`].
//! Start with [`job`] for the life of a paid run and [`code`] for the ways it can fail.
#![warn(
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    clippy::default_numeric_fallback,
    clippy::wildcard_enum_match_arm
)]

pub mod access_log;
pub mod account;
pub mod asset;
pub mod billing;
pub mod code;
pub mod credits;
pub mod email;
pub mod execution;
pub mod failure;
pub mod ids;
pub mod invalid;
pub mod job;
pub mod mail;
pub mod media;
pub mod member;
pub mod notice;
pub mod outputs;
pub mod password;
pub mod patch;
pub mod ports;
pub mod project;
pub mod quota;
pub mod receipt;
pub mod report;
pub mod scope;
pub mod script;
pub mod script_version;
pub mod settings;
pub mod time;

pub use code::{Class, ErrorCode};
pub use credits::{Credits, CreditsError};
pub use execution::ExecutionInput;
pub use failure::Failure;
pub use ids::{
    AccessChangeId, AccountId, AdjustmentId, ApiKeyId, AssetId, JobId, LotId, MemberId, ProjectId,
    QuotaResetId, RequestId, TransactionId,
};
pub use invalid::Invalid;
pub use job::{Job, JobState};
pub use patch::Patch;
pub use quota::{Period, QuotaKind, QuotaRefusal};
pub use scope::Scope;
pub use time::Timestamp;
