//! Every minute: puts each open job that is due for `reconcile-job` on its queue.
//!
//! # Shape
//! `events/sweep-jobs/`; what the schedule sends is not read.

use std::sync::Arc;

use domain::Failure;
use domain::ports::{Clock, Queue};
use runtime::{Env, StartError, SystemClock, Tick, Unit};
use serde::Serialize;
use store::{JobRef, Store};

/// Most jobs of one sweep: as many as one invocation can send before its time-out; the rest follows a minute later.
const JOBS_MAX: u32 = 500;

/// Seconds after which an overdue job means that `reconcile-job` does not work: normally it comes within two minutes.
const STUCK_AFTER_S: i64 = 300;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Open jobs.
    pub store: Store,
    /// The queue of `reconcile-job`.
    pub queue: Arc<dyn Queue<JobRef>>,
    /// The time by which a job is due.
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
            queue: Arc::new(runtime::sqs_queue(env, "RECONCILE_QUEUE_URL").await?),
            clock: Arc::new(SystemClock),
        })
    }
}

/// What a sweep did.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Swept {
    /// Jobs put on the queue.
    pub jobs: usize,
    /// Jobs overdue by [`STUCK_AFTER_S`] or more: also the metric `jobs_stuck`, written every minute.
    pub stuck: usize,
}

/// Queues the jobs that are due.
///
/// # Promises
/// A job may be on the queue twice; reconciling it twice is harmless.
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
        deps.queue.send(job).await?;
    }
    if !due.is_empty() {
        tracing::info!(jobs = due.len(), "jobs are due to be reconciled");
    }
    Ok(Swept {
        jobs: due.len(),
        stuck,
    })
}
