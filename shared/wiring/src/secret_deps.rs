//! Dependencies of a route that makes secrets: keys and invitations.

use std::sync::Arc;

use api::{Entropy, IdempotencyDeps};
use domain::ports::IdSource;
use runtime::{Env, RandomIds, StartError, SystemEntropy};
use store::Store;

/// Dependencies of a route that makes secrets: keys and invitations.
#[derive(Debug)]
pub struct SecretDeps {
    /// The three tables.
    pub store: Store,
    /// Ids of new rows, and seeds of idempotency claims.
    pub ids: Arc<dyn IdSource>,
    /// Random bits of new secrets.
    pub entropy: Arc<dyn Entropy>,
}

impl SecretDeps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            ids: Arc::new(RandomIds),
            entropy: Arc::new(SystemEntropy),
        })
    }
}

impl IdempotencyDeps for SecretDeps {
    fn store(&self) -> &Store {
        &self.store
    }

    fn ids(&self) -> &dyn IdSource {
        self.ids.as_ref()
    }
}
