//! Works on the events of payment vendors: reads the object again and brings the ledger to it.
//!
//! Called by the queue `payment-events`; a message that fails comes again, and after its last try lies with the dead
//! letters, where an alarm tells of it and `sync-payments` finds what it was about.
//!
//! # Shape
//! `events/payment-events/`.

use billing::{Desk, Outcome};
use domain::Failure;
use payments::VendorEvent;
use runtime::{Env, StartError, Unit};

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// The use cases of payments.
    pub desk: Desk,
}

impl Deps {
    /// Connects the desk.
    ///
    /// # Errors
    /// [`StartError`] for a missing or odd variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            desk: billing::desk(env).await?,
        })
    }
}

/// Works on one event.
///
/// # Promises
/// Idempotent, and indifferent to the order in which events come.
///
/// # Errors
/// The vendor's and the store's: the message comes again.
pub async fn handle(deps: &Deps, event: VendorEvent) -> Result<(), Failure> {
    if let Some(account) = event.account {
        runtime::account(account);
    }
    let outcome = deps.desk.handle(&event).await?;
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
