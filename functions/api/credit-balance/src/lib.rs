//! `GET /v1/credit/balance`: what can be used now, what is held for open jobs, and what was used.

use api::{Access, Request, Response, admit};
use domain::{Credits, Failure, LotId, Timestamp};
use http::Method;
use ledger::{Lot, Origin, Wallet};
use runtime::{Env, StartError};
use serde::Serialize;
use store::Store;
use utoipa::{OpenApi, ToSchema};

/// What it works with.
#[derive(Debug)]
pub struct Deps {
    /// Wallets.
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
#[openapi(paths(show_balance))]
pub struct Docs;

/// The account's credits.
#[derive(Debug, Serialize, ToSchema)]
struct BalanceView {
    /// Credits that can be used now.
    available: Credits,
    /// Credits held for open jobs.
    held: Credits,
    /// Credits charged so far.
    used: Credits,
    /// Parcels with credits, the one that is used first first.
    lots: Vec<LotView>,
}

/// A parcel of credits.
#[derive(Debug, Serialize, ToSchema)]
struct LotView {
    /// Id.
    #[schema(value_type = String)]
    id: LotId,
    /// Where it came from.
    origin: Origin,
    /// Credits that can be used.
    remaining: Credits,
    /// Credits of it that open jobs hold; they do not expire while they are held.
    held: Credits,
    /// When what remains expires.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl LotView {
    /// Expired credits are shown as gone, also before the wallet's next write removes them.
    fn of(lot: &Lot, now: Timestamp) -> Option<Self> {
        let remaining = if lot.is_expired(now) {
            Credits::ZERO
        } else {
            lot.remaining
        };
        (!remaining.is_zero() || !lot.held.is_zero()).then_some(Self {
            id: lot.id,
            origin: lot.origin,
            remaining,
            held: lot.held,
            expires_at: lot.expires_at,
        })
    }
}

fn view(wallet: &Wallet, now: Timestamp) -> BalanceView {
    BalanceView {
        available: wallet.available_at(now),
        held: wallet.held(),
        used: wallet.used(),
        lots: wallet
            .lots()
            .iter()
            .filter_map(|lot| LotView::of(lot, now))
            .collect(),
    }
}

/// Answers one call.
///
/// # Errors
/// [`Failure`] with the codes of [`admit`], or the store's own.
pub async fn handle(deps: &Deps, request: Request) -> Result<Response, Failure> {
    match request.method {
        Method::GET => show_balance(deps, &request).await,
        _ => Err(request.method_not_allowed()),
    }
}

/// Reads the balance.
#[utoipa::path(get, path = "/v1/credit/balance", tag = "credits",
    responses((status = 200, description = "The account's credits now.", body = BalanceView)))]
async fn show_balance(deps: &Deps, request: &Request) -> Result<Response, Failure> {
    let caller = admit(&deps.store, request, Access::Read).await?;
    let wallet = deps.store.wallet(caller.account_id).await?;
    Response::ok(&view(&wallet, request.now))
}
