//! `POST /v1/auth/refresh`: a refresh token for the next access token.

use api::sign_in::{SessionView, check_refresh_token};
use api::{Request, Response, limit_public};
use domain::Failure;
use http::Method;
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};
pub use wiring::PeopleDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(refresh))]
pub struct Docs;

/// The refresh token of an earlier log-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefreshRequest {
    /// `refresh_token` of the log-in.
    #[schema(min_length = 1, max_length = 8192)]
    refresh_token: String,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `validation_failed`, `unauthenticated`, `rate_limited`, or the pool's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => refresh(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Continues a session.
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "auth", security(()), request_body = RefreshRequest,
    responses(
        (status = 200, description = "The next access token.", body = SessionView),
        (status = 401, description = "unauthenticated")))]
async fn refresh(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    limit_public(&deps.store, request).await?;
    let token = request.json::<RefreshRequest>()?.refresh_token;
    check_refresh_token(&token)?;
    let session = deps.people.refresh(&token).await?;
    Response::ok(&SessionView::from(session))
}
