//! The start of a job, the same for every kind.

use api::{Access, Request, Response, admit, once};
use domain::job::JobKind;
use domain::{Credits, Failure, ProjectId};
use pipeline::{AcceptedJob, Wish, parse_max_credits};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Deps;

/// Options of a job; the whole body may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartJobRequest {
    /// The most credits that the job may take, 1 or more; it is refused when it might cost more.
    #[schema(minimum = 1)]
    max_credits: Option<i64>,
}

/// Takes on a job of this kind for the project in the path.
///
/// # Promises
/// With the same `Idempotency-Key` a repeat answers the job of the first call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`], [`once`] and [`Desk::start`](pipeline::Desk::start).
pub async fn start(deps: &Deps, request: &Request, kind: JobKind) -> Result<Response, Failure> {
    let caller = admit(deps.desk.store(), request, Access::Generate).await?;
    let project: ProjectId = request.path_id("project_id")?;
    let max_credits = max_credits(request)?;
    once(
        deps.desk.store(),
        request,
        caller.account_id,
        deps.ids.as_ref(),
        move |ids| {
            Box::pin(async move {
                let wish = Wish {
                    account: caller.account_id,
                    project,
                    kind,
                    max_credits,
                    spender: caller.spender(),
                };
                let job = deps.desk.start(wish, &ids).await?;
                runtime::job(job.id);
                Response::accepted(&AcceptedJob::of(&job))
            })
        },
    )
    .await
}

fn max_credits(request: &Request) -> Result<Option<Credits>, Failure> {
    if request.body.is_empty() {
        return Ok(None);
    }
    let body: StartJobRequest = request.json()?;
    Ok(body.max_credits.map(parse_max_credits).transpose()?)
}
