//! `POST /v1/jobs/{job_id}/cancel`: stops a job and returns its credits.
//!
//! # Shape
//! `events/cancel-job/`.

use api::{Access, Request, Response, authorize, idempotent};
use domain::job::{Job, JobStatus};
use domain::receipt::Receipt;
use domain::{Failure, JobId};
use http::Method;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

pub use wiring::JobDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(cancel_job))]
pub struct Docs;

/// A cancelled job.
#[derive(Debug, Serialize, ToSchema)]
struct JobCancelled {
    /// The job.
    #[schema(value_type = String)]
    job_id: JobId,
    /// `failed`; its error code is `job_cancelled`.
    status: JobStatus,
    /// What was made and not charged; the whole hold is released.
    receipt: Option<Receipt>,
}

impl JobCancelled {
    fn of(job: Job) -> Self {
        Self {
            job_id: job.id,
            status: job.state.into(),
            receipt: job.receipt,
        }
    }
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], [`idempotent`] and [`JobService::cancel`](jobs::JobService::cancel).
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => cancel_job(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Cancels an open job; a cancelled one is answered the same again.
#[utoipa::path(post, path = "/v1/jobs/{job_id}/cancel", tag = "generation",
    params(("job_id" = String, Path, description = "Id of the job.")),
    responses(
        (status = 200, description = "It is cancelled and its whole hold is released.", body = JobCancelled),
        (status = 409, description = "job_ended")))]
async fn cancel_job(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Create).await?;
    let job: JobId = request.path_id("job_id")?;
    runtime::job(job);
    request.no_fields()?;
    idempotent(deps, &caller, request, async |ids| {
        let job = deps.jobs.cancel(caller.account_id, job, &ids).await?;
        Response::ok(&JobCancelled::of(job))
    })
    .await
}
