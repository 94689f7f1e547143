//! `POST /v1/auth/password`: a signed-in person replaces their password, and every session of theirs but the answered one
//! ends.
//!
//! # Shape
//! `events/auth-password/`.

use api::sign_in::{SessionView, bearer_of, session_of};
use api::{Access, Request, Response, authorize};
use domain::Failure;
use domain::password::{check_new_password, check_typed_password};
use http::Method;
use serde::Deserialize;
use utoipa::{OpenApi, ToSchema};
pub use wiring::PeopleDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(change_password))]
pub struct Docs;

/// The password as it is, and as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordRequest {
    /// The current password.
    #[schema(format = Password, min_length = 1, max_length = 256)]
    password: String,
    /// The new password: upper and lower case, a digit, none of the commonest.
    #[schema(format = Password, min_length = 10, max_length = 256)]
    new_password: String,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, `password_rejected`, `password_wrong`, or the pool's
/// and the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => change_password(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Replaces the password of who is signed in; every session ends, and the answer is a new one.
#[utoipa::path(post, path = "/v1/auth/password", tag = "auth", request_body = PasswordRequest,
    responses(
        (status = 200, description = "A new session.", body = SessionView),
        (status = 400, description = "password_rejected"),
        (status = 403, description = "password_wrong")))]
async fn change_password(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::SignedIn).await?;
    let body: PasswordRequest = request.json()?;
    check_typed_password(&body.password, "password")?;
    check_new_password(&body.new_password, "new_password")?;
    let token = bearer_of(request)?;
    let person = deps.store.account(caller.person()).await?;
    deps.people
        .change_password(token, &body.password, &body.new_password)
        .await?;
    deps.people.log_out_everywhere(token).await?;
    if let Some((session, until)) = session_of(token, request.now)? {
        deps.store.end_session(&session, until).await?;
    }
    deps.store.end_sessions(person.id, request.now).await?;
    let session = deps.people.log_in(&person.email, &body.new_password).await?;
    Response::ok(&SessionView::from(session))
}
