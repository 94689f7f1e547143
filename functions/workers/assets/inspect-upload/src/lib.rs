//! Looks at an uploaded file, keeps what can be used of it, or refuses it by name.
//!
//! Called by the queue `uploads`. The order is: begin (counted), size, download, hash, prepare, store the prepared
//! file, say so in the table, remove the upload. A repeat after a death between any two finds what is left to do.
//!
//! # Shape
//! `events/inspect-upload/`: a batch of SQS whose bodies are `{"account_id","asset_id"}`.

mod look;

use std::path::Path;
use std::sync::Arc;

use domain::asset::{Asset, AssetEvent, AssetFile, AssetRefusal, AssetState, AssetStatus, TRIES_MAX};
use domain::ports::{Clock, Objects};
use domain::{ErrorCode, Failure};
use engine::Tools;
use runtime::{Env, StartError, SystemClock};
use store::{AssetRef, Store};

pub use look::KEPT_BYTES_MAX;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Assets.
    pub store: Store,
    /// Their files.
    pub objects: Arc<dyn Objects>,
    /// ffmpeg.
    pub tools: Tools,
    /// When a check begins and ends.
    pub clock: Arc<dyn Clock>,
}

impl Deps {
    /// Connects to the store and the bucket.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            objects: Arc::new(runtime::objects(env).await?),
            tools: Tools {
                ffmpeg: env.path("FFMPEG_PATH")?,
                fonts_dir: env.path("FONTS_DIR")?,
            },
            clock: Arc::new(SystemClock),
        })
    }
}

/// Looks at one file.
///
/// # Promises
/// Idempotent: an asset that is ready or refused stays so. A file whose checks die without an answer is refused the
/// [`TRIES_MAX`]-th time that it is begun again.
///
/// # Errors
/// [`Failure`] of the store, the bucket or the machine: the message comes again.
pub async fn handle(deps: &Deps, at: AssetRef) -> Result<(), Failure> {
    runtime::account(at.account_id);
    let outcome = match visit(deps, at).await {
        // Deleted, before or while it was looked at: its owner is not to pay for what is left.
        Err(failure) if failure.code == ErrorCode::NotFound => return clear(deps, at).await,
        other => other?,
    };
    let refusal = match &outcome.state {
        AssetState::Refused { refusal } => {
            clear(deps, at).await?;
            refusal.code.as_str()
        }
        AssetState::Ready { .. } => {
            let upload = objects::keys::upload(at.account_id, at.asset_id);
            deps.objects.delete(&upload).await?;
            ""
        }
        // Nobody has said yet that it is uploaded.
        AssetState::Uploading { .. } | AssetState::Checking { .. } => return Ok(()),
    };
    tracing::info!(
        asset.id = %at.asset_id,
        asset.refusal = refusal,
        "the upload was looked at"
    );
    Ok(())
}

/// The asset as it stands at the end of the visit; not found when it was deleted.
async fn visit(deps: &Deps, at: AssetRef) -> Result<Asset, Failure> {
    let now = deps.clock.now();
    let asset = deps.store.asset(at.account_id, at.asset_id).await?;
    if let AssetState::Checking { tries, .. } = asset.state
        && tries >= TRIES_MAX
    {
        let message = "The file could not be looked at in the time and memory that are given.";
        return refuse(deps, at, AssetRefusal::new(AssetRefusal::TOO_COSTLY, message)).await;
    }
    let begun = deps.store.move_asset(at, &AssetEvent::CheckBegan, now).await?;
    if begun.asset.state.status() != AssetStatus::Checking {
        return Ok(begun.asset);
    }
    match check(deps, at, &begun.asset).await {
        Err(failure) if failure.code != ErrorCode::NotFound => {
            // It did not die: this try says nothing of the file.
            let failed = AssetEvent::CheckFailed;
            deps.store.move_asset(at, &failed, deps.clock.now()).await?;
            Err(failure)
        }
        ended => ended,
    }
}

async fn check(deps: &Deps, at: AssetRef, asset: &Asset) -> Result<Asset, Failure> {
    let folder = tempfile::tempdir().map_err(|cause| Failure::new(ErrorCode::Unavailable).because(cause))?;
    let upload = folder.path().join("upload");
    if let Err(refusal) = fetch(deps, asset, &upload).await? {
        return refuse(deps, at, refusal).await;
    }
    let (tools, asset, kept) = (deps.tools.clone(), asset.clone(), folder.path().join("kept"));
    let look = {
        let kept = kept.clone();
        tokio::task::spawn_blocking(move || look::look(&tools, &asset, &upload, &kept))
    };
    let looked = look
        .await
        .map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))??;
    match looked {
        Ok(file) => keep(deps, at, file, &kept).await,
        Err(refusal) => refuse(deps, at, refusal).await,
    }
}

/// Downloads what was uploaded, when it has the size that was declared.
async fn fetch(deps: &Deps, asset: &Asset, path: &Path) -> Result<Result<(), AssetRefusal>, Failure> {
    let key = objects::keys::upload(asset.account_id, asset.id);
    let differs = |message: &str| Ok(Err(AssetRefusal::new(AssetRefusal::SIZE_DIFFERS, message)));
    let declared = asset.declared.size_bytes;
    match deps.objects.size(&key).await? {
        None => differs("There is no file any more."),
        Some(size) if size != declared => {
            differs(&format!("The file has {size} bytes, {declared} were declared."))
        }
        Some(_) => Ok(Ok(deps.objects.get_file(&key, path).await.map_err(gone)?)),
    }
}

/// An upload that vanishes under its check is no deleted asset.
fn gone(error: domain::ports::PortError) -> Failure {
    match error.code {
        ErrorCode::NotFound => Failure::new(ErrorCode::Unavailable).because(error),
        _ => error.into(),
    }
}

async fn keep(deps: &Deps, at: AssetRef, file: AssetFile, path: &Path) -> Result<Asset, Failure> {
    let key = file.key.clone();
    deps.objects.put_file(&key, &file.content_type, path).await?;
    let kept = AssetEvent::Kept(file);
    let moved = match deps.store.move_asset(at, &kept, deps.clock.now()).await {
        Err(store::StoreError::QuotaExceeded(_)) => {
            let message = "What would be kept of the file does not fit into the storage of the plan.";
            let full = AssetRefusal::new(AssetRefusal::STORAGE_FULL, message);
            return refuse(deps, at, full).await;
        }
        other => other?,
    };
    let own = matches!(&moved.asset.state, AssetState::Ready { file } if file.key == key);
    if !own {
        // Another visit of the same message was faster, and kept other bytes or none.
        deps.objects.delete(&key).await?;
    }
    Ok(moved.asset)
}

async fn refuse(deps: &Deps, at: AssetRef, refusal: AssetRefusal) -> Result<Asset, Failure> {
    let refused = AssetEvent::Refused(refusal);
    Ok(deps.store.move_asset(at, &refused, deps.clock.now()).await?.asset)
}

/// Removes every file of an asset that is not there, or not taken.
async fn clear(deps: &Deps, at: AssetRef) -> Result<(), Failure> {
    let (account, id) = (at.account_id, at.asset_id);
    deps.objects.delete(&objects::keys::upload(account, id)).await?;
    let prefix = objects::keys::asset_prefix(account, id);
    Ok(deps.objects.delete_all(&prefix).await?)
}
