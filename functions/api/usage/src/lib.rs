//! `GET /v1/usage`: what was used from day to day, and where each limit stands; `POST /v1/usage` counts more.
//!
//! # Shape
//! `events/usage/`.

use std::sync::Arc;

use api::{Access, Request, Response, admit, once};
use domain::ports::IdSource;
use domain::{AccountId, Failure, Timestamp};
use http::Method;
use runtime::{Env, RandomIds, StartError};
use store::{Consumed, Store};
use utoipa::OpenApi;

mod range;
mod request;
mod view;

use range::range;
use request::ConsumeRequest;
use view::{ConsumeResponse, QuotaView, UsageView};

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Counters and statistics.
    pub store: Store,
    /// Seeds of idempotency claims.
    pub ids: Arc<dyn IdSource>,
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
        })
    }
}

/// What this route says of itself.
#[derive(Debug, OpenApi)]
#[openapi(paths(show_usage, count_use))]
pub struct Docs;

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`] and [`once`], `validation_failed`, `quota_exceeded`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => show_usage(deps, &request).await,
        Method::POST => count_use(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Shows what was used from day to day, and where every limit stands now.
#[utoipa::path(get, path = "/v1/usage", tag = "usage",
    params(
        ("from" = Option<String>, Query, description = "First day (UTC), as `2026-11-01`; the first of this month when absent."),
        ("to" = Option<String>, Query, description = "Last day (UTC), inclusive; today when absent. At most 366 days."),
    ),
    responses((status = 200, description = "Days with any use, their sums, and every limit.", body = UsageView)))]
async fn show_usage(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(&deps.store, request, Access::Read).await?;
    let (from, to) = range(&request.query, request.now)?;
    let days = deps.store.usage(caller.account_id, &from, &to).await?;
    let quotas = quotas(deps, caller.account_id, request.now).await?;
    Response::ok(&UsageView::of(from, to, &days, quotas))
}

/// Counts use of the caller's own: all of it or nothing, once for each resource.
#[utoipa::path(post, path = "/v1/usage", tag = "usage", request_body = ConsumeRequest,
    responses(
        (status = 200, description = "It is counted, now or by an earlier call.", body = ConsumeResponse),
        (status = 429, description = "quota_exceeded")))]
async fn count_use(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(&deps.store, request, Access::Create).await?;
    let wanted = request.json::<ConsumeRequest>()?.parse()?;
    let (account, now) = (caller.account_id, request.now);
    once(&deps.store, request, account, deps.ids.as_ref(), move |_ids| {
        Box::pin(async move {
            let consumed = deps.store.consume(account, &wanted, now).await?;
            let mut quotas = quotas(deps, account, now).await?;
            quotas.retain(|quota| wanted.iter().any(|one| one.kind == quota.kind));
            Response::ok(&ConsumeResponse {
                repeated: consumed == Consumed::Already,
                quotas,
            })
        })
    })
    .await
}

async fn quotas(deps: &Deps, account: AccountId, now: Timestamp) -> Result<Vec<QuotaView>, Failure> {
    let states = deps.store.quotas(account, now).await?;
    Ok(states.into_iter().map(QuotaView::from).collect())
}
