//! Use cases of uploads: a file of the customer's own is declared, uploaded, inspected, and stored or refused.
//!
//! | who | calls | with |
//! |---|---|---|
//! | `assets` | [`NewUpload::parse`], [`declare()`] | store, bucket |
//! | `complete-asset` | [`require_upload`], [`complete()`] | store, bucket, queue |
//! | `inspect-upload` | [`UploadInspection`] | store, bucket, [`MediaInspector`] |
//! | `sweep-uploads` | [`UploadSweep`] | store, bucket, queue |
//! | `asset` | [`delete_files`] | bucket |
//!
//! What becomes of an asset is the state machine of `domain::asset`; the order of the writes around it stands here.
//! Only the worker that inspects implements [`MediaInspector`], so only it reaches the video engine.

mod complete;
mod declare;
mod inspect;
mod inspector;
mod sweep;

use domain::Failure;
use domain::ports::Objects;
use store::AssetRef;

pub use complete::{complete, require_upload};
pub use declare::{DeclaredUpload, NewUpload, UPLOAD_LINK_S, declare};
pub use inspect::UploadInspection;
pub use inspector::{MediaFacts, MediaInspector, STORED_BYTES_MAX};
pub use sweep::{Swept, UploadSweep};

/// Deletes every file of an asset: its upload and what was stored of it; harmless when there is none.
///
/// # Errors
/// [`Failure`] of the bucket.
pub async fn delete_files(objects: &dyn Objects, at: AssetRef) -> Result<(), Failure> {
    let (account, id) = (at.account_id, at.asset_id);
    objects.delete(&objects::keys::upload(account, id)).await?;
    let prefix = objects::keys::asset_prefix(account, id);
    Ok(objects.delete_all(&prefix).await?)
}
