//! `/v1/assets`: `GET` lists the caller's own files, newest first; `POST` declares one and answers with how to upload it.

mod request;

use std::sync::Arc;

use api::{Access, AssetView, IdempotencyDeps, PageView, Request, Response, authorize, idempotent};
use domain::asset::{AssetKind, AssetStatus};
use domain::ports::{IdSource, Objects};
use domain::{AssetId, Failure};
use http::Method;
use runtime::{Env, RandomIds, StartError};
use store::{AssetFilter, Store};
use utoipa::OpenApi;

use crate::request::{CreateAssetRequest, parse_word};

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Rows of assets.
    pub store: Store,
    /// Where they are uploaded to.
    pub objects: Arc<dyn Objects>,
    /// Ids of new assets.
    pub ids: Arc<dyn IdSource>,
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
#[openapi(paths(list_assets, create_asset))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `validation_failed`, `invalid_cursor`, `quota_exceeded`, or
/// those of the store and the bucket.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_assets(deps, &request).await,
        Method::POST => create_asset(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET, Method::POST])),
    }
}

/// Lists assets.
#[utoipa::path(get, path = "/v1/assets", tag = "assets",
    params(
        ("kind" = Option<AssetKind>, Query, description = "Only assets of this kind."),
        ("status" = Option<AssetStatus>, Query, description = "Only assets that stand so."),
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, newest first, without links.", body = PageView<AssetView>)))]
async fn list_assets(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(
        &deps.store,
        request.with_query(&["kind", "status", "limit", "cursor"]),
        Access::Read,
    )
    .await?;
    let filter = AssetFilter {
        kind: parse_word(request, "kind", "image video audio")?,
        status: parse_word(request, "status", "uploading checking ready refused")?,
    };
    let page = deps
        .store
        .assets(caller.account_id, filter, &request.page()?)
        .await?;
    Response::ok(&PageView::<AssetView>::of(page))
}

/// Declares a file and reserves room for it; then `PUT` it to `upload.url` and complete the asset.
#[utoipa::path(post, path = "/v1/assets", tag = "assets", request_body = CreateAssetRequest,
    responses(
        (status = 201, description = "The asset, and how to upload its file.", body = AssetView),
        (status = 429, description = "quota_exceeded")))]
async fn create_asset(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Create).await?;
    let upload = request.json::<CreateAssetRequest>()?.parse()?;
    idempotent(deps, &caller, request, async |ids| {
        let id = AssetId::new(ids.mint(request.now));
        let asset = upload.into_asset(id, caller.account_id, request.now);
        let declared = uploads::declare(&deps.store, deps.objects.as_ref(), &asset, request.now).await?;
        let view = AssetView::from(declared.asset);
        let view = view.with_upload(declared.link, declared.link_expires_at);
        Response::created(&view, &format!("/v1/assets/{id}"))
    })
    .await
}
