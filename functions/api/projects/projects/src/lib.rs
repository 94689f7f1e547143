//! `/v1/projects`: `GET` lists the caller's projects, newest first; `POST` makes one.

use std::sync::Arc;

use api::{Access, IdempotencyDeps, PageView, ProjectView, Request, Response, authorize, idempotent};
use domain::outputs::Outputs;
use domain::ports::IdSource;
use domain::project::{NAME_CHARS_MAX, Project, ProjectStatus};
use domain::settings::{Settings, SettingsDraft, parse_line};
use domain::{Credits, Failure, Invalid, ProjectId};
use http::Method;
use runtime::{Env, RandomIds, StartError};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as WordError;
use store::{ProjectFilter, Store};
use utoipa::{OpenApi, ToSchema};

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Projects and idempotency claims.
    pub store: Store,
    /// Ids of projects, and seeds of idempotency claims.
    pub ids: Arc<dyn IdSource>,
    /// Whose voices can be chosen.
    pub voice_provider: String,
}

impl Deps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
            ids: Arc::new(RandomIds),
            voice_provider: env.required("VOICE_PROVIDER")?,
        })
    }
}

impl IdempotencyDeps for Deps {
    fn store(&self) -> &Store {
        &self.store
    }

    fn ids(&self) -> &dyn IdSource {
        self.ids.as_ref()
    }
}

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_projects, create_project))]
pub struct Docs;

/// A new project.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateProjectRequest {
    /// Name, 1 to 120 characters; the keyword when absent.
    name: Option<String>,
    /// What is wanted; only `keyword` is required.
    settings: SettingsDraft,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `validation_failed`, `voice_unknown`,
/// `invalid_cursor`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_projects(deps, &request).await,
        Method::POST => create_project(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET, Method::POST])),
    }
}

/// Lists projects.
#[utoipa::path(get, path = "/v1/projects", tag = "projects",
    params(
        ("status" = Option<ProjectStatus>, Query, description = "Only projects that stand so."),
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, newest first.", body = PageView<ProjectView>)))]
async fn list_projects(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(
        &deps.store,
        request.with_query(&["status", "limit", "cursor"]),
        Access::Read,
    )
    .await?;
    let filter = ProjectFilter {
        status: request
            .query
            .get("status")
            .map(|word| parse_status(word))
            .transpose()?,
    };
    let page = deps
        .store
        .projects(caller.account_id, filter, &request.page()?)
        .await?;
    Response::ok(&PageView::<ProjectView>::of(page))
}

/// Makes a project.
#[utoipa::path(post, path = "/v1/projects", tag = "projects", request_body = CreateProjectRequest,
    responses(
        (status = 201, description = "The project.", body = ProjectView),
        (status = 400, description = "voice_unknown")))]
async fn create_project(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Create).await?;
    let body: CreateProjectRequest = request.json()?;
    let settings = Settings::parse(body.settings, request.language()).map_err(|e| e.within("settings"))?;
    catalogue::check_voice(&deps.voice_provider, &settings)?;
    let name = match body.name {
        Some(name) => parse_line(&name, "name", NAME_CHARS_MAX)?,
        None => settings.keyword.as_str().chars().take(NAME_CHARS_MAX).collect(),
    };
    idempotent(deps, &caller, request, async |ids| {
        let project = Project {
            id: ProjectId::new(ids.mint(request.now)),
            account_id: caller.account_id,
            name,
            status: ProjectStatus::Draft,
            settings,
            outputs: Outputs::default(),
            active_job: None,
            last_job: None,
            script_mark: None,
            generation_cost: Credits::ZERO,
            version: 0,
            created_at: request.now,
            updated_at: request.now,
        };
        let project = deps.store.create_project(&project).await?;
        let path = format!("/v1/projects/{}", project.id);
        Response::created(&ProjectView::from(project), &path)
    })
    .await
}

fn parse_status(word: &str) -> Result<ProjectStatus, Invalid> {
    let word = IntoDeserializer::<WordError>::into_deserializer(word);
    ProjectStatus::deserialize(word).map_err(|_unknown| {
        let message = "must be one of: draft processing ready failed published";
        Invalid::new("status", "unknown_value", message)
    })
}
