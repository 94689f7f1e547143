//! `GET /v1/credit/receipts/{job_id}`: what each run of a job held from which lot, was charged and gave back, line by
//! line, also what was not charged and why.
//!
//! # Shape
//! `events/credit-receipt/`; the answer is in `view`.

mod view;

use api::{Access, Request, Response, authorize};
use domain::{ErrorCode, Failure, JobId};
use http::Method;
use utoipa::OpenApi;

use crate::view::JobReceipt;
pub use wiring::StoreDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(show_receipt))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `not_found`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => show_receipt(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Shows every line of what a job cost, also while it is open.
#[utoipa::path(get, path = "/v1/credit/receipts/{job_id}", tag = "credits",
    params(("job_id" = String, Path, description = "Id of the job.")),
    responses((status = 200, description = "Every run of the job, the first first.", body = JobReceipt)))]
async fn show_receipt(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Read).await?;
    let id: JobId = request.path_id("job_id")?;
    runtime::job(id);
    let job = deps.store.job(caller.account_id, id).await?;
    let runs = deps.store.holds_of_job(caller.account_id, id).await?;
    let receipt =
        JobReceipt::of(job, runs).map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))?;
    Response::ok(&receipt)
}
