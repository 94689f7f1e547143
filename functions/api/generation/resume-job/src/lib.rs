//! `POST /v1/jobs/{job_id}/resume`: the next run of a failed or cancelled job.
//!
//! # Shape
//! `events/resume-job/`.

use api::{Access, Request, Response, authorize, idempotent};
use domain::{Failure, JobId};
use http::Method;
use jobs::AcceptedJob;
use utoipa::OpenApi;

pub use wiring::JobDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(resume_job))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], [`idempotent`] and [`JobService::resume`](jobs::JobService::resume).
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => resume_job(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Starts the job again; what has a stored output is not made again.
#[utoipa::path(post, path = "/v1/jobs/{job_id}/resume", tag = "generation",
    params(("job_id" = String, Path, description = "Id of the job.")),
    responses(
        (status = 202, description = "The next run was taken on and its credits are held.", body = AcceptedJob),
        (status = 402, description = "insufficient_credits, account_in_debt, max_credits_exceeded, budget_exceeded"),
        (status = 403, description = "plan_limit"),
        (status = 409, description = "job_not_resumable, job_active, script_edited, model_unavailable"),
        (status = 429, description = "quota_exceeded")))]
async fn resume_job(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Generate).await?;
    let job: JobId = request.path_id("job_id")?;
    runtime::job(job);
    request.no_fields()?;
    idempotent(deps, &caller, request, async |ids| {
        let job = deps
            .jobs
            .resume(caller.account_id, job, caller.spender(), &ids)
            .await?;
        wiring::accepted(&job)
    })
    .await
}
