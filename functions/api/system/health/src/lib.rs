//! `GET /v1/health`: the API answers, and which version.
//!
//! Public and without a store: it says that the route works, alarms say how the parts do.

use api::{Request, Response};
use domain::Failure;
use http::Method;
use runtime::{Env, StartError};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

/// Nothing is needed.
#[derive(Debug)]
pub struct Deps;

impl Deps {
    /// Connects nothing.
    ///
    /// # Errors
    /// None.
    #[expect(clippy::unused_async, reason = "the runner awaits every `connect`")]
    pub async fn connect(_env: &Env) -> Result<Self, StartError> {
        Ok(Self)
    }
}

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(health))]
pub struct Docs;

/// State of the API.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `ok`.
    status: &'static str,
    /// Version of the build.
    version: &'static str,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `method_not_allowed`.
#[expect(clippy::unused_async, reason = "the runner awaits every `handle`")]
pub async fn handle(_deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => health(),
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Says that the API answers.
#[utoipa::path(get, path = "/v1/health", tag = "system", security(()),
    responses((status = 200, description = "It does.", body = Health)))]
fn health() -> Result<Response, Failure> {
    Response::ok(&Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    })
}
