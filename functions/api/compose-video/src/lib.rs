//! `POST /v1/projects/{project_id}/compose-video`: a video from the project's script, pictures and voice.
//!
//! # Shape
//! `events/compose-video/`.

use api::{Request, Response};
use domain::Failure;
use domain::job::JobKind;
use http::Method;
use pipeline::AcceptedJob;
use utoipa::OpenApi;

pub use generation::{Deps, StartJobRequest};

/// What this route says of itself.
#[derive(Debug, OpenApi)]
#[openapi(paths(compose_video))]
pub struct Docs;

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`generation::start`].
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => compose_video(deps, &request).await,
        _ => Err(request.method_not_allowed()),
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
        (status = 409, description = "job_active, input_missing"),
        (status = 429, description = "quota_exceeded")))]
async fn compose_video(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    generation::start(deps, request, JobKind::ComposeVideo).await
}
