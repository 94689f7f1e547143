//! Dependencies of a route that links to files in the media bucket, copies or removes them.

use std::sync::Arc;

use domain::ports::Objects;
use runtime::{Env, StartError};
use store::Store;

/// Dependencies of a route that links to files in the media bucket, copies or removes them.
#[derive(Debug)]
pub struct MediaDeps {
    /// The three tables.
    pub store: Store,
    /// The media bucket.
    pub objects: Arc<dyn Objects>,
}

impl MediaDeps {
    /// Connects to the store and the media bucket.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            objects: Arc::new(runtime::objects(env).await?),
        })
    }
}
