//! The ways the store says no, sorted into what a caller can do about each.

use std::collections::BTreeSet;
use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use domain::job::JobState;
use domain::outputs::InputHash;
use domain::{Credits, ErrorCode, Failure, JobId, QuotaRefusal, Timestamp};
use ledger::WalletError;

/// Any cause, kept for the log.
pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// A call that the store refused, or could not do.
///
/// # Promises
/// `Display` says what was being done and never prints the cause.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such thing in this account; the caller acts.
    #[error("no such {what}")]
    NotFound {
        /// Kind of thing.
        what: &'static str,
    },
    /// It changed since it was read; the caller reads it again.
    #[error("the {what} changed since it was read")]
    Conflict {
        /// Kind of thing.
        what: &'static str,
    },
    /// A job works on the project; the caller waits or cancels it.
    #[error("a job works on this project")]
    JobActive {
        /// Which one.
        job: JobId,
    },
    /// The run is not open any more; whoever works for it stops.
    #[error("the job has ended")]
    JobEnded {
        /// Where the job stands.
        state: JobState,
    },
    /// Only a failed or cancelled job can begin its next run.
    #[error("the job cannot be resumed")]
    JobNotResumable {
        /// Where the job stands.
        state: JobState,
    },
    /// The usable credits do not cover the hold; the customer acts.
    #[error("{needed} credits are needed, {available} are available")]
    Insufficient {
        /// Credits asked for.
        needed: Credits,
        /// Credits that can be used.
        available: Credits,
    },
    /// Credits are owed; the customer acts.
    #[error("{debt} credits are owed")]
    InDebt {
        /// Credits that the account owes; nothing is held beside a debt.
        debt: Credits,
    },
    /// A limit of the plan is reached in this period; the customer waits, or takes a larger plan.
    #[error("the limit of {} is reached", .0.kind.as_str())]
    QuotaExceeded(QuotaRefusal),
    /// The plan never allows it; the customer asks for less, or takes a larger plan.
    #[error("the plan allows {limit} of {field}, {wanted} are asked for")]
    PlanLimit {
        /// What is too much.
        field: &'static str,
        /// Most of it.
        limit: u64,
        /// What was asked for, in the kind's unit.
        wanted: u64,
    },
    /// The hold is above the customer's `max_credits` of the job; the customer acts.
    #[error("{needed} credits are needed, the job may take {max_credits}")]
    AboveMax {
        /// Credits asked for.
        needed: Credits,
        /// The most the job may hold.
        max_credits: Credits,
    },
    /// The key's month does not cover the hold; the customer waits or asks for more.
    #[error("{needed} credits are needed, the key may take {monthly_credits} a month")]
    OverBudget {
        /// Credits asked for.
        needed: Credits,
        /// Credits of the key in a month.
        monthly_credits: Credits,
        /// When the next month begins.
        resets_at: Timestamp,
    },
    /// Other jobs were charged for these outputs since the receipt was written; the caller prices the job again.
    #[error("other jobs have paid for outputs of this one")]
    PaidMeanwhile {
        /// Hashes of the outputs that are charged for elsewhere.
        hashes: BTreeSet<InputHash>,
    },
    /// There may be no more of them; the customer removes one first.
    #[error("no more {what} fit")]
    Full {
        /// Kind of thing, as many.
        what: &'static str,
    },
    /// The cursor was not issued by this list to this account.
    #[error("the cursor is not one of this list")]
    InvalidCursor,
    /// Too many writers for too long; the caller tries later.
    #[error("{operation}: too many writers")]
    Contended {
        /// What was being done.
        operation: &'static str,
    },
    /// DynamoDB asks to slow down; the caller tries later.
    #[error("{operation}: throttled")]
    Throttled {
        /// What was being done.
        operation: &'static str,
        /// Cause.
        #[source]
        source: Cause,
    },
    /// DynamoDB did not answer; the write may have happened. The caller tries again.
    #[error("{operation}: no answer")]
    Unavailable {
        /// What was being done.
        operation: &'static str,
        /// Cause.
        #[source]
        source: Cause,
    },
    /// DynamoDB does not accept the call: a missing right, a missing table or an item that is too large. We act.
    #[error("{operation}: refused")]
    Refused {
        /// What was being done.
        operation: &'static str,
        /// Cause.
        #[source]
        source: Cause,
    },
    /// A row cannot be read, or a change would break an invariant; nothing was written. We act.
    #[error("{operation}: corrupt")]
    Corrupt {
        /// What was being done.
        operation: &'static str,
        /// Cause.
        #[source]
        source: Cause,
    },
}

