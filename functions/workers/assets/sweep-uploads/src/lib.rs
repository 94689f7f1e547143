//! Every five minutes: gives up uploads that never came, and asks again for checks that died.
//!
//! # Shape
//! `events/sweep-uploads/`; what the schedule sends is not read.

use std::sync::Arc;

use domain::asset::{AssetEvent, AssetStatus};
use domain::ports::{Clock, MessageQueue, Objects};
use domain::{ErrorCode, Failure};
use runtime::{Env, StartError, SystemClock, Tick};
use serde::Serialize;
use store::{AssetRef, Store};

/// Most assets of one sweep: what one invocation can look at in its time; the rest is five minutes older next time.
const ASSETS_MAX: u32 = 500;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Assets.
    pub store: Store,
    /// What was uploaded of them.
    pub objects: Arc<dyn Objects>,
    /// The queue of `inspect-upload`.
    pub queue: Arc<dyn MessageQueue>,
    /// Decides what is due.
    pub clock: Arc<dyn Clock>,
}

impl Deps {
    /// Connects to the store, the bucket and the queue.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            objects: Arc::new(runtime::objects(env).await?),
            queue: Arc::new(runtime::text_queue(env, "UPLOADS_QUEUE_URL").await?),
            clock: Arc::new(SystemClock),
        })
    }
}

/// What a sweep did.
#[derive(Debug, Default, Serialize, PartialEq, Eq)]
pub struct Swept {
    /// Uploads that were given up.
    pub expired: u32,
    /// Checks that were asked for again.
    pub asked: u32,
}

/// Sweeps once.
///
/// # Promises
/// A check may be asked for twice; that is harmless. What a sweep leaves is due again five minutes later.
///
/// # Errors
/// The last [`Failure`] of the store, the bucket or the queue, after every asset was tried.
pub async fn handle(deps: &Deps, _tick: Tick) -> Result<Swept, Failure> {
    let (mut swept, mut failed) = (Swept::default(), None);
    let now = deps.clock.now();
    for at in deps.store.assets_due(now, ASSETS_MAX).await? {
        match sweep(deps, at, &mut swept).await {
            Ok(()) => {}
            // Deleted since it was found.
            Err(failure) if failure.code == ErrorCode::NotFound => {}
            // One that cannot be swept must not keep the others from it.
            Err(failure) => failed = Some(failure),
        }
    }
    if swept != Swept::default() {
        tracing::info!(expired = swept.expired, asked = swept.asked, "uploads were swept");
    }
    failed.map_or(Ok(swept), Err)
}

async fn sweep(deps: &Deps, at: AssetRef, swept: &mut Swept) -> Result<(), Failure> {
    let now = deps.clock.now();
    let moved = deps.store.move_asset(at, &AssetEvent::TimePassed, now).await?;
    if moved.changed {
        // What came too late, or was never completed; what comes later still, the bucket's own rule removes.
        let key = objects::keys::upload(at.account_id, at.asset_id);
        deps.objects.delete(&key).await?;
        swept.expired = swept.expired.saturating_add(1);
    }
    if moved.asset.state.status() == AssetStatus::Checking {
        let message =
            serde_json::to_string(&at).map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))?;
        deps.queue.send(&message).await?;
        deps.store.move_asset(at, &AssetEvent::CheckAsked, now).await?;
        swept.asked = swept.asked.saturating_add(1);
    }
    Ok(())
}
