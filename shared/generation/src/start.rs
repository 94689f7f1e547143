//! The start of a job, the same for every kind.

use api::{Access, Request, Response, admit, once};
use domain::job::JobKind;
use domain::{Failure, ProjectId};
use pipeline::JobTaken;

use crate::Deps;

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
    request.no_fields()?;
    once(
        deps.desk.store(),
        request,
        caller.account_id,
        deps.ids.as_ref(),
        move |ids| {
            Box::pin(async move {
                let job = deps.desk.start(caller.account_id, project, kind, &ids).await?;
                runtime::job(job.id);
                Response::accepted(&JobTaken::of(&job))
            })
        },
    )
    .await
}
