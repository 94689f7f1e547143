//! `GET /v1/members/log`: who was invited, joined, was changed, removed or left, which keys were made, changed or
//! withdrawn, and by whom; newest first.
//!
//! # Shape
//! `events/members-log/`.

use api::{Access, PageView, Request, Response, authorize};
use domain::Failure;
use domain::access_log::AccessChange;
use http::Method;
use utoipa::OpenApi;
pub use wiring::StoreDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_access_changes))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, `invalid_cursor`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_access_changes(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Lists what happened to the members and to the keys.
#[utoipa::path(get, path = "/v1/members/log", tag = "members",
    params(
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, newest first.", body = PageView<AccessChange>)))]
async fn list_access_changes(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(
        &deps.store,
        request.with_query(&["limit", "cursor"]),
        Access::Person,
    )
    .await?;
    let page = deps
        .store
        .access_changes(caller.account_id, &request.page()?)
        .await?;
    Response::ok(&PageView::<AccessChange>::of(page))
}
