//! `POST /v1/projects/{project_id}/generate-images`: one image for each scene of the project's script.
//!
//! # Shape
//! `events/generate-images/`.

use api::{Request, Response};
use domain::Failure;
use domain::job::JobKind;
use http::Method;
use jobs::AcceptedJob;
use utoipa::OpenApi;

pub use wiring::{JobDeps as Deps, StartJobRequest};

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(generate_images))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`wiring::start_job`].
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => generate_images(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Draws the images of the project's script.
#[utoipa::path(post, path = "/v1/projects/{project_id}/generate-images", tag = "generation",
    params(("project_id" = String, Path, description = "Id of the project.")),
    request_body = Option<StartJobRequest>,
    responses(
        (status = 202, description = "The job was taken on and its credits are held.", body = AcceptedJob),
        (status = 402, description = "insufficient_credits, account_in_debt, max_credits_exceeded, budget_exceeded"),
        (status = 403, description = "plan_limit"),
        (status = 409, description = "job_active, input_missing, input_outdated, nothing_to_make"),
        (status = 429, description = "quota_exceeded")))]
async fn generate_images(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    wiring::start_job(deps, request, JobKind::GenerateImages).await
}
