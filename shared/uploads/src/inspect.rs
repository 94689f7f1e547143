//! The inspection of an upload: the usable part of the file is stored, or the file is refused by name.
//!
//! The order is: begin (counted), size, download, hash, prepare, store the prepared file, say so in the table, delete
//! the upload. A repeat after a death between any two finds what is left to do.

use std::path::Path;
use std::sync::Arc;

use domain::asset::{Asset, AssetEvent, AssetFile, AssetRefusal, AssetState, AssetStatus, TRIES_MAX};
use domain::ports::{Clock, Objects, PortError};
use domain::{ErrorCode, Failure};
use store::{AssetRef, Store, StoreError};

use crate::delete_files;
use crate::inspector::{MediaFacts, MediaInspector, STORED_BYTES_MAX};

mod hash;

use hash::hash_file;

/// Inspects uploads.
#[derive(Debug)]
pub struct UploadInspection {
    /// Rows of assets.
    pub store: Store,
    /// The media bucket.
    pub objects: Arc<dyn Objects>,
    /// The media engine.
    pub inspector: Arc<dyn MediaInspector>,
    /// When an inspection begins and ends.
    pub clock: Arc<dyn Clock>,
}

impl UploadInspection {
    /// Inspects the upload of one asset.
    ///
    /// # Promises
    /// Idempotent: an asset that is ready or refused stays so. A file whose inspections die without an answer is
    /// refused the [`TRIES_MAX`]-th time that one is begun again.
    ///
    /// # Errors
    /// [`Failure`] of the store, the bucket or the machine: the message comes again.
    pub async fn run(&self, at: AssetRef) -> Result<(), Failure> {
        let outcome = match self.inspect(at).await {
            // Deleted, before or during its inspection: its owner is not to pay for what is left.
            Err(failure) if failure.code == ErrorCode::NotFound => {
                return delete_files(self.objects.as_ref(), at).await;
            }
            other => other?,
        };
        let refusal = match &outcome.state {
            AssetState::Refused { refusal } => {
                delete_files(self.objects.as_ref(), at).await?;
                refusal.code.as_str()
            }
            AssetState::Ready { .. } => {
                let upload = objects::keys::upload(at.account_id, at.asset_id);
                self.objects.delete(&upload).await?;
                ""
            }
            // Nobody has said yet that it is uploaded.
            AssetState::Uploading { .. } | AssetState::Checking { .. } => return Ok(()),
        };
        tracing::info!(
            asset.id = %at.asset_id,
            asset.refusal = refusal,
            "the upload was inspected"
        );
        Ok(())
    }

    /// The asset as it stands at the end of the inspection; not found when it was deleted.
    async fn inspect(&self, at: AssetRef) -> Result<Asset, Failure> {
        let now = self.clock.now();
        let asset = self.store.asset(at.account_id, at.asset_id).await?;
        if let AssetState::Checking { tries, .. } = asset.state
            && tries >= TRIES_MAX
        {
            let message = "The file could not be looked at in the time and memory that are given.";
            return self
                .refuse(at, AssetRefusal::new(AssetRefusal::TOO_COSTLY, message))
                .await;
        }
        let begun = self.store.move_asset(at, &AssetEvent::CheckBegan, now).await?;
        if begun.asset.state.status() != AssetStatus::Checking {
            return Ok(begun.asset);
        }
        match self.check(at, &begun.asset).await {
            Err(failure) if failure.code != ErrorCode::NotFound => {
                // It did not die: this try says nothing of the file.
                let failed = AssetEvent::CheckFailed;
                self.store.move_asset(at, &failed, self.clock.now()).await?;
                Err(failure)
            }
            ended => ended,
        }
    }

