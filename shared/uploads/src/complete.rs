//! Completing an upload: the file is there, and its inspection is asked for.

use domain::asset::{Asset, AssetEvent, AssetStatus};
use domain::ports::{Objects, Queue};
use domain::{ErrorCode, Failure, Timestamp};
use store::{AssetRef, Store};

/// Refuses to complete an asset whose file is not in the bucket.
///
/// Called before an idempotency key is claimed: a refusal that an upload cures must not be stored.
///
/// # Errors
/// `not_found`, `upload_missing`, or those of the store and the bucket.
pub async fn require_upload(
    store: &Store,
    objects: &dyn Objects,
    at: AssetRef,
    now: Timestamp,
) -> Result<(), Failure> {
    // An upload whose time is over expires first, whenever the sweep comes.
    let moved = store.move_asset(at, &AssetEvent::TimePassed, now).await?;
    if moved.asset.state.status() == AssetStatus::Uploading {
        let key = objects::keys::upload(at.account_id, at.asset_id);
        let size = objects.size(&key).await?;
        size.ok_or_else(|| Failure::new(ErrorCode::UploadMissing))?;
    }
    Ok(())
}

/// Moves an asset to its inspection; a repeat answers with how the asset stands now.
///
/// # Errors
/// `not_found`, or those of the store and the queue.
pub async fn complete(
    store: &Store,
    queue: &dyn Queue<AssetRef>,
    at: AssetRef,
    now: Timestamp,
) -> Result<Asset, Failure> {
    let asset = store.move_asset(at, &AssetEvent::Uploaded, now).await?.asset;
    if asset.state.status() == AssetStatus::Checking {
        // If the function dies here, the sweep asks for the inspection; twice is harmless.
        queue.send(&at).await?;
    }
    Ok(asset)
}
