//! `GET /v1/config/voices`: voices of the configured provider, each language's default first.
//!
//! Public and without a store: the answer is the build's own.

use api::{Request, Response};
use catalogue::VoiceInfo;
use domain::Failure;
use domain::settings::Language;
use http::Method;
use runtime::{Env, StartError};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Every voice of the provider.
    pub voices: Vec<VoiceInfo>,
}

impl Deps {
    /// Takes the voices of the provider in `VOICE_PROVIDER`.
    ///
    /// # Errors
    /// [`StartError`] when there is no such provider.
    #[expect(clippy::unused_async, reason = "the runner awaits every `connect`")]
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let provider = env.required("VOICE_PROVIDER")?;
        let voices = catalogue::voices(&provider)
            .map_err(|source| StartError::failed("choosing the voice provider", source))?;
        Ok(Self { voices })
    }
}

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_voices))]
pub struct Docs;

/// The voices of a language.
#[derive(Debug, Serialize, ToSchema)]
struct Voices {
    /// Each language's default first.
    voices: Vec<VoiceInfo>,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with `method_not_allowed` or `validation_failed`.
#[expect(clippy::unused_async, reason = "the runner awaits every `handle`")]
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_voices(deps, &request),
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Lists voices.
#[utoipa::path(get, path = "/v1/config/voices", tag = "config", security(()),
    params(("language" = Option<Language>, Query, description = "Only voices that speak it.")),
    responses((status = 200, description = "Voices that can be chosen.", body = Voices)))]
fn list_voices(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    request.with_query(&["language"]).check()?;
    let language = request
        .query
        .get("language")
        .map(|word| Language::parse(word))
        .transpose()?;
    let voices = deps
        .voices
        .iter()
        .filter(|voice| language.is_none_or(|language| voice.language == language))
        .cloned()
        .collect();
    Response::ok(&Voices { voices })
}