    async fn check(&self, at: AssetRef, asset: &Asset) -> Result<Asset, Failure> {
        let folder =
            tempfile::tempdir().map_err(|cause| Failure::new(ErrorCode::Unavailable).because(cause))?;
        let (upload, prepared) = (folder.path().join("upload"), folder.path().join("prepared"));
        if let Err(refusal) = self.download(asset, &upload).await? {
            return self.refuse(at, refusal).await;
        }
        let work = {
            let (inspector, asset, prepared) = (Arc::clone(&self.inspector), asset.clone(), prepared.clone());
            tokio::task::spawn_blocking(move || inspect_file(inspector.as_ref(), &asset, &upload, &prepared))
        };
        let inspected = work
            .await
            .map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))??;
        match inspected {
            Ok(file) => self.store_file(at, file, &prepared).await,
            Err(refusal) => self.refuse(at, refusal).await,
        }
    }

    /// Downloads the upload, when it has the size that was declared.
    async fn download(&self, asset: &Asset, path: &Path) -> Result<Result<(), AssetRefusal>, Failure> {
        let key = objects::keys::upload(asset.account_id, asset.id);
        let differs = |message: &str| Ok(Err(AssetRefusal::new(AssetRefusal::SIZE_DIFFERS, message)));
        let declared = asset.declared.size_bytes;
        match self.objects.size(&key).await? {
            None => differs("There is no file any more."),
            Some(size) if size != declared => {
                differs(&format!("The file has {size} bytes, {declared} were declared."))
            }
            Some(_) => Ok(Ok(self.objects.get_file(&key, path).await.map_err(vanished)?)),
        }
    }

    async fn store_file(&self, at: AssetRef, file: AssetFile, path: &Path) -> Result<Asset, Failure> {
        let key = file.key.clone();
        self.objects.put_file(&key, &file.content_type, path).await?;
        let stored = AssetEvent::Kept(file);
        let moved = match self.store.move_asset(at, &stored, self.clock.now()).await {
            Err(StoreError::QuotaExceeded(_)) => {
                let message = "What would be kept of the file does not fit into the storage of the plan.";
                let full = AssetRefusal::new(AssetRefusal::STORAGE_FULL, message);
                return self.refuse(at, full).await;
            }
            other => other?,
        };
        let own = matches!(&moved.asset.state, AssetState::Ready { file } if file.key == key);
        if !own {
            // Another inspection of the same message was faster, and stored other bytes or none.
            self.objects.delete(&key).await?;
        }
        Ok(moved.asset)
    }

    async fn refuse(&self, at: AssetRef, refusal: AssetRefusal) -> Result<Asset, Failure> {
        let refused = AssetEvent::Refused(refusal);
        Ok(self.store.move_asset(at, &refused, self.clock.now()).await?.asset)
    }
}

/// From the uploaded file to the file that is stored, or the reason why not; blocking.
fn inspect_file(
    inspector: &dyn MediaInspector,
    asset: &Asset,
    upload: &Path,
    prepared: &Path,
) -> Result<Result<AssetFile, AssetRefusal>, Failure> {
    if let Some(declared) = &asset.declared.sha256
        && *declared != hash_file(upload)?
    {
        let message = "The file is not the one whose hash was declared.";
        return Ok(Err(AssetRefusal::new(AssetRefusal::HASH_DIFFERS, message)));
    }
    let facts: MediaFacts = match inspector.inspect(asset.kind, upload, prepared)? {
        Ok(facts) => facts,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if facts.size_bytes > STORED_BYTES_MAX {
        let message = "The file grows too large in the form that is kept.";
        return Ok(Err(AssetRefusal::new(AssetRefusal::TOO_COSTLY, message)));
    }
    let sha256 = hash_file(prepared)?;
    Ok(Ok(AssetFile {
        key: objects::keys::asset(asset.account_id, asset.id, asset.kind, &sha256),
        content_type: facts.content_type.to_owned(),
        size_bytes: facts.size_bytes,
        sha256,
        width: facts.width,
        height: facts.height,
        duration_ms: facts.duration_ms,
        has_sound: facts.has_sound,
    }))
}

/// An upload that vanishes during its inspection is no deleted asset.
fn vanished(error: PortError) -> Failure {
    match error.code {
        ErrorCode::NotFound => Failure::new(ErrorCode::Unavailable).because(error),
        _ => error.into(),
    }
}
