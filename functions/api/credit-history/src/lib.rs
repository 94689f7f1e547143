//! `GET /v1/credit/history`: every change of the balance with the balance after it, newest first.

use api::{Access, PageView, Request, Response, admit};
use domain::Failure;
use http::Method;
use ledger::Transaction;
use runtime::{Env, StartError};
use store::Store;
use utoipa::OpenApi;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// History rows.
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
#[openapi(paths(list_history))]
pub struct Docs;

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`], `validation_failed`, `invalid_cursor`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_history(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Lists the history.
#[utoipa::path(get, path = "/v1/credit/history", tag = "credits",
    params(
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, newest first.", body = PageView<Transaction>)))]
async fn list_history(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(&deps.store, request, Access::Read).await?;
    let page = deps.store.history(caller.account_id, &request.page()?).await?;
    Response::ok(&PageView::<Transaction>::of(page))
}
