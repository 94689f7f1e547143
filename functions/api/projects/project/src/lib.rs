//! `/v1/projects/{project_id}`: `GET` shows a project with its results, `PATCH` changes it, `DELETE` removes it.
//!
//! A change removes no result: those that were made from something else are shown as outdated.

mod own_images;
mod view;

use std::sync::Arc;

use api::{Access, Request, Response, authorize, etag};
use catalogue::Catalogue;
use domain::outputs::{InputHash, Produced};
use domain::ports::Objects;
use domain::project::{NAME_CHARS_MAX, Project};
use domain::script::Script;
use domain::script_version::ScriptVersion;
use domain::settings::{SettingsChange, parse_line};
use domain::{AccountId, ErrorCode, Failure, Patch, ProjectId, QuotaKind};
use http::Method;
use runtime::{Env, StartError};
use serde::Deserialize;
use store::{Store, StoreError, UsedFor};
use utoipa::{OpenApi, ToSchema};

use crate::own_images::{OwnImage, bring};
use crate::view::ProjectDetail;

/// Changes of one project at once of which none is lost; one of more is refused with `conflict`.
const CHANGES_AT_ONCE_MAX: u32 = 10;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// The three tables.
    pub store: Store,
    /// The media bucket.
    pub objects: Arc<dyn Objects>,
    /// Whose voices can be chosen.
    pub voice_provider: String,
    /// The models that made what there is.
    pub catalogue: Catalogue,
}

impl Deps {
    /// Connects to the store and the media bucket.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            objects: Arc::new(runtime::objects(env).await?),
            voice_provider: env.required("VOICE_PROVIDER")?,
            catalogue: wiring::catalogue(),
        })
    }
}

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(show_project, change_project, delete_project))]
pub struct Docs;

/// Changes of the project; an absent field stays as it is, null takes it back to its default.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateProjectRequest {
    /// Name, 1 to 120 characters; null for the keyword.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 120)]
    name: Patch<String>,
    /// Settings to change; the absent ones stay.
    #[serde(default)]
    #[schema(value_type = SettingsChange, required = false)]
    settings: Patch<SettingsChange>,
    /// The whole script as edited; times begin at 0 and leave no gap.
    #[serde(default)]
    #[schema(value_type = Script, required = false)]
    script: Patch<Script>,
    /// Images of the caller's own for scenes: they are neither generated nor charged.
    #[serde(default)]
    images: Vec<OwnImage>,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `not_found`, `validation_failed`, `voice_unknown`, `job_active`,
/// `conflict`, or those of the store and the bucket.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => show_project(deps, &request).await,
        Method::PATCH => change_project(deps, &request).await,
        Method::DELETE => delete_project(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET, Method::PATCH, Method::DELETE])),
    }
}

/// Shows a project with its results; links are good for an hour.
#[utoipa::path(get, path = "/v1/projects/{project_id}", tag = "projects",
    params(("project_id" = String, Path, description = "Id of the project.")),
    responses((status = 200, description = "The project.", body = ProjectDetail)))]
async fn show_project(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Read).await?;
    let id: ProjectId = request.path_id("project_id")?;
    let project = deps.store.project(caller.account_id, id).await?;
    answer(deps, request, project).await
}

/// The project with its results, under a tag of its version and of its links.
async fn answer(deps: &Deps, request: &Request, project: Project) -> Result<Response, Failure> {
    let tag = etag::of_links(project.version, request.now);
    let detail = ProjectDetail::of(project, deps.objects.as_ref(), deps.catalogue).await?;
    Ok(Response::ok(&detail)?.tagged(&tag))
}

/// Changes name, settings or script; not while a job works on the project.
///
/// Changes of other fields at the same time all remain; with `If-Match` only the version that was read is changed.
#[utoipa::path(patch, path = "/v1/projects/{project_id}", tag = "projects", request_body = UpdateProjectRequest,
    params(("project_id" = String, Path, description = "Id of the project.")),
    responses(
        (status = 200, description = "The project after the change.", body = ProjectDetail),
        (status = 400, description = "voice_unknown"),
        (status = 409, description = "job_active, conflict"),
        (status = 412, description = "precondition_failed")))]
