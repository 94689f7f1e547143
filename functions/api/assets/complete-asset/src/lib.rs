//! `POST /v1/assets/{asset_id}/complete`: the file is uploaded; it goes to its check.
//!
//! # Shape
//! `events/complete-asset/`.

use std::sync::Arc;

use api::{Access, AssetView, IdempotencyDeps, Request, Response, authorize, idempotent};
use domain::Failure;
use domain::ports::{IdSource, Objects, Queue};
use http::Method;
use runtime::{Env, RandomIds, StartError};
use store::{AssetRef, Store};
use utoipa::OpenApi;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Rows of assets.
    pub store: Store,
    /// Where they are uploaded to.
    pub objects: Arc<dyn Objects>,
    /// The queue of `inspect-upload`.
    pub queue: Arc<dyn Queue<AssetRef>>,
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
            queue: Arc::new(runtime::sqs_queue(env, "UPLOADS_QUEUE_URL").await?),
            ids: Arc::new(RandomIds),
        })
    }
}

impl IdempotencyDeps for Deps {
    fn store(&self) -> &Store {
        &self.store
    }

    fn ids(&self) -> &dyn IdSource {
        self.ids.as_ref()
    }
}

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(complete_asset))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `not_found`, `upload_missing`, or those of the store, the
/// bucket and the queue.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => complete_asset(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Says that the file is uploaded; a repeat is answered with how the asset stands now.
#[utoipa::path(post, path = "/v1/assets/{asset_id}/complete", tag = "assets",
    params(("asset_id" = String, Path, description = "Id of the asset.")),
    responses(
        (status = 202, description = "Its file is looked at, or was: `status` says how it stands.", body = AssetView),
        (status = 409, description = "upload_missing")))]
async fn complete_asset(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Create).await?;
    let at = AssetRef {
        account_id: caller.account_id,
        asset_id: request.path_id("asset_id")?,
    };
    request.no_fields()?;
    let (store, objects) = (&deps.store, deps.objects.as_ref());
    // Before the claim of an `Idempotency-Key`: a refusal that an upload cures must not be stored.
    uploads::require_upload(store, objects, at, request.now).await?;
    idempotent(deps, &caller, request, async |_ids| {
        let asset = uploads::complete(store, deps.queue.as_ref(), at, request.now).await?;
        let path = format!("/v1/assets/{}", asset.id);
        Ok(Response::accepted(&AssetView::from(asset))?.found_at(&path))
    })
    .await
}
