//! One way to fail, from the rule that broke to the wire: a code, a public sentence and a private cause.
//!
//! `runtime` alone turns a [`Failure`] into an HTTP envelope, a Step Functions error or a batch item failure.

use std::error::Error;
use std::fmt;

use serde_json::{Value, json};

use crate::ports::PortError;
use crate::quota::QuotaRefusal;
use crate::{Credits, CreditsError, ErrorCode, Invalid, JobId, JobState, Timestamp};

/// A refused or failed call.
///
/// # Promises
/// `Display` prints the code and the public sentence, never the cause; the cause is kept for the log.
#[derive(Debug)]
pub struct Failure {
    /// Stable code; decides the HTTP status and whether Step Functions retries.
    pub code: ErrorCode,
    /// Sentence for the caller.
    pub public: String,
    /// More for the caller's program, such as `field`, `needed` or `retry_after_s`.
    pub details: Option<Value>,
    /// Cause, for the log only.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl Failure {
    /// A failure that says what the registry says of its code.
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            public: code.meaning().to_owned(),
            details: None,
            source: None,
        }
    }

    /// The same with another public sentence.
    #[must_use]
    pub fn saying(mut self, public: &str) -> Self {
        public.clone_into(&mut self.public);
        self
    }

    /// The same with details for the caller's program.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }

    /// The same with its cause.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Too few credits for a hold.
    pub fn insufficient_credits(needed: Credits, available: Credits) -> Self {
        Self::new(ErrorCode::InsufficientCredits)
            .with_details(json!({"needed": needed, "available": available}))
    }

    /// Credits are owed, so nothing new can be held.
    pub fn account_in_debt(debt: Credits) -> Self {
        Self::new(ErrorCode::AccountInDebt).with_details(json!({"debt": debt}))
    }

    /// A limit of the plan that is reached for now.
    pub fn quota_exceeded(refusal: &QuotaRefusal) -> Self {
        let mut details = json!({
            "kind": refusal.kind,
            "limit": refusal.limit,
            "used": refusal.used,
            "wanted": refusal.wanted,
        });
        if let Some(map) = details.as_object_mut() {
            map.extend(refusal.resets_at.map(|at| ("resets_at".to_owned(), json!(at))));
            map.extend(
                refusal
                    .retry_after_s
                    .map(|s| ("retry_after_s".to_owned(), json!(s))),
            );
        }
        Self::new(ErrorCode::QuotaExceeded).with_details(details)
    }

    /// A limit of the plan that no waiting cures.
    pub fn plan_limit(field: &str, limit: u64, wanted: u64) -> Self {
        Self::new(ErrorCode::PlanLimit)
            .with_details(json!({"field": field, "limit": limit, "wanted": wanted}))
    }

    /// A job that may cost more than its customer lets it.
    pub fn max_credits_exceeded(needed: Credits, max_credits: Credits) -> Self {
        Self::new(ErrorCode::MaxCreditsExceeded)
            .with_details(json!({"needed": needed, "max_credits": max_credits}))
    }

    /// A key whose month is used up.
    pub fn budget_exceeded(needed: Credits, monthly_credits: Credits, resets_at: Timestamp) -> Self {
        Self::new(ErrorCode::BudgetExceeded).with_details(
            json!({"needed": needed, "monthly_credits": monthly_credits, "resets_at": resets_at}),
        )
    }

    /// A project that a job works on.
    pub fn job_active(job: JobId) -> Self {
        Self::new(ErrorCode::JobActive).with_details(json!({"job_id": job}))
    }

    /// A job in a state that does not allow the act.
    pub fn job_state(code: ErrorCode, state: JobState) -> Self {
        Self::new(code).with_details(json!({"status": state.as_status()}))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.public)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.source {
            Some(cause) => Some(cause.as_ref()),
            None => None,
        }
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self::new(ErrorCode::ValidationFailed)
            .saying(&invalid.to_string())
            .with_details(json!({"field": invalid.field, "rule": invalid.rule}))
    }
}

impl From<PortError> for Failure {
    fn from(error: PortError) -> Self {
        Self::new(error.code).because(error)
    }
}

impl From<CreditsError> for Failure {
    fn from(error: CreditsError) -> Self {
        Self::new(ErrorCode::Internal).because(error)
    }
}
