//! Compares a job with its execution, and ends or restarts a job whose execution stopped without ending it.
//!
//! | execution | job | then |
//! |---|---|---|
//! | none | open | started: the same run is the same execution |
//! | none, and the start is refused | open, older than [`VERDICT_S_MAX`] | failed with `job_stopped`: no step ever ran |
//! | running | open, younger than [`RUN_S_MAX`] | looked at again later |
//! | running | open, older | stopped, then as ended, but failed with `step_timed_out` |
//! | ended | open, everything delivered and checked | finished and settled |
//! | ended | open, a provider undecided, younger than [`VERDICT_S_MAX`] | left held, looked at again later |
//! | ended | open | failed with `job_stopped`, credits released |
//! | any | ended | nothing |

use std::sync::Arc;

use domain::job::{Job, JobState};
use domain::ports::{Clock, ExecutionState, Executions, IdSource, Work};
use domain::{AccountId, ErrorCode, Failure, JobId, Timestamp};
use store::{JobRef, Store};

use crate::endings::JobEndings;
use crate::inputs::is_delivered;
use crate::verdict::failure;

/// Longest life of a run, seconds: the machine's own `TimeoutSeconds` and an hour, so that the machine goes first.
pub const RUN_S_MAX: i64 = 10_800;
/// Longest wait for a provider that has not answered a call, seconds: no provider keeps a result for more than a day.
pub const VERDICT_S_MAX: i64 = 86_400;
/// Time between two looks at a job, seconds: longer than most steps take, short for a customer who waits.
pub const RECONCILE_AFTER_S: i64 = 120;

/// What was done with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reconciled {
    /// The job had ended.
    Ended,
    /// Nothing: the execution goes on, or a provider is undecided.
    Waiting,
    /// The execution was started.
    Started,
    /// The job was finished and settled.
    Finished,
    /// The job was failed and its credits returned.
    Failed,
}

/// Brings open jobs and their executions together again.
#[derive(Debug, Clone)]
pub struct Reconciler {
    store: Store,
    endings: JobEndings,
    executions: Arc<dyn Executions>,
    clock: Arc<dyn Clock>,
}

impl Reconciler {
    /// Ends jobs by these endings, which work on the same store.
    pub fn new(
        store: Store,
        endings: JobEndings,
        executions: Arc<dyn Executions>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            store,
            endings,
            executions,
            clock,
        }
    }

    /// Compares one job with its execution.
    ///
    /// # Promises
    /// A repeat is harmless; a job that others end at the same time ends once.
    ///
    /// # Errors
    /// The store's and the executions'; the job stays as it was and is looked at again.
    pub fn reconcile<'a>(
        &'a self,
        account: AccountId,
        job: JobId,
        ids: &'a dyn IdSource,
    ) -> Work<'a, Result<Reconciled, Failure>> {
        Box::pin(async move {
            let now = self.clock.now();
            let job = match self.store.job(account, job).await {
                Ok(job) => job,
                // Its project was deleted with it.
                Err(error) if error.code() == ErrorCode::NotFound => return Ok(Reconciled::Ended),
                Err(error) => return Err(error.into()),
            };
            if !job.state.is_open() {
                return Ok(Reconciled::Ended);
            }
            match self.executions.state(&job).await? {
                ExecutionState::Unknown => self.launch(&job, now, ids).await,
                ExecutionState::Running if is_younger(&job, now, RUN_S_MAX) => self.later(&job, now).await,
                ExecutionState::Running => {
                    self.executions.stop(&job).await?;
                    self.close(&job, ErrorCode::StepTimedOut, ids).await
                }
                ExecutionState::Succeeded | ExecutionState::Ended => {
                    self.close(&job, ErrorCode::JobStopped, ids).await
                }
            }
        })
    }

    async fn launch(&self, job: &Job, now: Timestamp, ids: &dyn IdSource) -> Result<Reconciled, Failure> {
        match self.executions.start(job).await {
            Ok(()) => {}
            // Should it have started all the same, its first step finds the job ended.
            Err(error) if job.started_at.is_none() && is_forsaken(job, now) => {
                tracing::error!(error = %error, "the execution could not be started for a day");
                return self.give_back(job, ErrorCode::JobStopped, ids).await;
            }
            Err(error) => return Err(error.into()),
        }
        self.later(job, now).await?;
        Ok(Reconciled::Started)
    }

    /// The execution is over and nobody ended the job.
    async fn close(&self, seen: &Job, code: ErrorCode, ids: &dyn IdSource) -> Result<Reconciled, Failure> {
        // Read again: its last step may have ended after the job was read and before its execution was looked at.
        let job = &self.store.job(seen.account_id, seen.id).await?;
        if job.run != seen.run || !job.state.is_open() {
            return Ok(Reconciled::Ended);
        }
        let now = self.clock.now();
        if is_delivered(job) {
            let job = self.endings.complete(job, ids).await?;
            return Ok(if job.state == JobState::Completed {
                Reconciled::Finished
            } else {
                Reconciled::Ended
            });
        }
        if is_younger(job, now, VERDICT_S_MAX) && self.endings.undecided(job).await? {
            return self.later(job, now).await;
        }
        self.give_back(job, code, ids).await
    }

    async fn give_back(&self, job: &Job, code: ErrorCode, ids: &dyn IdSource) -> Result<Reconciled, Failure> {
        tracing::warn!(error.code = %code, "the reconciler fails the job");
        self.endings.give_back(job, failure(code, job), ids).await?;
        Ok(Reconciled::Failed)
    }

    async fn later(&self, job: &Job, now: Timestamp) -> Result<Reconciled, Failure> {
        let at = now.plus_s(RECONCILE_AFTER_S);
        self.store.set_due(JobRef::from(job), job.run, at).await?;
        Ok(Reconciled::Waiting)
    }
}

/// Whether the run's first step began less than so many seconds ago, or has not begun: a resumed job is older than
/// its run.
fn is_younger(job: &Job, now: Timestamp, seconds: i64) -> bool {
    job.started_at
        .is_none_or(|begun| now.ms_since(begun) < seconds.saturating_mul(1000))
}

/// Whether the run's hold is so old that waiting for its start any longer helps nobody.
fn is_forsaken(job: &Job, now: Timestamp) -> bool {
    job.hold_row
        .and_then(|row| i64::try_from(row.body().timestamp_ms()).ok())
        .is_some_and(|held_ms| now.as_ms().saturating_sub(held_ms) >= VERDICT_S_MAX.saturating_mul(1000))
}
