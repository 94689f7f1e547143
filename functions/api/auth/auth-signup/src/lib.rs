//! `POST /v1/auth/signup`: mails a code, with which `POST /v1/auth/confirm` sets the password.
//!
//! The answer is the same for every address, the mail says what is the case: an unknown address and one that is not
//! confirmed are sent the code of a sign-up, a confirmed one that of a new password. No password is taken here: it is
//! whose the mailbox is, not who was first, that may choose it.
//!
//! The account and its gift come at the first log-in: an address that nobody confirms costs nothing.

use api::sign_in::{MailRequest, MailView, mail_address, mailed};
use api::{Request, Response};
use domain::Failure;
use http::Method;
use utoipa::OpenApi;
pub use wiring::PeopleDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(sign_up))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `validation_failed`, `rate_limited`, or the pool's own; for every address alike.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => sign_up(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Signs a person up: a code is mailed, and with it `POST /v1/auth/confirm` sets the password.
#[utoipa::path(post, path = "/v1/auth/signup", tag = "auth", security(()), request_body = MailRequest,
    responses((status = 202, description = "A mail is on its way.", body = MailView)))]
async fn sign_up(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let email = mail_address(&deps.store, request).await?;
    deps.people.sign_up(&email).await?;
    mailed()
}
