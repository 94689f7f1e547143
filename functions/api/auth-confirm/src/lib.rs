//! `POST /v1/auth/confirm`: proves an address with the mailed code.
//!
//! A wrong code, an old one and an unknown address are answered alike.

use std::sync::Arc;

use api::sign_in::parse_email;
use api::{Request, Response, admit_public};
use domain::ports::People;
use domain::{Failure, Invalid};
use http::Method;
use runtime::{Env, StartError};
use serde::{Deserialize, Serialize};
use store::Store;
use utoipa::{OpenApi, ToSchema};

/// Longest code, in characters; the pool sends six digits and allows 2048.
const CODE_CHARS_MAX: usize = 64;

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
#[openapi(paths(confirm))]
pub struct Docs;

/// The code that was mailed to a new person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmRequest {
    /// Address that was signed up.
    email: String,
    /// The code in the mail.
    #[schema(example = "123456")]
    code: String,
}

/// The address is confirmed.
#[derive(Debug, Serialize, ToSchema)]
struct ConfirmResponse {
    /// Always true.
    confirmed: bool,
}

/// Answers one call.
///
/// # Errors
/// [`Failure`] with `validation_failed`, `verification_failed`, `rate_limited`, or the pool's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => confirm(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Confirms an address.
#[utoipa::path(post, path = "/v1/auth/confirm", tag = "auth", security(()), request_body = ConfirmRequest,
    responses(
        (status = 200, description = "The person may log in.", body = ConfirmResponse),
        (status = 400, description = "verification_failed")))]
async fn confirm(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    admit_public(&deps.store, request).await?;
    let proof: ConfirmRequest = request.json()?;
    let email = parse_email(&proof.email)?;
    let code = proof.code.trim();
    if code.is_empty() || code.chars().count() > CODE_CHARS_MAX {
        return Err(Invalid::new("code", "format", "must be the code of the mail").into());
    }
    deps.people.confirm(&email, code).await?;
    Response::ok(&ConfirmResponse { confirmed: true })
}
