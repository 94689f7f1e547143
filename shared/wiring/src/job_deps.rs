//! Dependencies of a route that starts, cancels or resumes jobs.

use std::sync::Arc;

use api::IdempotencyDeps;
use domain::ports::IdSource;
use ledger::PriceList;
use pipeline::{Books, Desk, Quotes};
use runtime::{Env, RandomIds, StartError, SystemClock};
use store::Store;

/// Dependencies of a route that starts, cancels or resumes jobs.
#[derive(Debug)]
pub struct JobDeps {
    /// Takes jobs on, ends them and begins their next run.
    pub desk: Desk,
    /// Ids of jobs and history rows.
    pub ids: Arc<dyn IdSource>,
}

impl JobDeps {
    /// Connects to the store and the state machine.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let books = Books::new(
            runtime::store(env).await?,
            PriceList::standard(),
            Arc::new(SystemClock),
        );
        let quotes = Quotes::new(books, runtime::vendors(env)?);
        Ok(Self {
            desk: Desk::new(quotes, Arc::new(runtime::executions(env).await?)),
            ids: Arc::new(RandomIds),
        })
    }
}

impl IdempotencyDeps for JobDeps {
    fn store(&self) -> &Store {
        self.desk.store()
    }

    fn ids(&self) -> &dyn IdSource {
        self.ids.as_ref()
    }
}
