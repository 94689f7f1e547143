//! What a step works with, connected.

use std::sync::Arc;

use ledger::PriceList;
use pipeline::StepDeps;
use runtime::{Env, StartError, SystemClock};

/// Connects the parts of a step to the store and the bucket.
///
/// # Errors
/// [`StartError`] for a missing variable.
pub async fn step_deps(env: &Env) -> Result<StepDeps, StartError> {
    Ok(StepDeps::new(
        runtime::store(env).await?,
        Arc::new(runtime::objects(env).await?),
        objects::keys::media,
        PriceList::standard(),
        Arc::new(SystemClock),
    ))
}
