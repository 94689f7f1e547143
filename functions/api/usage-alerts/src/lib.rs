//! `GET /v1/usage/alerts`: the levels that the account's use has reached, each told once per period.
//!
//! # Shape
//! `events/usage-alerts/`.

use api::{Access, PageView, Request, Response, admit};
use domain::{Failure, QuotaKind, Timestamp};
use http::Method;
use ledger::AlertLevel;
use runtime::{Env, StartError};
use serde::Serialize;
use store::{Alert, Store};
use utoipa::{OpenApi, ToSchema};

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Alerts.
    pub store: Store,
}

impl Deps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            store: runtime::store(env).await?,
        })
    }
}

/// What this route says of itself.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_alerts))]
pub struct Docs;

/// A level that was reached.
#[derive(Debug, Serialize, ToSchema)]
struct AlertView {
    /// Kind of quota.
    kind: QuotaKind,
    /// Level.
    level: AlertLevel,
    /// Percent of the limit at which the level begins.
    percent: u8,
    /// Period that was counted: a day, a month or `always`.
    #[schema(example = "2026-11")]
    period: String,
    /// The limit at that time.
    limit: u64,
    /// Consumed, with the consumption that reached the level.
    used: u64,
    /// When.
    #[schema(value_type = String)]
    at: Timestamp,
}

impl From<Alert> for AlertView {
    fn from(alert: Alert) -> Self {
        Self {
            kind: alert.kind,
            level: alert.level,
            percent: alert.level.percent(),
            period: alert.period,
            limit: alert.limit,
            used: alert.used,
            at: alert.at,
        }
    }
}

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`], `validation_failed`, `invalid_cursor`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_alerts(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Lists what was told.
#[utoipa::path(get, path = "/v1/usage/alerts", tag = "usage",
    params(
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, the latest period first.", body = PageView<AlertView>)))]
async fn list_alerts(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(&deps.store, request, Access::Read).await?;
    let page = deps.store.alerts(caller.account_id, &request.page()?).await?;
    Response::ok(&PageView::<AlertView>::of(page))
}
