//! `GET /v1/credit/balance`: what can be used now, what is held for open jobs, what was used, what is owed, and what
//! expires soon.
//!
//! # Shape
//! `events/credit-balance/`; the answer is in `view`.

mod view;

use api::{Access, Request, Response, authorize};
use domain::{ErrorCode, Failure};
use http::Method;
use utoipa::OpenApi;

use crate::view::BalanceView;
pub use wiring::StoreDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(show_balance))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => show_balance(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Reads the balance.
#[utoipa::path(get, path = "/v1/credit/balance", tag = "credits",
    responses((status = 200, description = "The account's credits now.", body = BalanceView)))]
async fn show_balance(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Read).await?;
    let wallet = deps.store.wallet(caller.account_id).await?;
    let view = BalanceView::of(&wallet, request.now)
        .map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))?;
    Response::ok(&view)
}