impl StoreError {
    /// The code on the wire.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound { .. } => ErrorCode::NotFound,
            Self::Conflict { .. } | Self::PaidMeanwhile { .. } | Self::Full { .. } => ErrorCode::Conflict,
            Self::JobActive { .. } => ErrorCode::JobActive,
            Self::JobEnded { .. } => ErrorCode::JobEnded,
            Self::JobNotResumable { .. } => ErrorCode::JobNotResumable,
            Self::Insufficient { .. } => ErrorCode::InsufficientCredits,
            Self::InDebt { .. } => ErrorCode::AccountInDebt,
            Self::QuotaExceeded(_) => ErrorCode::QuotaExceeded,
            Self::PlanLimit { .. } => ErrorCode::PlanLimit,
            Self::AboveMax { .. } => ErrorCode::MaxCreditsExceeded,
            Self::OverBudget { .. } => ErrorCode::BudgetExceeded,
            Self::InvalidCursor => ErrorCode::InvalidCursor,
            Self::Contended { .. } | Self::Throttled { .. } | Self::Unavailable { .. } => {
                ErrorCode::Unavailable
            }
            Self::Refused { .. } | Self::Corrupt { .. } => ErrorCode::Internal,
        }
    }

    /// Rows that contradict each other.
    pub(crate) fn corrupt(operation: &'static str, source: impl Into<Cause>) -> Self {
        Self::Corrupt {
            operation,
            source: source.into(),
        }
    }

    /// A move that the ledger's rules refused.
    pub(crate) fn wallet(operation: &'static str, error: WalletError) -> Self {
        match error {
            WalletError::Insufficient { needed, available } => Self::Insufficient { needed, available },
            WalletError::InDebt { debt } => Self::InDebt { debt },
            WalletError::TooManyLots => Self::Full { what: "lots" },
            other => Self::corrupt(operation, other),
        }
    }

    /// An answer of the SDK that is not a failed condition.
    pub(crate) fn sdk<E, R>(operation: &'static str, error: SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
        let is_answer = matches!(error, SdkError::ServiceError(_));
        match code {
            Some(
                "ProvisionedThroughputExceededException"
                | "ThrottlingException"
                | "RequestLimitExceeded"
                | "LimitExceededException",
            ) => Self::Throttled {
                operation,
                source: error.into(),
            },
            Some("TransactionConflictException" | "TransactionInProgressException") => {
                Self::Contended { operation }
            }
            Some("InternalServerError" | "InternalServerErrorException" | "ServiceUnavailable") | None => {
                Self::Unavailable {
                    operation,
                    source: error.into(),
                }
            }
            Some(_) if is_answer => Self::Refused {
                operation,
                source: error.into(),
            },
            Some(_) => Self::Unavailable {
                operation,
                source: error.into(),
            },
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Insufficient { needed, available } => Self::insufficient_credits(needed, available),
            StoreError::InDebt { debt } => Self::account_in_debt(debt),
            StoreError::QuotaExceeded(refusal) => Self::quota_exceeded(&refusal),
            StoreError::PlanLimit { field, limit, wanted } => Self::plan_limit(field, limit, wanted),
            StoreError::AboveMax { needed, max_credits } => Self::max_credits_exceeded(needed, max_credits),
            StoreError::OverBudget {
                needed,
                monthly_credits,
                resets_at,
            } => Self::budget_exceeded(needed, monthly_credits, resets_at),
            StoreError::JobActive { job } => Self::job_active(job),
            StoreError::JobEnded { state } | StoreError::JobNotResumable { state } => {
                Self::job_state(error.code(), state)
            }
            other => Self::new(other.code()).because(other),
        }
    }
}
