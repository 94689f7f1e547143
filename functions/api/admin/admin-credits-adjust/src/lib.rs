//! `GET|POST /v1/admin/credits/adjust`: operators correct a balance; a large correction waits for a second operator.
//!
//! # Shape
//! `events/admin-credits-adjust/`.

use std::sync::Arc;

use api::{Access, IdempotencyDeps, PageView, Request, Response, authorize, idempotent};
use audit::{Corrections, corrections};
use domain::ports::IdSource;
use domain::settings::parse_line;
use domain::{AccountId, AdjustmentId, Credits, Failure, Invalid};
use http::Method;
use ledger::{Change, Correction, CorrectionOrder, CorrectionState};
use runtime::{Env, RandomIds, StartError};
use serde::Deserialize;
use store::Store;
use utoipa::{OpenApi, ToSchema};

/// Most credits of one correction: ten of the largest packs; more is a slip of the hand.
pub const CREDITS_MAX: u64 = 100_000;
/// Longest note, in characters.
pub const NOTE_CHARS_MAX: usize = 200;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Use cases of corrections.
    pub corrections: Corrections,
    /// Ids of corrections.
    pub ids: Arc<dyn IdSource>,
}

impl Deps {
    /// Connects to the store.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable, or a limit that is not a number.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            corrections: Corrections::new(
                runtime::store(env).await?,
                Credits::new(
                    env.number_or("ADJUST_ALONE_MAX", corrections::ALONE_MAX_DEFAULT)?
                        .into(),
                ),
            ),
            ids: Arc::new(RandomIds),
        })
    }
}

impl IdempotencyDeps for Deps {
    fn store(&self) -> &Store {
        self.corrections.store()
    }

    fn ids(&self) -> &dyn IdSource {
        self.ids.as_ref()
    }
}

/// The operations of this route, for `docs/openapi.json`.
#[derive(Debug, OpenApi)]
#[openapi(paths(list_corrections, adjust_credits))]
pub struct Docs;

/// A correction of a balance by an operator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AdjustCreditsRequest {
    /// Whose balance.
    account_id: String,
    /// Credits that come (positive) or go (negative); -100,000 to 100,000 and not zero. What goes beyond the balance
    /// is owed.
    #[schema(minimum = -100_000, maximum = 100_000)]
    credits: i64,
    /// Why; the customer reads it in the history. 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    note: String,
}

/// Dispatches on the HTTP method.
///
/// # Errors
/// [`Failure`] with the codes of [`authorize`] and [`idempotent`], `validation_failed`, `not_found`, or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => list_corrections(deps, &request).await,
        Method::POST => adjust_credits(deps, &request).await,
        _ => Err(request.method_not_allowed(&[Method::GET, Method::POST])),
    }
}

/// Lists corrections, also those that wait.
#[utoipa::path(get, path = "/v1/admin/credits/adjust", tag = "admin",
    params(
        ("limit" = Option<u32>, Query, description = "Entries of a page, 1 to 100; default 20."),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before."),
    ),
    responses((status = 200, description = "A page, newest first.", body = PageView<Correction>)))]
async fn list_corrections(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    authorize(
        deps.corrections.store(),
        request.with_query(&["limit", "cursor"]),
        Access::Admin,
    )
    .await?;
    let page = deps
        .corrections
        .store()
        .balance_corrections(&request.page()?)
        .await?;
    Response::ok(&PageView::<Correction>::of(page))
}

/// Corrects a balance, or asks a second operator.
#[utoipa::path(post, path = "/v1/admin/credits/adjust", tag = "admin", request_body = AdjustCreditsRequest,
    responses(
        (status = 200, description = "It is in the history.", body = Correction),
        (status = 202, description = "It waits for a second operator.", body = Correction),
        (status = 404, description = "not_found")))]
async fn adjust_credits(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let store = deps.corrections.store();
    let caller = authorize(store, request, Access::Admin).await?;
    let parsed = request.json::<AdjustCreditsRequest>()?.parse()?;
    idempotent(deps, &caller, request, async |ids| {
        let (account_id, credits, note) = parsed;
        let order = CorrectionOrder {
            id: AdjustmentId::new(ids.mint(request.now)),
            account_id,
            credits,
            note,
            asked_by: caller.account_id,
        };
        let correction = deps.corrections.ask(order, request.now).await?;
        match correction.state {
            CorrectionState::Approved => Response::ok(&correction),
            CorrectionState::Pending => {
                let path = format!("/v1/admin/credits/adjust/{}", correction.id);
                Ok(Response::accepted(&correction)?.found_at(&path))
            }
        }
    })
    .await
}

impl AdjustCreditsRequest {
    fn parse(self) -> Result<(AccountId, Change, String), Invalid> {
        let account: AccountId = self
            .account_id
            .parse()
            .map_err(|invalid: Invalid| invalid.named("account_id"))?;
        let size = self.credits.unsigned_abs();
        if !(1..=CREDITS_MAX).contains(&size) {
            let message = format!("must be -{CREDITS_MAX} to {CREDITS_MAX} and not 0");
            return Err(Invalid::new("credits", "range", &message));
        }
        let credits = if self.credits < 0 {
            Change::minus(Credits::new(size))
        } else {
            Change::plus(Credits::new(size))
        };
        Ok((account, credits, parse_line(&self.note, "note", NOTE_CHARS_MAX)?))
    }
}
