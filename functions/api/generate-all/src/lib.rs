//! `POST /v1/projects/{project_id}/generate-all`: everything from the keyword to the finished video.
//!
//! # Shape
//! `events/generate-all/`.

use std::sync::Arc;

use api::{Access, Request, Response, admit, once};
use domain::job::JobKind;
use domain::ports::IdSource;
use domain::{Failure, ProjectId};
use http::Method;
use ledger::PriceList;
use pipeline::{Books, Desk, JobTaken, Quotes};
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
        let books = Books::new(
            runtime::store(env).await?,
            PriceList::standard(),
            Arc::new(SystemClock),
        );
        let quotes = Quotes::new(books, runtime::vendors(env)?);
        Ok(Self {
            desk: Desk::new(quotes, Arc::new(runtime::executions(env).await?)),
            ids: Arc::new(RandomIds),
        })
    }
}

/// What this route says of itself.
#[derive(Debug, OpenApi)]
#[openapi(paths(generate_all))]
pub struct Docs;

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`], [`once`] and [`Desk::start`].
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => generate_all(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Makes the whole video: script, pictures and voice, composition.
#[utoipa::path(post, path = "/v1/projects/{project_id}/generate-all", tag = "generation",
    params(("project_id" = String, Path, description = "Id of the project.")),
    responses(
        (status = 202, description = "The job was taken on and its credits are held.", body = JobTaken),
        (status = 400, description = "voice_unknown"),
        (status = 402, description = "insufficient_credits"),
        (status = 409, description = "job_active")))]
async fn generate_all(deps: &Deps, request: &Request) -> Result<Response, Failure> {
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
                    .start(caller.account_id, project, JobKind::GenerateAll, &ids)
                    .await?;
                runtime::job(job.id);
                Response::accepted(&JobTaken::of(&job))
            })
        },
    )
    .await
}
