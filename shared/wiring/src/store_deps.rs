//! Dependencies of a route that only reads and writes rows.

use runtime::{Env, StartError};
use store::Store;

/// Dependencies of a route that only reads and writes rows.
#[derive(Debug)]
pub struct StoreDeps {
    /// The three tables.
    pub store: Store,
}

impl StoreDeps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
        })
    }
}
