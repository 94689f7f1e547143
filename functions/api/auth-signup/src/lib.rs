//! `POST /v1/auth/signup`: a new person in the user pool, who is mailed a code.
//!
//! The account and its gift come at the first log-in, not here: an address that nobody confirms costs nothing.
//! Takes no `Idempotency-Key`: a stored answer would keep a hash of the password. A repeat is `email_taken`.

use std::sync::Arc;

use api::sign_in::{check_password, parse_email};
use api::{Request, Response, admit_public};
use domain::ports::People;
use domain::{AccountId, Failure};
use http::Method;
use runtime::{Env, StartError};
use serde::{Deserialize, Serialize};
use store::Store;
use utoipa::{OpenApi, ToSchema};

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
#[openapi(paths(sign_up))]
pub struct Docs;

/// A new person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignupRequest {
    /// Address; the code is mailed to it.
    email: String,
    /// Password, by the pool's policy: 8 characters or more with upper and lower case and a digit.
    #[schema(format = Password)]
    password: String,
}

/// The new account, and how its address is confirmed.
#[derive(Debug, Serialize, ToSchema)]
struct SignupResponse {
    /// The account that the first log-in opens.
    #[schema(value_type = String)]
    account_id: AccountId,
    /// How the address is confirmed: by `POST /v1/auth/confirm` with the mailed code.
    confirmation: &'static str,
}

/// Answers one call.
///
/// # Errors
/// [`Failure`] with `validation_failed`, `email_taken`, `password_rejected`, `rate_limited`, or the pool's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => sign_up(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Signs a person up.
#[utoipa::path(post, path = "/v1/auth/signup", tag = "auth", security(()), request_body = SignupRequest,
    responses(
        (status = 201, description = "The code is on its way.", body = SignupResponse),
        (status = 400, description = "password_rejected"),
        (status = 409, description = "email_taken")))]
async fn sign_up(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    admit_public(&deps.store, request).await?;
    let person: SignupRequest = request.json()?;
    let email = parse_email(&person.email)?;
    check_password(&person.password)?;
    let account_id = deps.people.sign_up(&email, &person.password).await?;
    Response::created(&SignupResponse {
        account_id,
        confirmation: "email",
    })
}
