//! Every hour: writes off credits whose time is over, with a history row, in wallets where nobody moves.
//!
//! A balance never counts expired credits, swept or not; the sweep is for the history and for those who add it up.
//!
//! # Shape
//! `events/expire-credits/`; what the schedule sends is not read.

use std::sync::Arc;

use domain::ports::Clock;
use domain::{AccountId, Credits, Failure};
use runtime::{Env, StartError, SystemClock, Tick, Unit};
use serde::Serialize;
use store::{Store, StoreError};

/// Most wallets of one sweep: what one invocation can write in its time several times over; the rest is an hour
/// older next time.
pub const WALLETS_MAX: usize = 2000;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Wallets whose lots expire.
    pub store: Store,
    /// Decides what has expired.
    pub clock: Arc<dyn Clock>,
}

impl Deps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            clock: Arc::new(SystemClock),
        })
    }
}

/// What a sweep did.
#[derive(Debug, Default, Serialize, PartialEq, Eq)]
pub struct Expired {
    /// Wallets in which something was written off.
    pub wallets: usize,
    /// Credits written off, also the metric `credits_expired`.
    pub credits: Credits,
    /// Wallets that could not be swept; they are due again an hour later, and the cause is in the log.
    pub failed: usize,
}

/// Sweeps once.
///
/// # Promises
/// A wallet is written off once, however often it is swept; one that fails does not keep the others waiting.
///
/// # Errors
/// [`Failure`] of the store when the due wallets cannot be listed.
pub async fn handle(deps: &Deps, _tick: Tick) -> Result<Expired, Failure> {
    let now = deps.clock.now();
    let mut done = Expired::default();
    for account in deps.store.wallets_due(now, WALLETS_MAX).await? {
        match deps.store.expire_wallet(account, now).await {
            Ok(credits) if credits.is_zero() => {}
            Ok(credits) => {
                done.wallets = done.wallets.saturating_add(1);
                done.credits = done.credits.checked_add(credits)?;
            }
            Err(error) => {
                log_unswept(account, &error);
                done.failed = done.failed.saturating_add(1);
            }
        }
    }
    runtime::metric("credits_expired", Unit::Count, done.credits.get(), &[]);
    if done.wallets > 0 {
        log_expired(&done);
    }
    Ok(done)
}

fn log_expired(done: &Expired) {
    tracing::info!(
        wallets = done.wallets,
        credits = done.credits.get(),
        "credits expired"
    );
}

fn log_unswept(account: AccountId, error: &StoreError) {
    tracing::error!(error = %error, account.id = %account, "a wallet was not swept");
}
