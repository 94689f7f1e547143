//! The start of a job, the same for every kind.

use api::{Access, Request, Response, authorize, idempotent};
use domain::job::{Job, JobKind, Step};
use domain::{Credits, Failure, Invalid, ProjectId};
use jobs::{AcceptedJob, Consent, OutdatedInputs, StartJob, inputs, parse_max_credits};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::JobDeps;

/// Options of a job; the whole body may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartJobRequest {
    /// The most credits that the job may take, 1 or more; it is refused when it might cost more.
    #[schema(minimum = 1)]
    max_credits: Option<i64>,
    /// Whether a script that was edited by hand may be replaced by a new one; only where a script is written.
    rewrite_script: Option<bool>,
    /// Whether the job may work from results that are outdated; only where it works from any.
    allow_outdated: Option<bool>,
}

/// Starts a job of this kind for the project in the path.
///
/// # Promises
/// With the same `Idempotency-Key` a repeat answers the job of the first call.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], [`idempotent`] and [`JobService::start`](jobs::JobService::start).
pub async fn start_job(deps: &JobDeps, request: &Request, kind: JobKind) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Generate).await?;
    let project: ProjectId = request.path_id("project_id")?;
    let StartJobOptions { max_credits, consent } = options(request, kind)?;
    idempotent(deps, &caller, request, async |ids| {
        let start = StartJob {
            account: caller.account_id,
            project,
            kind,
            max_credits,
            spender: caller.spender(),
            consent,
        };
        let job = deps.jobs.start(start, &ids).await?;
        runtime::job(job.id);
        accepted(&job)
    })
    .await
}

/// 202 with a job that was taken on, and the path of its status.
///
/// # Errors
/// As [`Response::accepted`].
pub fn accepted(job: &Job) -> Result<Response, Failure> {
    let path = format!("/v1/projects/{}/generation-status/{}", job.project_id, job.id);
    Ok(Response::accepted(&AcceptedJob::of(job))?.found_at(&path))
}

/// What the body says, checked.
#[derive(Debug, Default)]
struct StartJobOptions {
    max_credits: Option<Credits>,
    consent: Consent,
}

fn options(request: &Request, kind: JobKind) -> Result<StartJobOptions, Failure> {
    if request.body.is_empty() {
        return Ok(StartJobOptions::default());
    }
    let body: StartJobRequest = request.json()?;
    Ok(StartJobOptions {
        max_credits: body.max_credits.map(parse_max_credits).transpose()?,
        consent: consent(kind, body.rewrite_script, body.allow_outdated)?,
    })
}

/// What a caller says to what would else be refused.
///
/// # Errors
/// [`Invalid`] with rule `unknown_field` for what says nothing to a job of this kind.
pub fn consent(
    kind: JobKind,
    rewrite_script: Option<bool>,
    allow_outdated: Option<bool>,
) -> Result<Consent, Invalid> {
    if rewrite_script.is_some() && !kind.runs(Step::Script) {
        let message = "is only of routes that write a script";
        return Err(Invalid::new("rewrite_script", "unknown_field", message));
    }
    if allow_outdated.is_some() && inputs::needs(kind).is_empty() {
        let message = "is only of routes that work from results";
        return Err(Invalid::new("allow_outdated", "unknown_field", message));
    }
    Ok(Consent {
        rewrite_script: rewrite_script.unwrap_or(false),
        outdated_inputs: if allow_outdated.unwrap_or(false) {
            OutdatedInputs::Use
        } else {
            OutdatedInputs::Refuse
        },
    })
}
