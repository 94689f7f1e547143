//! `DELETE /v1/api-keys/{key_id}`: withdraws a key; its next call is refused.

use api::{Access, Request, Response, admit};
use domain::{ApiKeyId, Failure};
use http::Method;
use runtime::{Env, StartError};
use store::Store;
use utoipa::OpenApi;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Keys.
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
#[openapi(paths(delete_key))]
pub struct Docs;

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`], `not_found`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::DELETE => delete_key(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Withdraws a key.
#[utoipa::path(delete, path = "/v1/api-keys/{key_id}", tag = "account",
    params(("key_id" = String, Path, description = "Id of the key.")),
    responses((status = 204, description = "It is withdrawn.")))]
async fn delete_key(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(&deps.store, request, Access::Delete).await?;
    let key: ApiKeyId = request.path_id("key_id")?;
    deps.store.delete_key(caller.account_id, key).await?;
    Ok(Response::no_content())
}
