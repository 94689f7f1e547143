//! The place where a step works, connected.

use std::sync::Arc;

use pipeline::Bench;
use runtime::{Env, StartError, SystemClock};

/// Connects a bench to the store and the bucket.
///
/// # Errors
/// [`StartError`] for a missing variable.
pub async fn bench(env: &Env) -> Result<Bench, StartError> {
    Ok(Bench::new(
        runtime::store(env).await?,
        Arc::new(runtime::objects(env).await?),
        objects::keys::media,
        Arc::new(SystemClock),
    ))
}
