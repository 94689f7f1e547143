//! `GET /v1/usage/alerts`: the levels that the account's use has reached, each told once per period; on the first page
//! also what else the account was told (unusual days, credits that run out or expire, subscriptions that were changed or
//! ended), and how long its credits last.
//!
//! # Shape
//! `events/usage-alerts/`.

use api::{Access, PageView, Request, Response, authorize};
use audit::trend::{FORECAST_DAYS, days_left};
use domain::notice::{Notice, NoticeSubject};
use domain::{AccountId, Credits, Failure, QuotaKind, Timestamp};
use http::Method;
use ledger::AlertLevel;
use serde::Serialize;
use store::page::LIMIT_MAX;
use store::{Alert, PageRequest};
use utoipa::{OpenApi, ToSchema};
pub use wiring::StoreDeps as Deps;

/// Most notices: several months of them.
const NOTICES_MAX: usize = 20;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_alerts))]
pub struct Docs;

/// What the account was told.
#[derive(Debug, Serialize, ToSchema)]
struct AlertsView {
    /// Levels of limits.
    #[serde(flatten)]
    levels: PageView<AlertView>,
    /// Unusual days, credits that run out or expire, and subscriptions that were changed or ended, the latest 20; on the
    /// first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    notices: Option<Vec<Notice>>,
    /// How long the credits last; on the first page, and absent without a habit to go on: use on three of the last
    /// seven days.
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast: Option<ForecastView>,
}

/// How long the credits last at the rate of the last seven whole days.
#[derive(Debug, Serialize, ToSchema)]
struct ForecastView {
    /// Credits that can be used now.
    available: Credits,
    /// Credits charged in the last seven whole days.
    charged_in_week: u64,
    /// Whole days they last; zero for less than one.
    days_left: u64,
    /// The day on which they are used up, UTC.
    #[schema(example = "2026-12-01")]
    runs_out_on: String,
}

/// A level that was reached.
#[derive(Debug, Serialize, ToSchema)]
struct AlertView {
    /// Kind of quota.
    kind: QuotaKind,
    /// Level of the limit that was reached.
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
    /// When it was written.
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

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, `invalid_cursor`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_alerts(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Lists what was told.
#[utoipa::path(get, path = "/v1/usage/alerts", tag = "usage",
    params(
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, the latest period first.", body = AlertsView)))]
async fn list_alerts(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(
        &deps.store,
        request.with_query(&["limit", "cursor"]),
        Access::Read,
    )
    .await?;
    let page = deps.store.alerts(caller.account_id, &request.page()?).await?;
    let is_first = !request.query.contains_key("cursor");
    let (notices, forecast) = if is_first {
        tokio::try_join!(
            notices(deps, caller.account_id),
            forecast(deps, caller.account_id, request.now)
        )?
    } else {
        (None, None)
    };
    Response::ok(&AlertsView {
        levels: PageView::of(page),
        notices,
        forecast,
    })
}

/// What was told beside levels, which have rows of their own.
async fn notices(deps: &Deps, account: AccountId) -> Result<Option<Vec<Notice>>, Failure> {
    let newest = PageRequest {
        limit: LIMIT_MAX,
        cursor: None,
    };
    let page = deps.store.notices(account, &newest).await?;
    let told = page.items.into_iter().filter(|notice| {
        !matches!(
            notice.subject,
            NoticeSubject::LimitWarning { .. } | NoticeSubject::LimitCritical { .. }
        )
    });
    Ok(Some(told.take(NOTICES_MAX).collect()))
}

async fn forecast(deps: &Deps, account: AccountId, now: Timestamp) -> Result<Option<ForecastView>, Failure> {
    let whole_days = i64::try_from(FORECAST_DAYS).unwrap_or(i64::MAX);
    let days: Vec<String> = (1..=whole_days)
        .rev()
        .map(|ago| now.plus_days(-ago).day())
        .collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(None);
    };
    let (wallet, used) =
        tokio::try_join!(deps.store.wallet(account), deps.store.usage(account, first, last))?;
    let of_day = |day: &String| {
        used.iter()
            .find(|used| used.day == *day)
            .map_or(0, |used| used.credits)
    };
    let daily: Vec<u64> = days.iter().map(of_day).collect();
    let available = wallet.available_at(now);
    Ok(days_left(&daily, available.get()).map(|days_left| ForecastView {
        available,
        charged_in_week: daily.iter().fold(0, |sum, used| sum.saturating_add(*used)),
        days_left,
        runs_out_on: now.plus_days(i64::try_from(days_left).unwrap_or(i64::MAX)).day(),
    }))
}
