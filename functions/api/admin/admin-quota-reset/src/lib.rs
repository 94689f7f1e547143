//! `POST /v1/admin/quota/reset`: an operator sets counters of an account to zero, and says why.
//!
//! # Shape
//! `events/admin-quota-reset/`.

use api::{Access, Request, Response, authorize, idempotent};
use domain::ports::IdSource;
use domain::settings::parse_line;
use domain::{AccountId, Failure, Invalid, Period, QuotaKind, QuotaResetId, Timestamp};
use http::Method;
use serde::{Deserialize, Serialize};
use store::{QuotaReset, ResetKind};
use utoipa::{OpenApi, ToSchema};
pub use wiring::CreateDeps as Deps;

/// Longest note, in characters.
pub const NOTE_CHARS_MAX: usize = 200;

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(reset_quota))]
pub struct Docs;

/// Counters to set back to zero, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetQuotasRequest {
    /// Whose counters.
    account_id: String,
    /// Which: kinds that are counted by the day or the month, each once.
    kinds: Vec<QuotaKind>,
    /// Why, 1 to 200 characters.
    note: String,
}

/// A reset as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
struct QuotaResetView {
    /// Id of the record.
    #[schema(value_type = String)]
    id: QuotaResetId,
    /// Whose counters.
    #[schema(value_type = String)]
    account_id: AccountId,
    /// What the counters said; they are zero now.
    counters: Vec<CounterView>,
    /// Why, in the words of the operator who asked.
    note: String,
    /// When it was written.
    #[schema(value_type = String)]
    at: Timestamp,
}

/// One counter.
#[derive(Debug, Serialize, ToSchema)]
struct CounterView {
    /// Kind of consumption that it counts.
    kind: QuotaKind,
    /// The period that goes on.
    #[schema(example = "2026-11")]
    period: String,
    /// What it said before.
    used_before: u64,
}

impl From<ResetKind> for CounterView {
    fn from(counter: ResetKind) -> Self {
        Self {
            kind: counter.kind,
            period: counter.period,
            used_before: counter.used_before,
        }
    }
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `validation_failed`, `not_found`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::POST => reset_quota(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::POST])),
    }
}

/// Resets counters of the current period.
#[utoipa::path(post, path = "/v1/admin/quota/reset", tag = "admin", request_body = ResetQuotasRequest,
    responses(
        (status = 200, description = "They are zero; the record says what they were.", body = QuotaResetView),
        (status = 404, description = "not_found")))]
async fn reset_quota(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = authorize(&deps.store, request, Access::Admin).await?;
    let asked = request.json::<ResetQuotasRequest>()?.parse()?;
    let (by, now) = (caller.account_id, request.now);
    idempotent(deps, &caller, request, async |ids| {
            let reset = QuotaReset {
                id: QuotaResetId::new(ids.mint(now)),
                account_id: asked.account,
                counters: Vec::new(),
                note: asked.note,
                by,
                at: now,
            };
            let done = deps.store.reset_quotas(&reset, &asked.kinds).await?;
            tracing::warn!(reset.id = %done.id, account.id = %done.account_id, by = %by, "quotas reset by an operator");
            Response::ok(&QuotaResetView {
                id: done.id,
                account_id: done.account_id,
                counters: done.counters.into_iter().map(CounterView::from).collect(),
                note: done.note,
                at: done.at,
            })
        })
    .await
}

/// A request whose fields were checked.
struct ParsedReset {
    account: AccountId,
    kinds: Vec<QuotaKind>,
    note: String,
}

impl ResetQuotasRequest {
    fn parse(self) -> Result<ParsedReset, Invalid> {
        let account = self
            .account_id
            .parse()
            .map_err(|invalid: Invalid| invalid.named("account_id"))?;
        let mut kinds = self.kinds;
        kinds.sort();
        kinds.dedup();
        if kinds.is_empty() {
            return Err(Invalid::new("kinds", "required", "must name a kind"));
        }
        if kinds.iter().any(|kind| kind.period() == Period::Always) {
            let message = "must be counted by the day or the month: what is there is not reset";
            return Err(Invalid::new("kinds", "not_resettable", message));
        }
        Ok(ParsedReset {
            account,
            kinds,
            note: parse_line(&self.note, "note", NOTE_CHARS_MAX)?,
        })
    }
}
