//! `/v1/assets`: `GET` lists the caller's own files, newest first; `POST` declares one and answers with how to upload it.

mod request;

use std::sync::Arc;

use api::{Access, AssetView, PageView, Request, Response, admit, once};
use domain::asset::{AssetKind, AssetStatus, UPLOAD_S};
use domain::ports::{IdSource, Objects, UploadTerms};
use domain::{AssetId, Failure};
use http::Method;
use runtime::{Env, RandomIds, StartError};
use store::{AssetFilter, Store};
use utoipa::OpenApi;

use crate::request::{CreateAssetRequest, ParsedAsset, parse_word};

/// Seconds in which an upload may begin: a person picks the file first and asks for the link then.
const LINK_S: u32 = 900;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Assets.
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

/// What this route says of itself.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_assets, create_asset))]
pub struct Docs;

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`] and [`once()`], `validation_failed`, `invalid_cursor`, `quota_exceeded`, or
/// those of the store and the bucket.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_assets(deps, &request).await,
        Method::POST => create_asset(deps, &request).await,
        _ => Err(request.method_not_allowed()),
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
    let caller = admit(&deps.store, request, Access::Read).await?;
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
    let caller = admit(&deps.store, request, Access::Create).await?;
    let parsed = ParsedAsset::parse(request.json()?)?;
    once(
        &deps.store,
        request,
        caller.account_id,
        deps.ids.as_ref(),
        |ids| {
            Box::pin(async move {
                let id = AssetId::new(ids.mint(request.now));
                let asset = parsed.asset(id, caller.account_id, request.now.plus_s(UPLOAD_S), request.now);
                let asset = deps.store.create_asset(&asset, request.now).await?;
                let terms = UploadTerms {
                    content_type: &asset.declared.content_type,
                    size_bytes: asset.declared.size_bytes,
                    seconds: LINK_S,
                };
                let key = objects::keys::upload(asset.account_id, asset.id);
                let link = deps.objects.upload_link(&key, terms).await?;
                let view = AssetView::from(asset);
                Response::created(&view.with_upload(link, request.now.plus_s(LINK_S.into())))
            })
        },
    )
    .await
}
