//! Every five minutes: uploads that never came expire, and inspections that died are asked for again.
//!
//! # Shape
//! `events/sweep-uploads/`; what the schedule sends is not read.

use std::sync::Arc;

use domain::Failure;
use runtime::{Env, StartError, SystemClock, Tick};
use uploads::{Swept, UploadSweep};

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Sweeps uploads.
    pub sweep: UploadSweep,
}

impl Deps {
    /// Connects to the store, the bucket and the queue.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            sweep: UploadSweep {
                store: runtime::store(env).await?,
                objects: Arc::new(runtime::objects(env).await?),
                queue: Arc::new(runtime::sqs_queue(env, "UPLOADS_QUEUE_URL").await?),
                clock: Arc::new(SystemClock),
            },
        })
    }
}

/// Sweeps once.
///
/// # Promises
/// Those of [`UploadSweep::run`].
///
/// # Errors
/// The last [`Failure`] of the store, the bucket or the queue, after every asset was tried.
pub async fn handle(deps: &Deps, _tick: Tick) -> Result<Swept, Failure> {
    deps.sweep.run().await
}
