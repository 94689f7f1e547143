//! `/v1/projects/{project_id}/scripts`: the versions of a project's script, newest first;
//! `/v1/projects/{project_id}/scripts/{version}/restore`: gives the project one of them again.
//!
//! # Shape
//! `events/project-scripts/`.

use api::{Access, PageView, Request, Response, authorize, idempotent};
use domain::outputs::InputHash;
use domain::script::Script;
use domain::script_version::ScriptVersion;
use domain::settings::Language;
use domain::{ErrorCode, Failure, ProjectId, Timestamp};
use http::Method;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

pub use wiring::CreateDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_scripts, restore_script))]
pub struct Docs;

/// A version of a project's script.
#[derive(Debug, Serialize, ToSchema)]
struct ScriptVersionView {
    /// Counted from 1; the newest is the one that the project has.
    version: u32,
    /// Who made it.
    made_by: Maker,
    /// Provider of the model that wrote it; `customer` for one's own.
    provider: String,
    /// The provider's name of the model; absent for one's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    /// Language that it was written for; absent of a script that is older than the count of versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    /// When the project got it.
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    /// Hash of what it was made from: scripts with the same one are the same.
    #[schema(value_type = String)]
    hash: InputHash,
    /// The script.
    script: Script,
}

/// Who made a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Maker {
    /// A person wrote or edited it.
    Customer,
    /// A model wrote it.
    Model,
}

impl From<ScriptVersion> for ScriptVersionView {
    fn from(version: ScriptVersion) -> Self {
        let ScriptVersion { mark, made, .. } = version;
        Self {
            version: mark.version,
            made_by: if made.is_customers() {
                Maker::Customer
            } else {
                Maker::Model
            },
            provider: made.provider,
            model: made.model,
            language: mark.language,
            made_at: mark.made_at,
            hash: made.input_hash,
            script: made.value,
        }
    }
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `not_found`, `invalid_cursor`, `job_active`,
/// `conflict`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match (&request.method, request.path_params.contains_key("version")) {
        (&Method::GET, false) => list_scripts(deps, &request).await,
        (&Method::POST, true) => restore_script(deps, &request).await,
        (_, false) => Err(request.method_not_allowed(&[Method::GET])),
        (_, true) => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Lists the versions of a project's script: whatever replaces a script keeps the one before; the newest 20 are kept.
#[utoipa::path(get, path = "/v1/projects/{project_id}/scripts", tag = "projects",
    params(
        ("project_id" = String, Path, description = "Id of the project."),
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, newest first.", body = PageView<ScriptVersionView>)))]
async fn list_scripts(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(
        &deps.store,
        request.with_query(&["limit", "cursor"]),
        Access::Read,
    )
    .await?;
    let id: ProjectId = request.path_id("project_id")?;
    let page = request.page()?;
    let page = deps.store.script_versions(caller.account_id, id, &page).await?;
    Response::ok(&PageView::<ScriptVersionView>::of(page))
}

/// Gives the project a version of its script again, as its newest; the one that it has is kept.
///
/// What was made from the script before stays and is shown as outdated. The version that the project has is answered as
/// it is.
#[utoipa::path(post, path = "/v1/projects/{project_id}/scripts/{version}/restore", tag = "projects",
    params(
        ("project_id" = String, Path, description = "Id of the project."),
        ("version" = u32, Path, description = "The version."),
    ),
    responses(
        (status = 200, description = "The script that the project has now.", body = ScriptVersionView),
        (status = 409, description = "job_active, conflict")))]
async fn restore_script(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Create).await?;
    let id: ProjectId = request.path_id("project_id")?;
    let number = request
        .path_params
        .get("version")
        .and_then(|text| text.parse().ok());
    let number: u32 = number.ok_or_else(|| Failure::new(ErrorCode::NotFound))?;
    request.no_fields()?;
    idempotent(deps, &caller, request, async |_ids| {
        let mut project = deps.store.project(caller.account_id, id).await?;
        let wanted = deps.store.script_version(&project, number).await?;
        let has = project.script_version();
        if has.as_ref() == Some(&wanted) {
            return Response::ok(&ScriptVersionView::from(wanted));
        }
        let versions = project.take_script(wanted.made, wanted.mark.language, request.now);
        project.updated_at = request.now;
        let written = deps.store.update_script(&project, &versions).await?;
        let now = written.script_version();
        let now = now.ok_or_else(|| Failure::new(ErrorCode::Internal).because("it has no script"))?;
        Response::ok(&ScriptVersionView::from(now))
    })
    .await
}
