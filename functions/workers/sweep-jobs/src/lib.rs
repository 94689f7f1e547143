//! Every minute: puts each open job whose visit is due on the reconcile queue.
//!
//! # Shape
//! `events/sweep-jobs/`; what the schedule sends is not read.

use std::sync::Arc;

use domain::Failure;
use domain::ports::{Clock, JobQueue};
use runtime::{Env, StartError, SystemClock, Tick, Unit};
use serde::Serialize;
use store::Store;

/// Most jobs of one sweep: what one invocation can send in its time; the rest is a minute older next time.
const JOBS_MAX: u32 = 500;

/// Seconds by which a visit is late when the reconciler itself must be ill; a healthy one comes within two minutes.
const STUCK_AFTER_S: i64 = 300;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Open jobs.
    pub store: Store,
    /// The queue of `reconcile-job`.
    pub queue: Arc<dyn JobQueue>,
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
            queue: Arc::new(runtime::jobs_queue(env).await?),
            clock: Arc::new(SystemClock),
        })
    }
}

/// What a sweep did.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Swept {
    /// Jobs put on the queue.
    pub jobs: usize,
    /// Those whose visit is late by [`STUCK_AFTER_S`]: also the metric `jobs_stuck`, written every minute.
    pub stuck: usize,
}

/// Sweeps once.
///
/// # Promises
/// A job may be on the queue twice; a visit is harmless.
///
/// # Errors
/// [`Failure`] of the store or the queue; what was not sent is due again a minute later.
pub async fn handle(deps: &Deps, _tick: Tick) -> Result<Swept, Failure> {
    let now = deps.clock.now();
    let due = deps.store.open_jobs_due(now, JOBS_MAX).await?;
    let stuck = deps
        .store
        .open_jobs_due(now.plus_s(-STUCK_AFTER_S), JOBS_MAX)
        .await?
        .len();
    runtime::metric(
        "jobs_stuck",
        Unit::Count,
        u64::try_from(stuck).unwrap_or(u64::MAX),
        &[],
    );
    for job in &due {
        deps.queue.send(job.account_id, job.job_id).await?;
    }
    if !due.is_empty() {
        tracing::info!(jobs = due.len(), "jobs are due for a visit");
    }
    Ok(Swept {
        jobs: due.len(),
        stuck,
    })
}
