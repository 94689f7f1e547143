//! Every five minutes: puts each account whose nightly inspection is due on the accounts queue.
//!
//! # Shape
//! `events/sweep-accounts/`; what the schedule sends is not read.

use std::sync::Arc;

use domain::Failure;
use domain::ports::{Clock, Queue};
use runtime::{Env, StartError, SystemClock, Tick};
use serde::Serialize;
use store::{AccountRef, Store};

/// Most accounts of one sweep: what one invocation can send in its time.
const ACCOUNTS_MAX: u32 = 500;
/// Seconds after which an account that was sent and not inspected is sent again.
const LEASE_S: i64 = 3600;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Accounts whose inspection is due.
    pub store: Store,
    /// The queue of `inspect-account`.
    pub queue: Arc<dyn Queue<AccountRef>>,
    /// Decides what is due.
    pub clock: Arc<dyn Clock>,
}

impl Deps {
    /// Connects to the store and the queue.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            queue: Arc::new(runtime::sqs_queue(env, "ACCOUNTS_QUEUE_URL").await?),
            clock: Arc::new(SystemClock),
        })
    }
}

/// What a sweep did.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Swept {
    /// Accounts put on the queue.
    pub accounts: usize,
}

/// Sweeps once.
///
/// # Promises
/// An account may be on the queue twice; an inspection is harmless. One that is lost there is sent again within the hour.
///
/// # Errors
/// [`Failure`] of the store or the queue; what was not sent is due again five minutes later.
pub async fn handle(deps: &Deps, _tick: Tick) -> Result<Swept, Failure> {
    let now = deps.clock.now();
    let due = deps.store.accounts_due(now, ACCOUNTS_MAX).await?;
    for &account_id in &due {
        deps.queue.send(&AccountRef { account_id }).await?;
        deps.store
            .inspect_account_at(account_id, now.plus_s(LEASE_S))
            .await?;
    }
    if !due.is_empty() {
        tracing::info!(accounts = due.len(), "accounts are due for inspection");
    }
    Ok(Swept { accounts: due.len() })
}
