//! `POST /v1/projects/{project_id}/compose-video`: a video from the project's script, images and voice.
//!
//! # Shape
//! `events/compose-video/`.

use api::{Request, Response};
use domain::Failure;
use domain::job::JobKind;
use http::Method;
use jobs::AcceptedJob;
use utoipa::OpenApi;

pub use wiring::{JobDeps as Deps, StartJobRequest};

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(compose_video))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`wiring::start_job`].
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => compose_video(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Composes what the project has; nothing else is made again.
#[utoipa::path(post, path = "/v1/projects/{project_id}/compose-video", tag = "generation",
    params(("project_id" = String, Path, description = "Id of the project.")),
    request_body = Option<StartJobRequest>,
    responses(
        (status = 202, description = "The job was taken on and its credits are held.", body = AcceptedJob),
        (status = 402, description = "insufficient_credits, account_in_debt, max_credits_exceeded, budget_exceeded"),
        (status = 403, description = "plan_limit"),
        (status = 409, description = "job_active, input_missing, input_outdated"),
        (status = 429, description = "quota_exceeded")))]
async fn compose_video(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    wiring::start_job(deps, request, JobKind::ComposeVideo).await
}
