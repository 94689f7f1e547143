//! `POST /v1/credit/quote`: what a job would hold at most and likely cost, and whether the account has it. Holds
//! nothing.
//!
//! # Shape
//! `events/credit-quote/`.

use std::sync::Arc;

use api::{Access, IdempotencyDeps, Request, Response, authorize, idempotent};
use domain::job::{JobKind, Step};
use domain::outputs::Outputs;
use domain::ports::IdSource;
use domain::project::Project;
use domain::settings::{Settings, SettingsDraft};
use domain::{AccountId, Credits, ErrorCode, Failure, Invalid, ProjectId};
use http::Method;
use jobs::{Offer, OfferRequest, Quoter, inputs, parse_max_credits};
use ledger::{Estimate, Known, QuoteLine};
use runtime::{Env, RandomIds, StartError, SystemClock};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Store;
use utoipa::{OpenApi, ToSchema};

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Projects, members and idempotency claims.
    pub store: Store,
    /// Quotes jobs.
    pub quoter: Quoter,
    /// Seeds of idempotency claims.
    pub ids: Arc<dyn IdSource>,
}

impl Deps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let store = runtime::store(env).await?;
        let (catalogue, models) = (wiring::catalogue(), wiring::default_models(env)?);
        Ok(Self {
            quoter: Quoter::new(store.clone(), catalogue, Arc::new(SystemClock), models),
            store,
            ids: Arc::new(RandomIds),
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
#[openapi(paths(quote))]
pub struct Docs;

/// What to quote: a project, or settings without one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuoteRequest {
    /// What would be made; `generate-all` when absent.
    kind: Option<JobKind>,
    /// A project, with its settings and its script; or `settings`.
    #[schema(value_type = Option<String>)]
    project_id: Option<String>,
    /// Settings, as for a new project; or `project_id`.
    settings: Option<SettingsDraft>,
    /// The most credits that the job may take, as its start would say it.
    #[schema(minimum = 1)]
    max_credits: Option<i64>,
    /// As its start would say it: whether a script that was edited by hand may be replaced.
    rewrite_script: Option<bool>,
    /// As its start would say it: whether the job may work from results that are outdated.
    allow_outdated: Option<bool>,
}

/// A quote.
#[derive(Debug, Serialize, ToSchema)]
struct QuoteView {
    /// What would be made.
    kind: JobKind,
    /// Credits that would be held: the most that it may cost, whatever happens.
    held: Credits,
    /// What it will likely cost, by what the account paid for jobs of this kind that were about as long.
    estimate: Estimate,
    /// Line by line.
    lines: Vec<QuoteLine>,
    /// Credits of the account that can be held now.
    available: Credits,
    /// Whether they are enough for the hold, whatever else stands against the job.
    sufficient: bool,
    /// Everything that a start would be refused for now, the first first; empty when it would be taken.
    refused_by: Vec<Refusal>,
    /// Whether a start with this `max_credits` would be taken; absent when none was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    within_max_credits: Option<bool>,
}

/// Why a start would be refused.
#[derive(Debug, Serialize, ToSchema)]
struct Refusal {
    /// A code of the error catalogue.
    #[schema(value_type = String)]
    code: ErrorCode,
    /// More of it, as the start would say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    details: Option<Value>,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self {
            code: failure.code,
            details: failure.details,
        }
    }
}

impl QuoteView {
    fn of(kind: JobKind, offer: Offer, max_credits: Option<Credits>) -> Self {
        Self {
            kind,
            held: offer.quote.held,
            sufficient: offer.quote.held <= offer.available,
            within_max_credits: max_credits.map(|max| offer.quote.held <= max),
            estimate: offer.estimate,
            lines: offer.quote.lines,
            available: offer.available,
            refused_by: offer.refused_by.into_iter().map(Refusal::from).collect(),
        }
    }
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `validation_failed`, `not_found`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => quote(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Quotes a job.
#[utoipa::path(post, path = "/v1/credit/quote", tag = "credits", request_body = QuoteRequest,
    responses(
        (status = 200, description = "What it would hold at most.", body = QuoteView),
        (status = 400, description = "voice_unknown"),
        (status = 404, description = "not_found")))]
async fn quote(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Read).await?;
    let body: QuoteRequest = request.json()?;
    idempotent(deps, &caller, request, async |_ids| {
        let max_credits = body.max_credits.map(parse_max_credits).transpose()?;
        let kind = body.kind.unwrap_or(JobKind::GenerateAll);
        let consent = wiring::consent(kind, body.rewrite_script, body.allow_outdated)?;
        let (settings, project) = body.subject(deps, request, caller.account_id).await?;
        let asked = OfferRequest {
            account: caller.account_id,
            kind,
            settings: &settings,
            known: known(kind, &settings, project.as_ref()),
            project: project.as_ref(),
            max_credits,
            spender: caller.spender(),
            consent,
        };
        let offer = deps.quoter.offer(asked).await?;
        Response::ok(&QuoteView::of(kind, offer, max_credits))
    })
    .await
}

/// What is known of the work, when the job would use what the project has.
fn known(kind: JobKind, settings: &Settings, project: Option<&Project>) -> Known {
    let empty = Outputs::default();
    let outputs = project.map_or(&empty, |project| &project.outputs);
    let script = outputs.script.as_ref().map(|made| &made.value);
    let script = script.filter(|_| !kind.runs(Step::Script));
    let voice = outputs.voice.as_ref().map(|made| &made.value);
    inputs::known(kind, settings, script, &outputs.images, voice)
}

impl QuoteRequest {
    /// The settings, and the project that has them.
    async fn subject(
        self,
        deps: &Deps,
        request: &Request,
        account: AccountId,
    ) -> Result<(Settings, Option<Project>), Failure> {
        match (self.project_id, self.settings) {
            (Some(text), None) => {
                let id: ProjectId = text
                    .parse()
                    .map_err(|invalid: Invalid| invalid.named("project_id"))?;
                let project = deps.store.project(account, id).await?;
                Ok((project.settings.clone(), Some(project)))
            }
            (None, Some(draft)) => {
                let settings = Settings::parse(draft, request.language());
                let settings = settings.map_err(|invalid| invalid.within("settings"))?;
                Ok((settings, None))
            }
            _ => Err(Invalid::new("settings", "one_of", "or project_id must be given, and not both").into()),
        }
    }
}
