//! Inspects one account at night: its invariants, its payments beside the providers, what it did yesterday, and what its
//! owner has to know.
//!
//! # Shape
//! `events/inspect-account/`: a batch of SQS whose bodies are `{"account_id"}`.

use std::sync::Arc;

use audit::AccountInspection;
use billing::Billing;
use domain::{ErrorCode, Failure};
use runtime::{Env, StartError, SystemClock, Unit};
use store::AccountRef;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Inspects accounts.
    pub inspection: AccountInspection,
    /// Holds payments against their providers.
    pub billing: Billing,
}

impl Deps {
    /// Connects to the store and to the providers that are set up.
    ///
    /// # Errors
    /// [`StartError`] for a missing or odd variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let billing = billing_wiring::connect_billing(env).await?;
        Ok(Self {
            inspection: AccountInspection::new(billing.store.clone(), Arc::new(SystemClock)),
            billing,
        })
    }
}

/// Inspects one account.
///
/// # Promises
/// A repeat is harmless. A provider that is down does not stop an inspection: it is compared at the next one.
///
/// # Errors
/// [`Failure`] of the store: the message comes again, and at last lies in the dead letter queue.
pub async fn handle(deps: &Deps, message: AccountRef) -> Result<(), Failure> {
    runtime::account(message.account_id);
    let beside = deps.billing.compare(message.account_id).await?;
    let inspected = match deps.inspection.inspect(message.account_id, beside).await {
        Ok(inspected) => inspected,
        // It was removed since it was put on the queue.
        Err(failure) if failure.code == ErrorCode::NotFound => return Ok(()),
        Err(failure) => return Err(failure),
    };
    if inspected.findings > 0 {
        alarm(inspected.findings);
    }
    tracing::info!(
        pending_findings = inspected.pending.len(),
        notices = inspected.notices,
        "the account was inspected"
    );
    Ok(())
}

fn alarm(findings: usize) {
    let count = u64::try_from(findings).unwrap_or(u64::MAX);
    runtime::metric("audit_findings", Unit::Count, count, &[]);
    tracing::error!(findings, "an account breaks invariants");
}
