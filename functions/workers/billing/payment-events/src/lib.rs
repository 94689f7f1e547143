//! Works on the events of payment providers: reads the object again and brings the ledger to it.
//!
//! Called by the queue `payment-events`; a message that fails comes again, and after its last try lies with the dead
//! letters, where an alarm tells of it and `sync-payments` finds what it was about.
//!
//! # Shape
//! `events/payment-events/`.

use billing::Outcome;
pub use billing_wiring::BillingDeps as Deps;
use domain::Failure;
use payments::ProviderEvent;
use runtime::Unit;

/// Works on one event.
///
/// # Promises
/// Idempotent, and indifferent to the order in which events come.
///
/// # Errors
/// The provider's and the store's: the message comes again.
pub async fn handle(deps: &Deps, event: ProviderEvent) -> Result<(), Failure> {
    if let Some(account) = event.account {
        runtime::account(account);
    }
    let outcome = deps.billing.handle(&event).await?;
    tracing::info!(
        event.id = event.id,
        event.name = event.name,
        outcome = outcome.as_str(),
        "the event was worked on"
    );
    note(outcome);
    Ok(())
}

fn note(outcome: Outcome) {
    if outcome.needs_a_person() {
        runtime::metric("payments_unclaimed", Unit::Count, 1, &[]);
    }
}
