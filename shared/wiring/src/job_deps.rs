//! Dependencies of a route that starts, cancels or resumes jobs.

use std::sync::Arc;

use api::IdempotencyDeps;
use domain::ports::{Clock, IdSource};
use jobs::{JobEndings, JobService, Quoter};
use runtime::{Env, RandomIds, StartError, SystemClock};
use store::Store;

use crate::{catalogue, default_models};

/// Dependencies of a route that starts, cancels or resumes jobs.
#[derive(Debug)]
pub struct JobDeps {
    /// Members, keys and idempotency claims.
    pub store: Store,
    /// Starts, cancels and resumes jobs.
    pub jobs: JobService,
    /// Ids of jobs and history rows.
    pub ids: Arc<dyn IdSource>,
}

impl JobDeps {
    /// Connects to the store and the state machine.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let store = runtime::store(env).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let endings = JobEndings::new(store.clone(), catalogue(), Arc::clone(&clock));
        let quoter = Quoter::new(
            store.clone(),
            catalogue(),
            Arc::clone(&clock),
            default_models(env)?,
        );
        let executions = Arc::new(runtime::executions(env).await?);
        Ok(Self {
            jobs: JobService::new(store.clone(), quoter, endings, executions, clock),
            store,
            ids: Arc::new(RandomIds),
        })
    }
}

impl IdempotencyDeps for JobDeps {
    fn store(&self) -> &Store {
        &self.store
    }

    fn ids(&self) -> &dyn IdSource {
        self.ids.as_ref()
    }
}