async fn change_project(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Create).await?;
    let id: ProjectId = request.path_id("project_id")?;
    let changes: UpdateProjectRequest = request.json()?;
    for _ in 1..CHANGES_AT_ONCE_MAX {
        match try_change(deps, request, caller.account_id, id, changes.clone()).await {
            // Changed since it was read here, by a call that is none of this caller's business.
            Err(refused) if refused.code == ErrorCode::Conflict => {}
            outcome => return outcome,
        }
    }
    try_change(deps, request, caller.account_id, id, changes).await
}

/// Reads, changes and writes once.
async fn try_change(
    deps: &Deps,
    request: &Request,
    account: AccountId,
    id: ProjectId,
    mut changes: UpdateProjectRequest,
) -> Result<Response, Failure> {
    let images = std::mem::take(&mut changes.images);
    let before = deps.store.project(account, id).await?;
    request.check_version(before.version)?;
    let (mut after, versions) = changes.apply(before, &deps.voice_provider, request)?;
    if !images.is_empty() {
        bring(deps, &mut after, images, request.now).await?;
    }
    after.updated_at = request.now;
    let written = if versions.is_empty() {
        deps.store.update_project(&after).await?
    } else {
        deps.store.update_script(&after, &versions).await?
    };
    answer(deps, request, written).await
}

/// Removes a project with its media; not while a job works on it.
#[utoipa::path(delete, path = "/v1/projects/{project_id}", tag = "projects",
    params(("project_id" = String, Path, description = "Id of the project.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "job_active"),
        (status = 412, description = "precondition_failed")))]
async fn delete_project(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Delete).await?;
    let id: ProjectId = request.path_id("project_id")?;
    let version = match request.headers.get("if-match") {
        Some(_) => {
            let project = deps.store.project(caller.account_id, id).await?;
            request.check_version(project.version)?;
            Some(project.version)
        }
        None => None,
    };
    let deleted = deps.store.delete_project(caller.account_id, id, version).await;
    if matches!(deleted, Err(StoreError::Conflict { .. })) {
        return Err(Failure::new(ErrorCode::PreconditionFailed));
    }
    // Also when the row is gone: a call that died in between left the media, and the repeat removes them. The
    // prefix begins with the caller's account, so nobody else's can be meant.
    let gone = match &deleted {
        Ok(()) => true,
        Err(error) => error.code() == ErrorCode::NotFound,
    };
    if gone {
        let prefix = objects::keys::project_prefix(caller.account_id, id);
        deps.objects.delete_all(&prefix).await?;
        let media = UsedFor::media(prefix);
        let (account, kind) = (caller.account_id, QuotaKind::StorageBytes);
        deps.store
            .give_back_all(account, kind, &media, request.now)
            .await?;
    }
    deleted?;
    Ok(Response::no_content())
}

impl UpdateProjectRequest {
    fn apply(
        self,
        mut project: Project,
        voice_provider: &str,
        request: &Request,
    ) -> Result<(Project, Vec<ScriptVersion>), Failure> {
        let mut versions = Vec::new();
        if let Some(change) = self.settings.replaced("settings")? {
            project.settings = project
                .settings
                .changed(change, request.language())
                .map_err(|invalid| invalid.within("settings"))?;
            catalogue::check_voice(voice_provider, &project.settings)?;
        }
        match self.name {
            Patch::Keep => {}
            Patch::Unset => {
                project.name = project
                    .settings
                    .keyword
                    .as_str()
                    .chars()
                    .take(NAME_CHARS_MAX)
                    .collect();
            }
            Patch::Set(name) => project.name = parse_line(&name, "name", NAME_CHARS_MAX)?,
        }
        if let Some(script) = self.script.replaced("script")? {
            let script = script.edited()?;
            let input_hash = InputHash::of("edited-script", &script)
                .map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))?;
            let own = Produced::by_customer(script, input_hash);
            let language = Some(project.settings.language);
            versions = project.take_script(own, language, request.now);
        }
        Ok((project, versions))
    }
}
