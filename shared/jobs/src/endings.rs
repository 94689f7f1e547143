//! Ends a job: its receipt, hold and project are written in one transaction.
//!
//! The first end wins; a later one finds the run ended and gets the job as it is.

use std::sync::Arc;

use catalogue::Catalogue;
use domain::job::{Job, JobFailure, JobOutcome, JobState, Step};
use domain::outputs::Outputs;
use domain::ports::{Clock, IdSource, Work};
use domain::{ErrorCode, Failure, TransactionId};
use store::{EndJob, Ended, Store, StoreError};

use crate::inputs::{delivered, is_delivered};
use crate::task::{StateError, Task};
use crate::undecided::undecided;
use crate::verdict::verdict;

/// Most times a receipt is made again: each time at least one more output is found paid for, or the hold has grown.
const PRICINGS_MAX: usize = 40;

/// The use cases that end a job.
#[derive(Debug, Clone)]
pub struct JobEndings {
    store: Store,
    catalogue: Catalogue,
    clock: Arc<dyn Clock>,
}

impl JobEndings {
    /// Ends jobs of this store by this catalogue.
    pub fn new(store: Store, catalogue: Catalogue, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            catalogue,
            clock,
        }
    }

    /// Settles the hold by what was delivered and makes the project ready.
    ///
    /// # Promises
    /// Never charges above the hold. A repeat returns the job as the first call left it.
    ///
    /// # Errors
    /// `job_ended` when the run was failed or cancelled first; `internal` when a step has no result, a bug of the
    /// machine; the store's.
    pub fn finish<'a>(&'a self, task: &'a Task, ids: &'a dyn IdSource) -> Work<'a, Result<Job, Failure>> {
        Box::pin(async move {
            let job = self.store.job(task.account_id, task.job_id).await?;
            let ended = if job.run == task.run && job.state.is_open() {
                self.complete(&job, ids).await?
            } else {
                job
            };
            // A later run is none of this execution's business: for it, the job has ended.
            if ended.run == task.run && ended.state == JobState::Completed {
                Ok(ended)
            } else {
                Err(Failure::job_state(ErrorCode::JobEnded, ended.state))
            }
        })
    }

    /// Releases the hold and marks job and project failed.
    ///
    /// # Promises
    /// A job that has ended, in whatever way, stays as it is and is returned: failing is never refused.
    /// A job whose provider still works on a call stays open and held, and the reconciler looks at it again: our
    /// time-out does not say how the call ends.
    ///
    /// # Errors
    /// The store's.
    pub fn fail<'a>(
        &'a self,
        task: &'a Task,
        error: &'a StateError,
        ids: &'a dyn IdSource,
    ) -> Work<'a, Result<Job, Failure>> {
        Box::pin(async move {
            let job = self.store.job(task.account_id, task.job_id).await?;
            if job.run != task.run || !job.state.is_open() {
                return Ok(job);
            }
            if self.undecided(&job).await? {
                tracing::warn!(
                    error.name = error.error,
                    "a provider is undecided: the job stays held"
                );
                return Ok(job);
            }
            let why = verdict(error, &job);
            tracing::warn!(
                error.name = error.error, error.code = %why.code, step = why.step.map(Step::as_str),
                "the job fails"
            );
            self.give_back(&job, why, ids).await
        })
    }

    /// Whether a provider still works on a call for the job.
    pub(crate) async fn undecided(&self, job: &Job) -> Result<bool, Failure> {
        undecided(&self.store, self.catalogue, job).await
    }

    /// Completes an open job that has delivered all it was asked for.
    pub(crate) async fn complete(&self, job: &Job, ids: &dyn IdSource) -> Result<Job, Failure> {
        if !is_delivered(job) {
            return Err(Failure::new(ErrorCode::Internal).saying("The job has not delivered all its steps."));
        }
        self.end(job, JobOutcome::Completed, ids).await
    }

    /// Fails an open job and returns its credits.
    pub(crate) async fn give_back(
        &self,
        job: &Job,
        failure: JobFailure,
        ids: &dyn IdSource,
    ) -> Result<Job, Failure> {
        self.end(job, JobOutcome::Failed(failure), ids).await
    }

    /// Cancels an open job and returns its credits.
    pub(crate) async fn cancel(&self, job: &Job, ids: &dyn IdSource) -> Result<Job, Failure> {
        self.end(job, JobOutcome::Cancelled, ids).await
    }

    /// Ends an open job; a receipt that is out of date when it is to be written is made again.
    async fn end(&self, job: &Job, outcome: JobOutcome, ids: &dyn IdSource) -> Result<Job, Failure> {
        let now = self.clock.now();
        let transaction = TransactionId::new(ids.mint(now));
        let mut job = job.clone();
        for _ in 0..PRICINGS_MAX {
            let end = EndJob {
                receipt: ledger::receipt(&job, self.catalogue, &outcome)?,
                project_outputs: self.project_outputs(&job, &outcome).await?,
                outcome: outcome.clone(),
                job,
            };
            match self.store.end_job(&end, transaction, now).await {
                Ok(Ended::Now(ended) | Ended::Already(ended)) => return Ok(*ended),
                Err(StoreError::PaidMeanwhile { hashes }) => {
                    job = end.job;
                    job.outputs.mark_paid(&hashes);
                }
                Err(StoreError::Conflict { .. }) => {
                    let grown = self.store.job(end.job.account_id, end.job.id).await?;
                    job = Job {
                        held: grown.held,
                        ..end.job
                    };
                }
                Err(other) => return Err(other.into()),
            }
        }
        Err(Failure::new(ErrorCode::Unavailable))
    }

    /// What the project has once the job has delivered; `None` leaves it as it is.
    async fn project_outputs(&self, job: &Job, outcome: &JobOutcome) -> Result<Option<Outputs>, Failure> {
        if *outcome != JobOutcome::Completed {
            return Ok(None);
        }
        let project = self.store.project(job.account_id, job.project_id).await?;
        Ok(Some(delivered(project.outputs, job)))
    }
}
