//! Visits one account at night: its invariants, what it did yesterday, and what its owner has to know.
//!
//! # Shape
//! `events/inspect-account/`: a batch of SQS whose bodies are `{"account_id"}`.

use std::sync::Arc;

use domain::{AccountId, ErrorCode, Failure};
use monitor::Round;
use runtime::{Env, StartError, SystemClock, Unit};
use serde::Deserialize;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Visits accounts.
    pub round: Round,
}

impl Deps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            round: Round::new(runtime::store(env).await?, Arc::new(SystemClock)),
        })
    }
}

/// One message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountRef {
    /// Whom to visit.
    pub account_id: AccountId,
}

/// Visits one account.
///
/// # Promises
/// A repeat is harmless.
///
/// # Errors
/// [`Failure`] of the store: the message comes again, and at last lies in the dead letter queue.
pub async fn handle(deps: &Deps, message: AccountRef) -> Result<(), Failure> {
    runtime::account(message.account_id);
    let visited = match deps.round.visit(message.account_id).await {
        Ok(visited) => visited,
        // It was removed since it was put on the queue.
        Err(failure) if failure.code == ErrorCode::NotFound => return Ok(()),
        Err(failure) => return Err(failure),
    };
    if visited.findings > 0 {
        alarm(visited.findings);
    }
    tracing::info!(notices = visited.notices, "the account was visited");
    Ok(())
}

fn alarm(findings: usize) {
    let count = u64::try_from(findings).unwrap_or(u64::MAX);
    runtime::metric("audit_findings", Unit::Count, count, &[]);
    tracing::error!(findings, "an account breaks invariants");
}
