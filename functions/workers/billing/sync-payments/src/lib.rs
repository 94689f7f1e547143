//! Every hour: looks at each provider's own lists for what no webhook told, and corrects what differs.
//!
//! Called by the Scheduler; a run that dies is done again by the next.
//!
//! # Shape
//! `events/sync-payments/`.

use billing::SyncReport;
pub use billing_wiring::BillingDeps as Deps;
use domain::Failure;
use runtime::{Tick, Unit};

/// Looks at every provider that is set up.
///
/// # Promises
/// A provider that does not answer does not keep the others from being looked at.
///
/// # Errors
/// The last provider's failure, after all were tried.
pub async fn handle(deps: &Deps, _tick: Tick) -> Result<Vec<SyncReport>, Failure> {
    let mut reports = Vec::new();
    let mut failed = None;
    for provider in deps.billing.providers.keys() {
        match deps.billing.sync_provider(*provider).await {
            Ok(report) => {
                note(&report);
                reports.push(report);
            }
            Err(failure) => failed = Some(failure),
        }
    }
    match failed {
        Some(failure) => Err(failure),
        None => Ok(reports),
    }
}

fn note(report: &SyncReport) {
    tracing::info!(
        subscriptions = report.subscriptions,
        payments = report.payments,
        corrected = report.corrected.len(),
        granted = report.granted.len(),
        returned = report.returned.len(),
        unclaimed = report.unclaimed.len(),
        waiting = report.waiting,
        "payments were compared"
    );
    let found = report.granted.len().saturating_add(report.returned.len());
    runtime::metric(
        "payments_found",
        Unit::Count,
        u64::try_from(found).unwrap_or(u64::MAX),
        &[],
    );
    // Every hour until a person has given them to somebody: the alarm stays until then.
    runtime::metric("payments_unclaimed", Unit::Count, report.waiting.into(), &[]);
}
