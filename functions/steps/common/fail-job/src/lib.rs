//! State `FailJob`: releases the hold and marks job and project failed.
//!
//! # Shape
//! `events/fail-job/`.

use std::sync::Arc;

use domain::ports::IdSource;
use domain::{ErrorCode, Failure, JobId};
use jobs::{FailTask, JobEndings};
use runtime::{Env, RandomIds, StartError, SystemClock};
use serde::Serialize;

/// Every code that this step can fail with; `statemachines/shortform.asl.json` is checked against it.
pub const ERRORS: &[ErrorCode] = &[
    ErrorCode::NotFound,
    ErrorCode::Conflict,
    ErrorCode::Internal,
    ErrorCode::Unavailable,
];

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Ends jobs.
    pub endings: JobEndings,
    /// Ids of history rows.
    pub ids: Arc<dyn IdSource>,
}

impl Deps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let store = runtime::store(env).await?;
        Ok(Self {
            endings: JobEndings::new(store, wiring::catalogue(), Arc::new(SystemClock)),
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
        .endings
        .fail(&task.task, &task.error, deps.ids.as_ref())
        .await?;
    Ok(Outcome {
        job_id: job.id,
        status: job.state.as_status(),
    })
}
