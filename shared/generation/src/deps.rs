//! What a route that takes on, ends or resumes jobs works with.

use std::sync::Arc;

use domain::ports::IdSource;
use ledger::PriceList;
use pipeline::{Books, Desk, Quotes};
use runtime::{Env, RandomIds, StartError, SystemClock};

/// What such a route works with.
#[derive(Debug)]
pub struct Deps {
    /// Takes jobs on, ends them and begins their next run.
    pub desk: Desk,
    /// Ids of jobs and history rows.
    pub ids: Arc<dyn IdSource>,
}

impl Deps {
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
