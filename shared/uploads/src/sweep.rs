//! The sweep of uploads: those that never came expire, and inspections that died are asked for again.

use std::sync::Arc;

use domain::asset::{AssetEvent, AssetStatus};
use domain::ports::{Clock, Objects, Queue};
use domain::{ErrorCode, Failure};
use serde::Serialize;
use store::{AssetRef, Store};

/// Most assets of one sweep: what one invocation can handle in its time; the rest is five minutes older next time.
const ASSETS_MAX: u32 = 500;

/// Sweeps uploads.
#[derive(Debug)]
pub struct UploadSweep {
    /// Rows of assets.
    pub store: Store,
    /// The media bucket.
    pub objects: Arc<dyn Objects>,
    /// The queue of `inspect-upload`.
    pub queue: Arc<dyn Queue<AssetRef>>,
    /// Decides what is due.
    pub clock: Arc<dyn Clock>,
}

/// What a sweep did.
#[derive(Debug, Default, Serialize, PartialEq, Eq)]
pub struct Swept {
    /// Uploads that expired.
    pub expired: u32,
    /// Inspections that were asked for again.
    pub asked: u32,
}

impl UploadSweep {
    /// Sweeps every asset that is due.
    ///
    /// # Promises
    /// An inspection may be asked for twice; that is harmless. What a sweep leaves is due again five minutes later.
    ///
    /// # Errors
    /// The last [`Failure`] of the store, the bucket or the queue, after every asset was tried.
    pub async fn run(&self) -> Result<Swept, Failure> {
        let (mut swept, mut failed) = (Swept::default(), None);
        let now = self.clock.now();
        for at in self.store.assets_due(now, ASSETS_MAX).await? {
            match self.sweep(at, &mut swept).await {
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

    async fn sweep(&self, at: AssetRef, swept: &mut Swept) -> Result<(), Failure> {
        let now = self.clock.now();
        let moved = self.store.move_asset(at, &AssetEvent::TimePassed, now).await?;
        if moved.changed {
            // What came too late, or was never completed; what comes later still, the bucket's own rule removes.
            let key = objects::keys::upload(at.account_id, at.asset_id);
            self.objects.delete(&key).await?;
            swept.expired = swept.expired.saturating_add(1);
        }
        if moved.asset.state.status() == AssetStatus::Checking {
            self.queue.send(&at).await?;
            self.store.move_asset(at, &AssetEvent::CheckAsked, now).await?;
            swept.asked = swept.asked.saturating_add(1);
        }
        Ok(())
    }
}
