//! `GET /v1/config/models`: what can make scripts, images and voices, and what each kind of work costs.
//!
//! Public and without a store: the answer is the build's own.

use api::{Request, Response};
use catalogue::{Catalogue, ModelInfo};
use domain::Failure;
use http::Method;
use ledger::{ModelPrice, prices};
use runtime::{Env, StartError};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Models in force, with their prices.
    pub catalogue: Catalogue,
}

impl Deps {
    /// Takes the models in force.
    ///
    /// # Errors
    /// None.
    #[expect(clippy::unused_async, reason = "the runner awaits every `connect`")]
    pub async fn connect(_env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            catalogue: wiring::catalogue(),
        })
    }
}

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_models))]
pub struct Docs;

/// Models and prices.
#[derive(Debug, Serialize, ToSchema)]
struct Models {
    /// What can be configured.
    models: Vec<ModelInfo>,
    /// What work costs, by provider; a started unit counts whole.
    prices: Vec<ModelPrice>,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `method_not_allowed`.
#[expect(clippy::unused_async, reason = "the runner awaits every `handle`")]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => {
            request.no_query()?;
            list_models(deps)
        }
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Lists models and prices.
#[utoipa::path(get, path = "/v1/config/models", tag = "config", security(()),
    responses((status = 200, description = "Models and prices.", body = Models)))]
fn list_models(deps: &Deps) -> Result<Response, Failure> {
    Response::ok(&Models {
        models: deps.catalogue.models(),
        prices: prices(deps.catalogue),
    })
}
