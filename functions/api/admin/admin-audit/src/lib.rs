//! `GET|POST /v1/admin/audit`: what the nightly inspection found wrong, and an inspection of one account now.
//!
//! # Shape
//! `events/admin-audit/`.

use std::sync::Arc;

use api::{Access, IdempotencyDeps, PageView, Request, Response, authorize, idempotent};
use audit::AccountInspection;
use billing::Billing;
use domain::ports::IdSource;
use domain::report::{AccountFindings, Finding};
use domain::{AccountId, Failure, Invalid, Timestamp};
use http::Method;
use runtime::{Env, RandomIds, StartError, SystemClock};
use serde::{Deserialize, Serialize};
use store::{PageRequest, Store};
use utoipa::{OpenApi, ToSchema};

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Findings, and claims of idempotency keys.
    pub store: Store,
    /// Inspects accounts.
    pub inspection: AccountInspection,
    /// Holds payments against their providers.
    pub billing: Billing,
    /// Seeds of idempotency claims.
    pub ids: Arc<dyn IdSource>,
}

impl Deps {
    /// Connects to the store and to the providers that are set up.
    ///
    /// # Errors
    /// [`StartError`] for a missing or odd variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let billing = billing_wiring::connect_billing(env).await?;
        let store = billing.store.clone();
        Ok(Self {
            inspection: AccountInspection::new(store.clone(), Arc::new(SystemClock)),
            billing,
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
#[openapi(paths(list_findings, audit_account))]
pub struct Docs;

/// The account to inspect.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InspectAccountRequest {
    /// The account.
    account_id: String,
}

/// What an inspection found.
#[derive(Debug, Serialize, ToSchema)]
struct AuditView {
    /// Broken rules; 0 is good. What they are is in the list.
    findings: usize,
    /// Differences with payment providers seen for less than three hours: they may settle, and are inspected again.
    pending: Vec<Finding>,
    /// Notices to its owner that were not there before.
    notices: usize,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `validation_failed`, `invalid_cursor`, `not_found`, or the
/// store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_findings(deps, &request).await,
        Method::POST => audit_account(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET, Method::POST])),
    }
}

/// Lists what was found wrong, the newest day first.
#[utoipa::path(get, path = "/v1/admin/audit", tag = "admin",
    params(
        ("month" = Option<String>, Query, description = "Calendar month, `2026-11`; the current one when absent."),
        ("format" = Option<String>, Query, description = "`csv` for a table of the whole month, as does `Accept: text/csv`; else JSON."),
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, or with `format=csv` all of it.", body = PageView<AccountFindings>)))]
async fn list_findings(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    authorize(
        &deps.store,
        request.with_query(&["month", "format", "limit", "cursor"]),
        Access::Admin,
    )
    .await?;
    let month = asked_month(request)?;
    if request.wants_table()? {
        return table(deps, &month).await;
    }
    let page = deps.store.findings(&month, &request.page()?).await?;
    Response::ok(&PageView::<AccountFindings>::of(page))
}

/// Inspects one account now: its books, its jobs, and its payments beside its providers.
#[utoipa::path(post, path = "/v1/admin/audit", tag = "admin", request_body = InspectAccountRequest,
    responses(
        (status = 200, description = "What was found.", body = AuditView),
        (status = 404, description = "not_found")))]
async fn audit_account(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Admin).await?;
    let body: InspectAccountRequest = request.json()?;
    let account: AccountId = body
        .account_id
        .parse()
        .map_err(|invalid: Invalid| invalid.named("account_id"))?;
    idempotent(deps, &caller, request, async |_ids| {
        let beside = deps.billing.compare(account).await?;
        let inspected = deps.inspection.inspect(account, beside).await?;
        Response::ok(&AuditView {
            findings: inspected.findings,
            pending: inspected.pending,
            notices: inspected.notices,
        })
    })
    .await
}

/// The month that is asked for.
fn asked_month(request: &Request) -> Result<String, Invalid> {
    let Some(text) = request.query.get("month") else {
        return Ok(request.now.month());
    };
    // A month is one when it has a first day.
    let first: Result<Timestamp, _> = format!("{text}-01T00:00:00Z").parse();
    match first {
        Ok(_) if text.len() == "2026-11".len() => Ok(text.clone()),
        _ => Err(Invalid::new("month", "format", "must be a month such as 2026-11")),
    }
}

/// The whole month as a table, one finding a line.
async fn table(deps: &Deps, month: &str) -> Result<Response, Failure> {
    let mut lines = vec![["day", "account_id", "code", "about", "text"].map(str::to_owned)];
    let mut page = PageRequest {
        limit: store::page::LIMIT_MAX,
        cursor: None,
    };
    loop {
        let found = deps.store.findings(month, &page).await?;
        for account in found.items {
            let whose = account.account_id.map(|id| id.to_string()).unwrap_or_default();
            for finding in account.findings {
                lines.push([
                    account.day.clone(),
                    whose.clone(),
                    finding.code,
                    finding.about.unwrap_or_default(),
                    finding.text,
                ]);
            }
        }
        match found.next {
            Some(cursor) => page.cursor = Some(cursor),
            None => return Response::csv("findings", lines),
        }
    }
}
