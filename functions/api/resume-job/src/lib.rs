//! `POST /v1/jobs/{job_id}/resume`: the next run of a failed or cancelled job.
//!
//! # Shape
//! `events/resume-job/`.

use std::sync::Arc;

use api::{Access, Request, Response, admit, once};

use domain::ports::IdSource;

use domain::{Failure, JobId};
use http::Method;
use ledger::PriceList;
use pipeline::{Books, Desk, JobTaken, Quotes};
use runtime::{Env, RandomIds, StartError, SystemClock};

use utoipa::OpenApi;

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Ends jobs and begins their next run.
    pub desk: Desk,
    /// Ids of history rows.
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
#[openapi(paths(resume_job))]
pub struct Docs;

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`], [`once`] and [`Desk::resume`].
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => resume_job(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Starts the job again; what has a stored output is not made again.
#[utoipa::path(post, path = "/v1/jobs/{job_id}/resume", tag = "generation",
    params(("job_id" = String, Path, description = "Id of the job.")),
    responses(
        (status = 202, description = "The next run was taken on and its credits are held.", body = JobTaken),
        (status = 402, description = "insufficient_credits"),
        (status = 409, description = "job_not_resumable, job_active")))]
async fn resume_job(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(deps.desk.store(), request, Access::Generate).await?;
    let job: JobId = request.path_id("job_id")?;
    runtime::job(job);
    request.no_fields()?;
    once(
        deps.desk.store(),
        request,
        caller.account_id,
        deps.ids.as_ref(),
        move |ids| {
            Box::pin(async move {
                let job = deps.desk.resume(caller.account_id, job, &ids).await?;
                Response::accepted(&JobTaken::of(&job))
            })
        },
    )
    .await
}
