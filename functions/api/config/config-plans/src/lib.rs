//! `GET /v1/config/plans`: plans and what each allows.
//!
//! Public and without a store: the answer is the build's own.

use api::{Request, Response};
use domain::Failure;
use http::Method;
use ledger::Plan;
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
#[openapi(paths(list_plans))]
pub struct Docs;

/// All plans.
#[derive(Debug, Serialize, ToSchema)]
struct Plans {
    /// Smallest first; a limit that is null does not limit.
    plans: Vec<Plan>,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `method_not_allowed`.
#[expect(clippy::unused_async, reason = "the runner awaits every `handle`")]
pub async fn handle(_deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => {
            request.no_query()?;
            list_plans()
        }
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Lists plans.
#[utoipa::path(get, path = "/v1/config/plans", tag = "config", security(()),
    responses((status = 200, description = "Every plan.", body = Plans)))]
fn list_plans() -> Result<Response, Failure> {
    Response::ok(&Plans {
        plans: ledger::plans::plans().to_vec(),
    })
}
