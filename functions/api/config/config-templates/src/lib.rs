//! `GET /v1/config/templates`: looks of videos, and the variables that fill each.
//!
//! Public and without a store: the answer is the build's own.

use api::{Request, Response};
use domain::Failure;
use engine::{Template, Variable, VariableKind};
use http::Method;
use runtime::{Env, StartError};
use serde::Serialize;
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};

/// Nothing is needed.
#[derive(Debug)]
pub struct Deps;

impl Deps {
    /// Connects nothing.
    ///
    /// # Errors
    /// None.
    #[expect(clippy::unused_async, reason = "the runner awaits every `connect`")]
    pub async fn connect(_env: &Env) -> Result<Self, StartError> {
        Ok(Self)
    }
}

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_templates))]
pub struct Docs;

/// All templates.
#[derive(Debug, Serialize, ToSchema)]
struct Templates {
    /// The usual one first.
    templates: Vec<TemplateInfo>,
}

/// A look of a video.
#[derive(Debug, Serialize, ToSchema)]
struct TemplateInfo {
    /// How it is chosen.
    name: &'static str,
    /// Raised when the same values give another video.
    version: u32,
    /// For people.
    title: &'static str,
    /// What it is good for.
    description: &'static str,
    /// Whether `template` of a project's settings may name it: it needs only what such a project has.
    for_projects: bool,
    /// Ordered by name.
    variables: Vec<VariableInfo>,
}

/// What a part of a template is filled with.
#[derive(Debug, Default, Serialize, ToSchema)]
struct VariableInfo {
    /// Unique in its template.
    name: &'static str,
    /// `text`, `colour`, `number`, `choice`, `language`, `image`, `video`, `audio`, `videos`, `words` or `scenes`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// For people.
    description: &'static str,
    /// Whether it must be given.
    required: bool,
    /// What an absent one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'static Value>,
    /// Longest text.
    #[serde(skip_serializing_if = "Option::is_none")]
    chars_max: Option<usize>,
    /// Least number.
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    /// Greatest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
    /// Words of a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<&'static [String]>,
    /// Most files of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    count_max: Option<usize>,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `method_not_allowed`.
#[expect(clippy::unused_async, reason = "the runner awaits every `handle`")]
pub async fn handle(_deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => {
            request.no_query()?;
            list_templates()
        }
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Lists templates.
#[utoipa::path(get, path = "/v1/config/templates", tag = "config", security(()),
    responses((status = 200, description = "Every template.", body = Templates)))]
fn list_templates() -> Result<Response, Failure> {
    let templates = Template::all().iter().map(|template| TemplateInfo {
        name: &template.name,
        version: template.version,
        title: &template.title,
        description: &template.description,
        for_projects: template.is_for_narration(),
        variables: template.variables.iter().map(variable).collect(),
    });
    Response::ok(&Templates {
        templates: templates.collect(),
    })
}

fn variable((name, variable): (&'static String, &'static Variable)) -> VariableInfo {
    let plain = VariableInfo {
        name,
        description: &variable.description,
        required: variable.required,
        default: variable.default.as_ref(),
        kind: variable.kind.name(),
        ..VariableInfo::default()
    };
    match &variable.kind {
        VariableKind::Text { chars_max } => VariableInfo {
            chars_max: Some(*chars_max),
            ..plain
        },
        VariableKind::Number { min, max } => VariableInfo {
            min: Some(*min),
            max: Some(*max),
            ..plain
        },
        VariableKind::Choice { options } => VariableInfo {
            options: Some(options),
            ..plain
        },
        VariableKind::Videos { count_max } => VariableInfo {
            count_max: Some(*count_max),
            ..plain
        },
        _ => plain,
    }
}
