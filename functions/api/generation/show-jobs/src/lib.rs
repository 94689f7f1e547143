//! `/v1/jobs`: the account's jobs, newest first; `/v1/jobs/{job_id}`: where one stands, whatever its project.
//!
//! # Shape
//! `events/show-jobs/`; the view of one job is `wiring::JobView`.

use api::{Access, PageView, Request, Response, authorize};
use domain::job::{JobKind, JobStatus};
use domain::{Failure, Invalid, JobId, ProjectId, Timestamp};
use http::Method;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as WordError;
use store::JobFilter;
use utoipa::OpenApi;

pub use wiring::MediaDeps as Deps;
use wiring::{JobSummary, JobView};

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_jobs, show_job))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, `invalid_cursor`, `not_found`, or those of the
/// store and the bucket.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET if request.path_params.contains_key("job_id") => show_job(deps, &request).await,
        Method::GET => list_jobs(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Lists jobs.
#[utoipa::path(get, path = "/v1/jobs", tag = "generation",
    params(
        ("project_id" = Option<String>, Query, description = "Only jobs of this project."),
        ("status" = Option<JobStatus>, Query, description = "Only jobs that stand so."),
        ("kind" = Option<JobKind>, Query, description = "Only jobs that make this."),
        ("from" = Option<String>, Query, description = "Only jobs that were asked for at this time or later, RFC 3339."),
        ("to" = Option<String>, Query, description = "Only jobs that were asked for before this time, RFC 3339."),
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, newest first.", body = PageView<JobSummary>)))]
async fn list_jobs(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let names = &["project_id", "status", "kind", "from", "to", "limit", "cursor"];
    let caller = authorize(&deps.store, request.with_query(names), Access::Read).await?;
    let page = deps
        .store
        .jobs(caller.account_id, &filter(request)?, &request.page()?)
        .await?;
    Response::ok(&PageView::<JobSummary>::of(page))
}

/// Shows a job; links are good for an hour.
#[utoipa::path(get, path = "/v1/jobs/{job_id}", tag = "generation",
    params(("job_id" = String, Path, description = "Id of the job.")),
    responses((status = 200, description = "The job now.", body = JobView)))]
async fn show_job(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Read).await?;
    let id: JobId = request.path_id("job_id")?;
    runtime::job(id);
    let job = deps.store.job(caller.account_id, id).await?;
    Response::ok(&JobView::of(&job, deps.objects.as_ref()).await?)
}

fn filter(request: &Request) -> Result<JobFilter, Invalid> {
    let asked = |name: &str| request.query.get(name).map(String::as_str);
    let project = asked("project_id").map(str::parse::<ProjectId>).transpose();
    let time = |name: &str| {
        let time = asked(name).map(str::parse::<Timestamp>).transpose();
        time.map_err(|invalid| invalid.named(name))
    };
    Ok(JobFilter {
        project: project.map_err(|invalid| invalid.named("project_id"))?,
        status: asked("status")
            .map(JobStatus::parse)
            .transpose()?
            .map(JobStatus::as_str),
        kind: asked("kind").map(parse_kind).transpose()?,
        from: time("from")?,
        to: time("to")?,
    })
}

fn parse_kind(word: &str) -> Result<JobKind, Invalid> {
    let word = IntoDeserializer::<WordError>::into_deserializer(word);
    JobKind::deserialize(word).map_err(|_unknown| {
        let message =
            "must be one of: generate-all generate-script generate-images generate-voice compose-video";
        Invalid::new("kind", "unknown_value", message)
    })
}
