//! Compares one job with its execution, and ends or restarts whatever died in between.
//!
//! # Shape
//! `events/reconcile-job/`: a batch of SQS whose bodies are `{"account_id","job_id"}`.

use std::sync::Arc;

use domain::Failure;
use domain::ports::IdSource;
use ledger::PriceList;
use pipeline::{Books, ModelsInUse, Reconciler, Visit};
use runtime::{Env, RandomIds, StartError, SystemClock, Unit};
use store::JobRef;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Visits jobs.
    pub reconciler: Reconciler,
    /// Ids of history rows.
    pub ids: Arc<dyn IdSource>,
}

impl Deps {
    /// Connects to the store and the state machine.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable or an unknown vendor.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let models = ModelsInUse::of_vendors(&runtime::vendors(env)?)
            .map_err(|cause| StartError::failed("choosing the vendors", cause))?;
        let store = runtime::store(env).await?;
        let books = Books::new(store, PriceList::standard(), Arc::new(SystemClock)).waiting_for(models);
        Ok(Self {
            reconciler: Reconciler::new(books, Arc::new(runtime::executions(env).await?)),
            ids: Arc::new(RandomIds),
        })
    }
}

/// Visits one job.
///
/// # Promises
/// A repeat is harmless.
///
/// # Errors
/// [`Failure`] of the store or the state machine: the message comes again, and at last lies in the dead letter queue.
pub async fn handle(deps: &Deps, job: JobRef) -> Result<(), Failure> {
    runtime::account(job.account_id);
    runtime::job(job.job_id);
    let visit = deps
        .reconciler
        .visit(job.account_id, job.job_id, deps.ids.as_ref())
        .await?;
    // Nobody else ended it: seldom more than none, or something else is ill.
    if matches!(visit, Visit::Finished | Visit::Failed) {
        runtime::metric("jobs_reconciled", Unit::Count, 1, &[]);
    }
    tracing::info!(visit = ?visit, "the job was visited");
    Ok(())
}
