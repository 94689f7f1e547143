//! `/v1/assets/{asset_id}`: `GET` shows a file of the caller's own, with a link once it is ready; `DELETE` removes it.

use api::{Access, AssetView, Request, Response, authorize, etag};
use domain::asset::AssetState;
use domain::ports::LINK_S;
use domain::{AssetId, ErrorCode, Failure};
use http::Method;
use store::AssetRef;
use utoipa::OpenApi;
pub use wiring::MediaDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(show_asset, delete_asset))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `not_found`, or those of the store and the bucket.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => show_asset(deps, &request).await,
        Method::DELETE => delete_asset(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET, Method::DELETE])),
    }
}

/// Shows an asset.
#[utoipa::path(get, path = "/v1/assets/{asset_id}", tag = "assets",
    params(("asset_id" = String, Path, description = "Id of the asset.")),
    responses((status = 200, description = "The asset; with a link to its file when it is ready.", body = AssetView)))]
async fn show_asset(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Read).await?;
    let id: AssetId = request.path_id("asset_id")?;
    let asset = deps.store.asset(caller.account_id, id).await?;
    let link = match &asset.state {
        AssetState::Ready { file } => Some(deps.objects.link(&file.key, LINK_S).await?),
        AssetState::Uploading { .. } | AssetState::Checking { .. } | AssetState::Refused { .. } => None,
    };
    let tag = etag::of_links(asset.version.into(), request.now);
    let view = AssetView::from(asset);
    let answer = Response::ok(&match link {
        Some(url) => view.with_link(url),
        None => view,
    })?;
    Ok(answer.tagged(&tag))
}

/// Removes an asset with its file, in any state, and gives its storage back.
#[utoipa::path(delete, path = "/v1/assets/{asset_id}", tag = "assets",
    params(("asset_id" = String, Path, description = "Id of the asset.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 412, description = "precondition_failed")))]
async fn delete_asset(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Delete).await?;
    let at = AssetRef {
        account_id: caller.account_id,
        asset_id: request.path_id("asset_id")?,
    };
    if request.headers.contains_key("if-match") {
        let asset = deps.store.asset(at.account_id, at.asset_id).await?;
        request.check_version(asset.version.into())?;
    }
    let deleted = deps.store.delete_asset(at, request.now).await;
    // Also when the row is gone: a call that died in between left the files, and the repeat removes them. Their keys
    // begin with the caller's account, so nobody else's can be meant.
    let gone = match &deleted {
        Ok(_) => true,
        Err(error) => error.code() == ErrorCode::NotFound,
    };
    if gone {
        uploads::delete_files(deps.objects.as_ref(), at).await?;
    }
    deleted?;
    Ok(Response::no_content())
}
