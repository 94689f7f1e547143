//! `POST /v1/auth/reset`: takes the code of `POST /v1/auth/forgot`; from then on the password is the given one.
//!
//! A wrong code, an old one and an unknown address are answered alike. Every session from before is ended, so that whoever
//! had the old password is out.
//!
//! # Shape
//! `events/auth-reset/`.

use api::sign_in::parse_code;
use api::{Request, Response, limit_public};
use domain::Failure;
use domain::email::parse_email;
use domain::password::check_new_password;
use http::Method;
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};
pub use wiring::PeopleDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(reset_password))]
pub struct Docs;

/// The code that was mailed, and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetRequest {
    /// Address to which the code was mailed.
    #[schema(format = Email, max_length = 128)]
    email: String,
    /// The code in the mail.
    #[schema(example = "123456", min_length = 1, max_length = 64)]
    code: String,
    /// The new password: upper and lower case, a digit, none of the commonest.
    #[schema(format = Password, min_length = 10, max_length = 256)]
    password: String,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `validation_failed`, `password_rejected`, `verification_failed`, `rate_limited`, or the pool's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => reset_password(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Sets a new password with the mailed code; every session ends.
#[utoipa::path(post, path = "/v1/auth/reset", tag = "auth", security(()), request_body = ResetRequest,
    responses(
        (status = 204, description = "It is the password now."),
        (status = 400, description = "password_rejected, verification_failed")))]
async fn reset_password(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    limit_public(&deps.store, request).await?;
    let body: ResetRequest = request.json()?;
    let email = parse_email(&body.email)?;
    let code = parse_code(&body.code)?;
    check_new_password(&body.password, "password")?;
    let account = deps.people.reset(&email, code, &body.password).await?;
    deps.store.end_sessions(account, request.now).await?;
    Ok(Response::no_content())
}
