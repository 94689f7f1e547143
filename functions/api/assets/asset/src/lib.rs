//! `/v1/assets/{asset_id}`: `GET` shows a file of the caller's own, with a link once it is ready; `DELETE` removes it.

use std::sync::Arc;

use api::{Access, AssetView, Request, Response, admit};
use domain::asset::AssetState;
use domain::ports::{LINK_S, Objects};
use domain::{AssetId, ErrorCode, Failure};
use http::Method;
use runtime::{Env, StartError};
use store::{AssetRef, Store};
use utoipa::OpenApi;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Assets.
    pub store: Store,
    /// Their files.
    pub objects: Arc<dyn Objects>,
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
        })
    }
}

/// What this route says of itself.
#[derive(Debug, OpenApi)]
#[openapi(paths(show_asset, delete_asset))]
pub struct Docs;

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`], `not_found`, or those of the store and the bucket.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => show_asset(deps, &request).await,
        Method::DELETE => delete_asset(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Shows an asset.
#[utoipa::path(get, path = "/v1/assets/{asset_id}", tag = "assets",
    params(("asset_id" = String, Path, description = "Id of the asset.")),
    responses((status = 200, description = "The asset; with a link to its file when it is ready.", body = AssetView)))]
async fn show_asset(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(&deps.store, request, Access::Read).await?;
    let id: AssetId = request.path_id("asset_id")?;
    let asset = deps.store.asset(caller.account_id, id).await?;
    let link = match &asset.state {
        AssetState::Ready { file } => Some(deps.objects.link(&file.key, LINK_S).await?),
        AssetState::Uploading { .. } | AssetState::Checking { .. } | AssetState::Refused { .. } => None,
    };
    let view = AssetView::from(asset);
    Response::ok(&match link {
        Some(url) => view.with_link(url),
        None => view,
    })
}

/// Removes an asset with its file, in any state, and gives its storage back.
#[utoipa::path(delete, path = "/v1/assets/{asset_id}", tag = "assets",
    params(("asset_id" = String, Path, description = "Id of the asset.")),
    responses((status = 204, description = "It is gone.")))]
async fn delete_asset(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(&deps.store, request, Access::Delete).await?;
    let at = AssetRef {
        account_id: caller.account_id,
        asset_id: request.path_id("asset_id")?,
    };
    let deleted = deps.store.delete_asset(at, request.now).await;
    // Also when the row is gone: a call that died in between left the files, and the repeat removes them. Their keys
    // begin with the caller's account, so nobody else's can be meant.
    let gone = match &deleted {
        Ok(_) => true,
        Err(error) => error.code() == ErrorCode::NotFound,
    };
    if gone {
        let (account, id) = (at.account_id, at.asset_id);
        deps.objects.delete(&objects::keys::upload(account, id)).await?;
        deps.objects
            .delete_all(&objects::keys::asset_prefix(account, id))
            .await?;
    }
    deleted?;
    Ok(Response::no_content())
}
