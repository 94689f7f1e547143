//! State `FailJob`: releases the hold and marks job and project failed.
//!
//! # Shape
//! `events/fail-job/`.

use std::sync::Arc;

use domain::ports::IdSource;
use domain::{ErrorCode, Failure, JobId};
use ledger::PriceList;
use pipeline::{Books, FailTask, ModelsInUse};
use runtime::{Env, RandomIds, StartError, SystemClock};
use serde::Serialize;

/// Every code that this step can fail with; `statemachines/shortform.asl.json` is checked against it.
pub const ERRORS: &[ErrorCode] = &[
    ErrorCode::NotFound,
    ErrorCode::Conflict,
    ErrorCode::Internal,
    ErrorCode::Unavailable,
];

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Ends jobs.
    pub books: Books,
    /// Ids of history rows.
    pub ids: Arc<dyn IdSource>,
}

impl Deps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable or an unknown vendor.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let models = ModelsInUse::of_vendors(&runtime::vendors(env)?)
            .map_err(|cause| StartError::failed("choosing the vendors", cause))?;
        let store = runtime::store(env).await?;
        Ok(Self {
            books: Books::new(store, PriceList::standard(), Arc::new(SystemClock)).waiting_for(models),
            ids: Arc::new(RandomIds),
        })
    }
}

/// What the execution's history shows.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// The job.
    pub job_id: JobId,
    /// Where it stands now.
    pub status: &'static str,
}

/// Ends the job.
///
/// # Errors
/// [`Failure`] with one of [`ERRORS`].
pub async fn handle(deps: &Deps, task: FailTask) -> Result<Outcome, Failure> {
    let job = deps
        .books
        .fail(&task.task, &task.error, deps.ids.as_ref())
        .await?;
    Ok(Outcome {
        job_id: job.id,
        status: job.state.as_status(),
    })
}
