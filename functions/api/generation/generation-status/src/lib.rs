//! `GET /v1/projects/{project_id}/generation-status/{job_id}`: where a job stands, and its result or its error.
//!
//! # Shape
//! `events/generation-status/`; the answer is `wiring::JobView`.

use api::{Access, Request, Response, authorize};
use domain::{ErrorCode, Failure, JobId, ProjectId};
use http::Method;
use utoipa::OpenApi;

use wiring::JobView;
pub use wiring::MediaDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(show_status))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `not_found`, or those of the store and the bucket.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => show_status(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Shows a job; links are good for an hour. While it is open, `Retry-After` says when to look again.
#[utoipa::path(get, path = "/v1/projects/{project_id}/generation-status/{job_id}", tag = "generation",
    params(("project_id" = String, Path, description = "Id of the project."),
           ("job_id" = String, Path, description = "Id of the job.")),
    responses((status = 200, description = "The job now.", body = JobView)))]
async fn show_status(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Read).await?;
    let project: ProjectId = request.path_id("project_id")?;
    let id: JobId = request.path_id("job_id")?;
    runtime::job(id);
    let job = deps.store.job(caller.account_id, id).await?;
    if job.project_id != project {
        return Err(Failure::new(ErrorCode::NotFound));
    }
    let answer = Response::ok(&JobView::of(&job, deps.objects.as_ref()).await?)?;
    Ok(if job.state.is_open() {
        answer.worth_asking_again()
    } else {
        answer
    })
}
