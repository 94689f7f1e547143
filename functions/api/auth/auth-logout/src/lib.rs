//! `POST /v1/auth/logout`: ends this session, or every session of the person; their tokens are refused at once.
//!
//! The pool withdraws refresh tokens; access tokens carry their own proof, so the authorizer asks here which sessions were
//! ended.
//!
//! # Shape
//! `events/auth-logout/`.

use api::sign_in::{bearer_of, check_refresh_token, session_of};
use api::{Access, Request, Response, authorize};
use domain::Failure;
use http::Method;
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};
pub use wiring::PeopleDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(log_out))]
pub struct Docs;

/// Which tokens are withdrawn beside the one that is sent; an empty body is `{}`.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LogoutRequest {
    /// `refresh_token` of the log-in; without it only access tokens of this session are refused.
    #[schema(min_length = 1, max_length = 8192)]
    refresh_token: Option<String>,
    /// Whether every session of the person ends, on every device.
    #[serde(default)]
    everywhere: bool,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, or the pool's and the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => log_out(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Logs out: the session's tokens are refused from now on.
#[utoipa::path(post, path = "/v1/auth/logout", tag = "auth", request_body = LogoutRequest,
    responses((status = 204, description = "The session is over.")))]
async fn log_out(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::SignedIn).await?;
    let body = if request.body.is_empty() {
        LogoutRequest::default()
    } else {
        request.json()?
    };
    let token = bearer_of(request)?;
    if let Some(refresh_token) = &body.refresh_token {
        check_refresh_token(refresh_token)?;
        deps.people.log_out(refresh_token).await?;
    }
    if body.everywhere {
        deps.people.log_out_everywhere(token).await?;
        deps.store.end_sessions(caller.person(), request.now).await?;
    }
    if let Some((session, until)) = session_of(token, request.now)? {
        deps.store.end_session(&session, until).await?;
    }
    Ok(Response::no_content())
}
