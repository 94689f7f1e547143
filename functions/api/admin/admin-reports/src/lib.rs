//! `GET /v1/admin/reports`: the daily reports.
//!
//! # Shape
//! `events/admin-reports/`.

use std::collections::BTreeMap;

use api::{Access, PageView, Request, Response, authorize};
use domain::Failure;
use domain::report::DailyReport;
use http::Method;
use utoipa::OpenApi;
pub use wiring::StoreDeps as Deps;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_reports))]
pub struct Docs;

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`], `validation_failed`, `invalid_cursor`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_reports(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET])),
    }
}

/// Lists the daily reports.
#[utoipa::path(get, path = "/v1/admin/reports", tag = "admin",
    params(
        ("format" = Option<String>, Query, description = "`csv` for a table of the page's sums, as does `Accept: text/csv`; else JSON."),
        ("limit" = Option<u32>, Query, description = "Days of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, newest day first.", body = PageView<DailyReport>)))]
async fn list_reports(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    authorize(
        &deps.store,
        request.with_query(&["format", "limit", "cursor"]),
        Access::Admin,
    )
    .await?;
    let page = deps.store.reports(&request.page()?).await?;
    if request.wants_table()? {
        table(&page.items)
    } else {
        Response::ok(&PageView::<DailyReport>::of(page))
    }
}

/// The sums, one day a line.
fn table(reports: &[DailyReport]) -> Result<Response, Failure> {
    const COLUMNS: [&str; 11] = [
        "day",
        "accounts",
        "delivered",
        "failed",
        "charged",
        "returned",
        "granted",
        "clawed_back",
        "expired",
        "accounts_with_findings",
        "findings",
    ];
    let mut lines = vec![COLUMNS.map(str::to_owned)];
    for report in reports {
        let total = &report.total;
        lines.push([
            report.day.clone(),
            report.accounts.to_string(),
            total.delivered.to_string(),
            total.failed.to_string(),
            total.charged.to_string(),
            total.returned.to_string(),
            total.granted.to_string(),
            total.clawed_back.to_string(),
            total.expired.to_string(),
            report.accounts_with_findings.to_string(),
            by_code(&report.findings),
        ]);
    }
    Response::csv("reports", lines)
}

/// Findings by code in one cell: `ledger 1, refund_differs 2`.
fn by_code(findings: &BTreeMap<String, u64>) -> String {
    let counts: Vec<String> = findings
        .iter()
        .map(|(code, count)| format!("{code} {count}"))
        .collect();
    counts.join(", ")
}
