//! `POST /v1/admin/credits/adjust/{adjustment_id}`: a second operator agrees to a large correction.
//!
//! # Shape
//! `events/admin-credits-approve/`.

use std::sync::Arc;

use api::{Access, IdempotencyDeps, Request, Response, authorize, idempotent};
use audit::Corrections;
use domain::ports::IdSource;
use domain::{AdjustmentId, Credits, Failure};
use http::Method;
use ledger::Correction;
use runtime::{Env, RandomIds, StartError};
use store::Store;
use utoipa::OpenApi;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Use cases of corrections.
    pub corrections: Corrections,
    /// Seeds of idempotency claims.
    pub ids: Arc<dyn IdSource>,
}

impl Deps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            // Nothing is asked for here, so nobody's limit matters.
            corrections: Corrections::new(runtime::store(env).await?, Credits::ZERO),
            ids: Arc::new(RandomIds),
        })
    }
}

impl IdempotencyDeps for Deps {
    fn store(&self) -> &Store {
        self.corrections.store()
    }

    fn ids(&self) -> &dyn IdSource {
        self.ids.as_ref()
    }
}

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(approve_correction))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `not_found`, `forbidden`, `conflict`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => approve_correction(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Agrees to a correction that another operator asked for.
#[utoipa::path(post, path = "/v1/admin/credits/adjust/{adjustment_id}", tag = "admin",
    params(("adjustment_id" = String, Path, description = "Id of the correction.")),
    responses(
        (status = 200, description = "It is in the history.", body = Correction),
        (status = 409, description = "conflict")))]
async fn approve_correction(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let store = deps.corrections.store();
    let caller = authorize(store, request, Access::Admin).await?;
    let id: AdjustmentId = request.path_id("adjustment_id")?;
    request.no_fields()?;
    idempotent(deps, &caller, request, async |_ids| {
        let correction = deps
            .corrections
            .approve(id, caller.account_id, request.now)
            .await?;
        Response::ok(&correction)
    })
    .await
}
