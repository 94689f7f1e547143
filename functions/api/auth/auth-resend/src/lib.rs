//! `POST /v1/auth/resend`: mails the code of a sign-up again.
//!
//! The answer is the same for every address: also for one that is unknown or confirmed, which is sent nothing.
//!
//! # Shape
//! `events/auth-resend/`.

use api::sign_in::{MailRequest, MailView, mail_address, mailed};
use api::{Request, Response};
use domain::Failure;
use http::Method;
use utoipa::OpenApi;
pub use wiring::PeopleDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(resend_code))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `validation_failed`, `rate_limited`, or the pool's own; for every address alike.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => resend_code(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Mails the code of a sign-up again.
#[utoipa::path(post, path = "/v1/auth/resend", tag = "auth", security(()), request_body = MailRequest,
    responses((status = 202, description = "A mail is on its way, if the address can have one.", body = MailView)))]
async fn resend_code(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let email = mail_address(&deps.store, request).await?;
    deps.people.resend(&email).await?;
    mailed()
}
