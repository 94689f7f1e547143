//! `POST /v1/auth/confirm`: proves an address with the mailed code, and sets the password.
//!
//! Whoever has the mail chooses the password, so nobody can take a strange address before its owner. A wrong code, an old
//! one and an unknown address are answered alike.

use api::sign_in::parse_code;
use api::{Request, Response, limit_public};
use domain::Failure;
use domain::email::parse_email;
use domain::password::check_new_password;
use http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
pub use wiring::PeopleDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(confirm))]
pub struct Docs;

/// The code that was mailed to a person, and the password that they choose.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmRequest {
    /// Address that was signed up.
    #[schema(format = Email, max_length = 128)]
    email: String,
    /// The code in the mail.
    #[schema(example = "123456", min_length = 1, max_length = 64)]
    code: String,
    /// The password to log in with: upper and lower case, a digit, none of the commonest.
    #[schema(format = Password, min_length = 10, max_length = 256)]
    password: String,
}

/// The address is confirmed.
#[derive(Debug, Serialize, ToSchema)]
struct ConfirmResponse {
    /// Always true.
    confirmed: bool,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `validation_failed`, `password_rejected`, `verification_failed`, `rate_limited`, or the pool's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => confirm(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Confirms an address and sets the password; sessions from before, if there are any, end.
#[utoipa::path(post, path = "/v1/auth/confirm", tag = "auth", security(()), request_body = ConfirmRequest,
    responses(
        (status = 200, description = "The person may log in.", body = ConfirmResponse),
        (status = 400, description = "password_rejected, verification_failed")))]
async fn confirm(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    limit_public(&deps.store, request).await?;
    let proof: ConfirmRequest = request.json()?;
    let email = parse_email(&proof.email)?;
    let code = parse_code(&proof.code)?;
    check_new_password(&proof.password, "password")?;
    let account = deps.people.confirm(&email, code, &proof.password).await?;
    deps.store.end_sessions(account, request.now).await?;
    Response::ok(&ConfirmResponse { confirmed: true })
}
