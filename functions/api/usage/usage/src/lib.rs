//! `GET /v1/usage`: what was used from day to day, and where each limit stands; `POST /v1/usage` counts more.
//!
//! # Shape
//! `events/usage/`.

use api::{Access, Request, Response, authorize, idempotent};
use domain::{AccountId, Failure, Timestamp};
use http::Method;
use store::{Consumed, StoreError};
use utoipa::OpenApi;

mod range;
mod request;
mod view;

use range::range;
use request::ConsumeRequest;
use view::{ConsumeResponse, QuotaView, UsageView};
pub use wiring::CreateDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(show_usage, count_use))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `validation_failed`, `conflict`, `quota_exceeded`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => show_usage(deps, &request).await,
        Method::POST => count_use(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET, Method::POST])),
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
    let caller = authorize(&deps.store, request.with_query(&["from", "to"]), Access::Read).await?;
    let (from, to) = range(&request.query, request.now)?;
    let days = deps.store.usage(caller.account_id, &from, &to).await?;
    let quotas = quotas(deps, caller.account_id, request.now).await?;
    Response::ok(&UsageView::of(from, to, &days, quotas))
}

/// Counts use of the caller's own: all of it or nothing, once for each resource.
#[utoipa::path(post, path = "/v1/usage", tag = "usage", request_body = ConsumeRequest,
    responses(
        (status = 200, description = "It is counted, now or by an earlier call.", body = ConsumeResponse),
        (status = 409, description = "conflict"),
        (status = 429, description = "quota_exceeded")))]
async fn count_use(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Create).await?;
    let wanted = request.json::<ConsumeRequest>()?.parse()?;
    let (account, now) = (caller.account_id, request.now);
    idempotent(deps, &caller, request, async |_ids| {
        let consumed = deps
            .store
            .consume_named(account, &wanted, now)
            .await
            .map_err(refusal)?;
        let mut quotas = quotas(deps, account, now).await?;
        quotas.retain(|quota| wanted.iter().any(|one| one.kind == quota.kind));
        Response::ok(&ConsumeResponse {
            repeated: consumed == Consumed::Already,
            quotas,
        })
    })
    .await
}

fn refusal(error: StoreError) -> Failure {
    let differs = matches!(error, StoreError::Conflict { .. });
    let failure = Failure::from(error);
    if differs {
        return failure.saying("A resource of these was counted before, with another quantity.");
    }
    failure
}

async fn quotas(deps: &Deps, account: AccountId, now: Timestamp) -> Result<Vec<QuotaView>, Failure> {
    let states = deps.store.quotas(account, now).await?;
    Ok(states.into_iter().map(QuotaView::from).collect())
}
