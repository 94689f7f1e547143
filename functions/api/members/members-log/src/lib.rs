//! `GET /v1/members/log`: who was invited, joined, was changed, removed or left, and by whom; newest first.
//!
//! # Shape
//! `events/members-log/`.

use api::{Access, PageView, Request, Response, admit};
use domain::Failure;
use domain::member::MemberChange;
use http::Method;
use runtime::{Env, StartError};
use store::Store;
use utoipa::OpenApi;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// The log.
    pub store: Store,
}

impl Deps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
        })
    }
}

/// What this route says of itself.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_member_changes))]
pub struct Docs;

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`], `validation_failed`, `invalid_cursor`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_member_changes(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Lists what happened to the members.
#[utoipa::path(get, path = "/v1/members/log", tag = "members",
    params(
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, newest first.", body = PageView<MemberChange>)))]
async fn list_member_changes(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(&deps.store, request, Access::Person).await?;
    let page = deps
        .store
        .member_changes(caller.account_id, &request.page()?)
        .await?;
    Response::ok(&PageView::<MemberChange>::of(page))
}
