//! Where a job ends: with a receipt, in one transaction with its hold and its project.
//!
//! Whoever comes first wins: a second end finds the run closed and gets the job as it ended.

use std::sync::Arc;

use domain::job::{Job, JobFailure, JobState, Step};
use domain::ports::{Clock, IdSource, Work};
use domain::{ErrorCode, Failure, Timestamp, TransactionId};
use ledger::{Ending, PriceList};
use store::{EndJob, Ended, JobEnding, Store, StoreError};

use crate::inputs::{delivered, is_delivered};
use crate::task::{StateError, Task};
use crate::undecided::ModelsInUse;
use crate::verdict::verdict;

/// Most times a receipt is made anew: each time at least one more output is found paid for, or the hold has grown.
const PRICINGS_MAX: usize = 40;

/// How a job ends, before it has a receipt.
enum Verdict {
    Delivered,
    Failed(JobFailure),
    Cancelled,
}

/// The use cases that end a job.
#[derive(Debug, Clone)]
pub struct Books {
    store: Store,
    prices: PriceList,
    clock: Arc<dyn Clock>,
    models: Option<ModelsInUse>,
}

impl Books {
    /// Books over a store and a price list.
    pub fn new(store: Store, prices: PriceList, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            prices,
            clock,
            models: None,
        }
    }

    /// The same books, which keep a job held while one of these vendors has its call and has not said.
    #[must_use]
    pub fn waiting_for(self, models: ModelsInUse) -> Self {
        Self {
            models: Some(models),
            ..self
        }
    }

    /// The store behind them.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The price list.
    pub const fn prices(&self) -> &PriceList {
        &self.prices
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
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
    /// A job that ended before, however, stays as it is and is returned: failing is never refused.
    /// A job whose vendor has a call and has not said stays open and held: our time-out is not a verdict, and the
    /// reconciler visits it.
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
                    "a vendor is undecided: the job stays held"
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

    /// Whether a vendor has a call of the job and has not said how it ends.
    pub(crate) async fn undecided(&self, job: &Job) -> Result<bool, Failure> {
        match &self.models {
            Some(models) => models.undecided(&self.store, job).await,
            None => Ok(false),
        }
    }

    /// Completes an open job that has delivered all it was asked for.
    pub(crate) async fn complete(&self, job: &Job, ids: &dyn IdSource) -> Result<Job, Failure> {
        if !is_delivered(job) {
            return Err(Failure::new(ErrorCode::Internal).saying("The job has not delivered all its steps."));
        }
        self.end(job, Verdict::Delivered, ids).await
    }

    /// Fails an open job and returns its credits.
    pub(crate) async fn give_back(
        &self,
        job: &Job,
        failure: JobFailure,
        ids: &dyn IdSource,
    ) -> Result<Job, Failure> {
        self.end(job, Verdict::Failed(failure), ids).await
    }

    /// Cancels an open job and returns its credits.
    pub(crate) async fn cancel(&self, job: &Job, ids: &dyn IdSource) -> Result<Job, Failure> {
        self.end(job, Verdict::Cancelled, ids).await
    }

    /// Ends an open job; a receipt that is out of date when it is to be written is made anew.
    async fn end(&self, job: &Job, verdict: Verdict, ids: &dyn IdSource) -> Result<Job, Failure> {
        let now = self.clock.now();
        let transaction = TransactionId::new(ids.mint(now));
        let mut job = job.clone();
        for _ in 0..PRICINGS_MAX {
            let end = EndJob {
                ending: self.priced(&job, &verdict).await?,
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

    async fn priced(&self, job: &Job, verdict: &Verdict) -> Result<JobEnding, Failure> {
        let receipt = |ending| ledger::receipt(job, &self.prices, ending);
        Ok(match verdict {
            Verdict::Delivered => {
                let project = self.store.project(job.account_id, job.project_id).await?;
                JobEnding::Completed {
                    receipt: receipt(Ending::Completed)?,
                    outputs: delivered(project.outputs, job),
                }
            }
            Verdict::Failed(failure) => JobEnding::Failed {
                receipt: receipt(Ending::Failed)?,
                failure: failure.clone(),
            },
            Verdict::Cancelled => JobEnding::Cancelled {
                receipt: receipt(Ending::Cancelled)?,
            },
        })
    }
}
