//! `POST /v1/auth/refresh`: a refresh token for the next access token.

use std::sync::Arc;

use api::sign_in::SessionView;
use api::{Request, Response, admit_public};
use domain::ports::People;
use domain::{Failure, Invalid};
use http::Method;
use runtime::{Env, StartError};
use serde::Deserialize;
use store::Store;
use utoipa::{OpenApi, ToSchema};

/// Longest refresh token, in bytes; Cognito's have about two thousand.
const TOKEN_BYTES_MAX: usize = 8192;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Rate windows.
    pub store: Store,
    /// The user pool.
    pub people: Arc<dyn People>,
}

impl Deps {
    /// Connects to the store and the pool.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            people: Arc::new(runtime::people(env).await?),
        })
    }
}

/// What this route says of itself.
#[derive(Debug, OpenApi)]
#[openapi(paths(refresh))]
pub struct Docs;

/// The refresh token of an earlier log-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefreshRequest {
    /// `refresh_token` of the log-in.
    refresh_token: String,
}

/// Answers one call.
///
/// # Errors
/// [`Failure`] with `validation_failed`, `unauthenticated`, `rate_limited`, or the pool's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => refresh(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Continues a session.
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "auth", security(()), request_body = RefreshRequest,
    responses(
        (status = 200, description = "The next access token.", body = SessionView),
        (status = 401, description = "unauthenticated")))]
async fn refresh(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    admit_public(&deps.store, request).await?;
    let token = request.json::<RefreshRequest>()?.refresh_token;
    if token.is_empty() || token.len() > TOKEN_BYTES_MAX {
        return Err(Invalid::new("refresh_token", "format", "must be the token of a log-in").into());
    }
    let session = deps.people.refresh(&token).await?;
    Response::ok(&SessionView::from(session))
}
