//! Dependencies of a route that makes rows, or answers each `Idempotency-Key` once.

use std::sync::Arc;

use api::IdempotencyDeps;
use domain::ports::IdSource;
use runtime::{Env, RandomIds, StartError};
use store::Store;

/// Dependencies of a route that makes rows, or answers each `Idempotency-Key` once.
#[derive(Debug)]
pub struct CreateDeps {
    /// The three tables.
    pub store: Store,
    /// Ids of new rows, and seeds of idempotency claims.
    pub ids: Arc<dyn IdSource>,
}

impl CreateDeps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            ids: Arc::new(RandomIds),
        })
    }
}

impl IdempotencyDeps for CreateDeps {
    fn store(&self) -> &Store {
        &self.store
    }

    fn ids(&self) -> &dyn IdSource {
        self.ids.as_ref()
    }
}
