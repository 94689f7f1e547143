//! Compares one job with its execution, and ends or restarts a job whose execution stopped without ending it.
//!
//! # Shape
//! `events/reconcile-job/`: a batch of SQS whose bodies are `{"account_id","job_id"}`.

use std::sync::Arc;

use domain::Failure;
use domain::ports::{Clock, IdSource};
use jobs::{JobEndings, Reconciled, Reconciler};
use runtime::{Env, RandomIds, StartError, SystemClock, Unit};
use store::JobRef;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Compares jobs with their executions.
    pub reconciler: Reconciler,
    /// Ids of history rows.
    pub ids: Arc<dyn IdSource>,
}

impl Deps {
    /// Connects to the store and the state machine.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let store = runtime::store(env).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let endings = JobEndings::new(store.clone(), wiring::catalogue(), Arc::clone(&clock));
        let executions = Arc::new(runtime::executions(env).await?);
        Ok(Self {
            reconciler: Reconciler::new(store, endings, executions, clock),
            ids: Arc::new(RandomIds),
        })
    }
}

/// Reconciles one job with its execution.
///
/// # Promises
/// A repeat is harmless.
///
/// # Errors
/// [`Failure`] of the store or the state machine: the message comes again, and at last lies in the dead letter queue.
pub async fn handle(deps: &Deps, job: JobRef) -> Result<(), Failure> {
    runtime::account(job.account_id);
    runtime::job(job.job_id);
    let reconciled = deps
        .reconciler
        .reconcile(job.account_id, job.job_id, deps.ids.as_ref())
        .await?;
    // Normally near zero; a high rate means that the state machine does not end its jobs.
    if matches!(reconciled, Reconciled::Finished | Reconciled::Failed) {
        runtime::metric("jobs_reconciled", Unit::Count, 1, &[]);
    }
    tracing::info!(reconciled = ?reconciled, "the job was compared with its execution");
    Ok(())
}
