//! Every five minutes: mails the notices that are due.
//!
//! # Shape
//! `events/send-notices/`; what the schedule sends is not read.

use std::sync::Arc;

use audit::NoticeSender;
use domain::Failure;
use runtime::{Env, StartError, SystemClock, Tick, Unit};
use serde::Serialize;

/// Most notices of one run: at the mail service's smallest rate of one a second they fit into its time.
const NOTICES_MAX: u32 = 40;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Mails notices.
    pub sender: NoticeSender,
}

impl Deps {
    /// Connects to the store and the mail service.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let mailer = Arc::new(runtime::mailer(env).await?);
        Ok(Self {
            sender: NoticeSender::new(runtime::store(env).await?, mailer, Arc::new(SystemClock)),
        })
    }
}

/// What a run did.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Sent {
    /// Notices that were mailed.
    pub mailed: usize,
    /// Notices that could not be; they are due again in ten minutes, unless their address was refused.
    pub failed: usize,
}

/// Mails once.
///
/// # Errors
/// [`Failure`] of the store; what was not mailed is due again.
pub async fn handle(deps: &Deps, _tick: Tick) -> Result<Sent, Failure> {
    let (mailed, failed) = deps.sender.send_due(NOTICES_MAX).await?;
    if failed > 0 {
        let count = u64::try_from(failed).unwrap_or(u64::MAX);
        runtime::metric("mails_failed", Unit::Count, count, &[]);
    }
    Ok(Sent { mailed, failed })
}
