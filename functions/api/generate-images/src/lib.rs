//! `POST /v1/projects/{project_id}/generate-images`: one picture for each scene of the project's script.
//!
//! # Shape
//! `events/generate-images/`.

use std::sync::Arc;

use api::{Access, Request, Response, admit, once};
use domain::job::JobKind;
use domain::ports::IdSource;
use domain::{Failure, ProjectId};
use http::Method;
use ledger::{PriceList, Vendors};
use pipeline::{Books, Desk, JobTaken, Quotes, VIDEO_VENDOR};
use runtime::{Env, RandomIds, StartError, SystemClock};
use utoipa::OpenApi;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Takes jobs on.
    pub desk: Desk,
    /// Ids of new jobs.
    pub ids: Arc<dyn IdSource>,
}

impl Deps {
    /// Connects to the store and the state machine.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let vendors = Vendors {
            script: env.required("SCRIPT_PROVIDER")?,
            image: env.required("IMAGE_PROVIDER")?,
            voice: env.required("VOICE_PROVIDER")?,
            video: VIDEO_VENDOR.to_owned(),
        };
        let store = runtime::store(env).await?;
        let books = Books::new(store, PriceList::standard(), Arc::new(SystemClock));
        Ok(Self {
            desk: Desk::new(
                Quotes::new(books, vendors),
                Arc::new(runtime::executions(env).await?),
            ),
            ids: Arc::new(RandomIds),
        })
    }
}

/// What this route says of itself.
#[derive(Debug, OpenApi)]
#[openapi(paths(generate_images))]
pub struct Docs;

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`], [`once`] and [`Desk::start`].
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => generate_images(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Draws the pictures of the project's script.
#[utoipa::path(post, path = "/v1/projects/{project_id}/generate-images", tag = "generation",
    params(("project_id" = String, Path, description = "Id of the project.")),
    responses((status = 202, description = "The job was taken on and its credits are held.", body = JobTaken)))]
async fn generate_images(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(deps.desk.store(), request, Access::Generate).await?;
    let project: ProjectId = request.path_id("project_id")?;
    request.no_fields()?;
    once(
        deps.desk.store(),
        request,
        caller.account_id,
        deps.ids.as_ref(),
        move |ids| {
            Box::pin(async move {
                let job = deps
                    .desk
                    .start(caller.account_id, project, JobKind::GenerateImages, &ids)
                    .await?;
                runtime::job(job.id);
                Response::accepted(&JobTaken::of(&job))
            })
        },
    )
    .await
}
