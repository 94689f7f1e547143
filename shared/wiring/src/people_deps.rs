//! Dependencies of a public route in front of the user pool.

use std::sync::Arc;

use domain::ports::People;
use runtime::{Env, StartError};
use store::Store;

/// Dependencies of a public route in front of the user pool.
#[derive(Debug)]
pub struct PeopleDeps {
    /// Rate windows, and accounts.
    pub store: Store,
    /// The user pool.
    pub people: Arc<dyn People>,
}

impl PeopleDeps {
    /// Connects to the store and the user pool.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            people: Arc::new(runtime::people(env).await?),
        })
    }
}
