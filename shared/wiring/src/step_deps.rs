//! What a step works with, connected.

use std::sync::Arc;

use jobs::StepDeps;
use runtime::{Env, StartError, SystemClock};

use crate::catalogue;

/// Connects the parts of a step to the store and the bucket.
///
/// # Errors
/// [`StartError`] for a missing variable.
pub async fn step_deps(env: &Env) -> Result<StepDeps, StartError> {
    Ok(StepDeps::new(
        runtime::store(env).await?,
        Arc::new(runtime::objects(env).await?),
        objects::keys::media,
        catalogue(),
        Arc::new(SystemClock),
    ))
}
