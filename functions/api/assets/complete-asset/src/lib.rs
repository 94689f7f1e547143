//! `POST /v1/assets/{asset_id}/complete`: the file is uploaded; it goes to its check.
//!
//! # Shape
//! `events/complete-asset/`.

use std::sync::Arc;

use api::{Access, AssetView, Request, Response, admit, once};
use domain::asset::{AssetEvent, AssetStatus};
use domain::ports::{IdSource, MessageQueue, Objects};
use domain::{ErrorCode, Failure, Timestamp};
use http::Method;
use runtime::{Env, RandomIds, StartError};
use store::{AssetRef, Store};
use utoipa::OpenApi;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Assets.
    pub store: Store,
    /// Where they are uploaded to.
    pub objects: Arc<dyn Objects>,
    /// The queue of `inspect-upload`.
    pub queue: Arc<dyn MessageQueue>,
    /// Ids of claims.
    pub ids: Arc<dyn IdSource>,
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
            ids: Arc::new(RandomIds),
        })
    }
}

/// What this route says of itself.
#[derive(Debug, OpenApi)]
#[openapi(paths(complete_asset))]
pub struct Docs;

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`] and [`once()`], `not_found`, `upload_missing`, or those of the store, the
/// bucket and the queue.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => complete_asset(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Says that the file is uploaded; a repeat is answered with how the asset stands now.
#[utoipa::path(post, path = "/v1/assets/{asset_id}/complete", tag = "assets",
    params(("asset_id" = String, Path, description = "Id of the asset.")),
    responses(
        (status = 202, description = "Its file is looked at, or was: `status` says how it stands.", body = AssetView),
        (status = 409, description = "upload_missing")))]
async fn complete_asset(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(&deps.store, request, Access::Create).await?;
    let at = AssetRef {
        account_id: caller.account_id,
        asset_id: request.path_id("asset_id")?,
    };
    request.no_fields()?;
    is_uploaded(deps, at, request.now).await?;
    let (store, ids) = (&deps.store, deps.ids.as_ref());
    once(store, request, at.account_id, ids, move |_ids| {
        Box::pin(complete(deps, at, request.now))
    })
    .await
}

/// Before the claim of an `Idempotency-Key`: a refusal that an upload cures must not be kept.
async fn is_uploaded(deps: &Deps, at: AssetRef, now: Timestamp) -> Result<(), Failure> {
    // An upload whose time is over is given up first, whenever the sweep comes.
    let moved = deps.store.move_asset(at, &AssetEvent::TimePassed, now).await?;
    if moved.asset.state.status() == AssetStatus::Uploading {
        let key = objects::keys::upload(at.account_id, at.asset_id);
        let size = deps.objects.size(&key).await?;
        size.ok_or_else(|| Failure::new(ErrorCode::UploadMissing))?;
    }
    Ok(())
}

async fn complete(deps: &Deps, at: AssetRef, now: Timestamp) -> Result<Response, Failure> {
    let asset = deps.store.move_asset(at, &AssetEvent::Uploaded, now).await?.asset;
    if asset.state.status() == AssetStatus::Checking {
        // If the function dies here, the sweep asks for the check; twice is harmless.
        let message =
            serde_json::to_string(&at).map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))?;
        deps.queue.send(&message).await?;
    }
    Response::accepted(&AssetView::from(asset))
}
