//! DynamoDB: every item, key and conditional write; the only crate that names an attribute.
//!
//! [`Store`] has one method per thing that can happen; each takes the caller's account, and another account's id is
//! not found. `docs/DATA.md` lists the tables, keys and access patterns, and for each method the rights that it needs;
//! [`audit`] recomputes what must be true.
//!
//! | module | what it stores |
//! |---|---|
//! | [`accounts`] | accounts, API keys, members |
//! | [`assets`] | uploaded files and the storage that they take |
//! | [`audit`] | nothing of its own: invariants; and inspections with their findings and reports |
//! | [`billing`] | payments, subscriptions, events of payment providers |
//! | [`credits`] | wallets with their history, expiries, budgets, corrections |
//! | [`jobs`] | jobs with their holds, steps, outputs, provider calls, receipts |
//! | [`notices`] | what accounts are told by mail |
//! | [`projects`] | projects |
//! | [`requests`] | idempotency keys and rate windows |
//! | [`usage`] | quotas, what was consumed, daily sums and alerts |
//!
//! `dynamo` is what they all stand on: keys, codec, conditional writes, transactions, retries. Why one type: ADR 0037.

pub mod accounts;
pub mod assets;
pub mod audit;
pub mod billing;
pub mod credits;
pub mod error;
pub mod jobs;
pub mod notices;
pub mod page;
pub mod projects;
pub mod requests;
pub mod usage;

mod dynamo;

pub use accounts::NewAccount;
pub use accounts::member_changes::MemberTerms;
pub use assets::{AssetFilter, AssetRef, Moved};
pub use audit::Audit;
pub use audit::inspections::AccountRef;
pub use billing::events::{EventState, SeenEvent};
pub use billing::grants::{PaymentGrant, PaymentHolder, UnclaimedOutcome};
pub use billing::payments::{OpenCheckout, Payment, SyncMark, Unclaimed, UnclaimedReason};
pub use billing::places::CountingSubscription;
pub use billing::subscriptions::{Correction, PaidPeriod, Subscription};
pub use credits::Applied;
pub use dynamo::tables::{Sleep, Store, Tables};
pub use error::StoreError;
pub use jobs::ends::{EndJob, Ended};
pub use jobs::outputs::StoredOutput;
pub use jobs::provider_calls::ProviderCall;
pub use jobs::receipts::{PaidRun, RunEnd, RunHold};
pub use jobs::start_checks::StartCheck;
pub use jobs::starts::Started;
pub use jobs::{JobFilter, JobRef, JobRun, OutputNote};
pub use notices::NoticeRef;
pub use page::{Cursor, Page, PageRequest};
pub use projects::ProjectFilter;
pub use requests::claims::{Claim, ClaimKey, StoredAnswer};
pub use requests::windows::RateDecision;
pub use usage::consumption::{Consumption, Use, UsedFor};
pub use usage::quotas::{Consumed, QuotaState};
pub use usage::resets::{QuotaReset, ResetKind};
pub use usage::{Alert, DayUse};
