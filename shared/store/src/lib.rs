//! DynamoDB: every item, key and conditional write; the only crate that names an attribute.
//!
//! [`Store`] has one method per thing that can happen; each takes the caller's account, and another account's id is
//! not found. `docs/DATA.md` lists the tables, keys and access patterns; [`audit`] recomputes what must be true.

pub mod accounts;
pub mod api_keys;
pub mod assets;
pub mod audit;
pub mod balance_corrections;
pub mod budgets;
pub mod claims;
pub mod consumption;
pub mod credits;
pub mod error;
pub mod expiries;
pub mod job_ends;
pub mod job_holds;
pub mod job_starts;
pub mod jobs;
pub mod member_changes;
pub mod members;
pub mod notices;
pub mod outputs;
pub mod page;
pub mod payment_grants;
pub mod payments;
pub mod projects;
pub mod provider_calls;
pub mod provider_events;
pub mod quota_resets;
pub mod quotas;
pub mod receipts;
pub mod reports;
pub mod rounds;
pub mod subscriptions;
pub mod sweep;
pub mod usage;
pub mod windows;

mod asset_storage;
mod backoff;
mod codec;
mod item;
mod job_quotas;
mod keys;
mod quota_writes;
mod tables;
mod transaction;
mod write;

pub use accounts::NewAccount;
pub use assets::{AssetFilter, AssetRef, Moved};
pub use audit::Audit;
pub use claims::{Claim, ClaimKey, StoredAnswer};
pub use consumption::{Consumption, Use, UsedFor};
pub use credits::Applied;
pub use error::StoreError;
pub use job_ends::{EndJob, Ended};
pub use job_starts::Started;
pub use jobs::{JobRef, JobRun, OutputNote};
pub use member_changes::MemberTerms;
pub use members::MemberActor;
pub use notices::NoticeRef;
pub use outputs::StoredOutput;
pub use page::{Cursor, Page, PageRequest};
pub use payment_grants::{PaymentGrant, PaymentHolder, UnclaimedOutcome};
pub use payments::{OpenCheckout, Payment, SyncMark, Unclaimed, UnclaimedReason};
pub use projects::ProjectFilter;
pub use provider_calls::ProviderCall;
pub use provider_events::{EventState, SeenEvent};
pub use quota_resets::{QuotaReset, ResetKind};
pub use quotas::{Consumed, QuotaState};
pub use receipts::{PaidRun, RunEnd, RunHold};
pub use rounds::AccountRef;
pub use subscriptions::{Correction, PaidPeriod, Subscription};
pub use tables::{Sleep, Store, Tables};
pub use usage::{Alert, DayUse};
pub use windows::RateDecision;
