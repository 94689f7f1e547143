//! An operator adds credits to an account, once per key, and may set its plan, role and limits.
//!
//! Called by hand (`lambda invoke`); whoever may invoke it is an operator.
//!
//! # Shape
//! `events/grant-credits/`.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::account::{PlanId, Role};
use domain::ports::{Clock, IdSource};
use domain::settings::parse_line;
use domain::{AccountId, Credits, Failure, Invalid, LotId, QuotaKind, Timestamp, TransactionId};
use ledger::{Grant, Origin};
use runtime::{Env, RandomIds, StartError, SystemClock};
use serde::{Deserialize, Serialize};
use store::{Applied, Store};

/// Most credits of one grant: ten of the largest packs; more is a slip of the hand.
pub const CREDITS_MAX: u64 = 100_000;
/// Longest key and note, in characters.
pub const TEXT_CHARS_MAX: usize = 200;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Wallets and accounts.
    pub store: Store,
    /// Decides the expiry.
    pub clock: Arc<dyn Clock>,
    /// Ids of the lot and of its row.
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
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
        })
    }
}

/// What the operator asks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Who gets them.
    pub account_id: AccountId,
    /// How many, 1 to [`CREDITS_MAX`].
    pub credits: u64,
    /// Where they come from; decides when they expire.
    pub origin: Origin,
    /// What it is for: the same key grants once.
    pub key: String,
    /// Why, for the customer's history.
    pub note: String,
    /// Plan to set.
    #[serde(default)]
    pub plan: Option<PlanId>,
    /// Role to set.
    #[serde(default)]
    pub role: Option<Role>,
    /// Limits of this account alone, by kind, null for no limit: they replace those that were set before, and what
    /// is not named is the plan's.
    #[serde(default)]
    pub limits: Option<BTreeMap<QuotaKind, Option<u64>>>,
}

/// What was done.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Done {
    /// False when the key had granted before.
    pub granted: bool,
    /// The history row of the grant.
    pub transaction_id: TransactionId,
    /// Credits that can be used now.
    pub available: Credits,
}

/// Grants, then sets plan, role and limits.
///
/// # Promises
/// Idempotent on the key for the credits; plan, role and limits are set again by a repeat.
///
/// # Errors
/// `validation_failed` with the field, `not_found` for an unknown account; nothing is written then.
pub async fn handle(deps: &Deps, order: Order) -> Result<Done, Failure> {
    let now = deps.clock.now();
    let grant = grant_of(&order, deps.ids.as_ref(), now)?;
    let granted = deps.store.grant(order.account_id, grant, now).await?;
    if order.plan.is_some() || order.role.is_some() {
        deps.store
            .set_standing(order.account_id, order.plan, order.role, now)
            .await?;
    }
    if let Some(limits) = order.limits {
        deps.store.set_overrides(order.account_id, limits).await?;
    }
    let wallet = deps.store.wallet(order.account_id).await?;
    let done = Done {
        granted: matches!(granted, Applied::New(_)),
        transaction_id: granted.transaction().id,
        available: wallet.available_at(now),
    };
    tracing::info!(account.id = %order.account_id, transaction.id = %done.transaction_id, granted = done.granted, "credits granted by an operator");
    Ok(done)
}

fn grant_of(order: &Order, ids: &dyn IdSource, now: Timestamp) -> Result<Grant, Invalid> {
    if !(1..=CREDITS_MAX).contains(&order.credits) {
        let message = format!("must be 1 to {CREDITS_MAX}");
        return Err(Invalid::new("credits", "range", &message));
    }
    Ok(Grant {
        key: parse_line(&order.key, "key", TEXT_CHARS_MAX)?,
        lot_id: LotId::new(ids.mint(now)),
        transaction_id: TransactionId::new(ids.mint(now)),
        origin: order.origin,
        credits: Credits::new(order.credits),
        expires_at: now.plus_days(order.origin.days()),
        note: Some(parse_line(&order.note, "note", TEXT_CHARS_MAX)?),
    })
}
