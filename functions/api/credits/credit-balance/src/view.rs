//! The balance on the wire.

use std::collections::BTreeMap;

use domain::{Credits, CreditsError, LotId, Timestamp};
use ledger::{Lot, Origin, Wallet};
use serde::Serialize;
use utoipa::ToSchema;

/// Days ahead for which credits that expire are added up: a week to act, and a month to plan.
const WINDOWS_DAYS: [i64; 2] = [7, 30];

/// The account's credits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BalanceView {
    /// Credits that can be used now.
    available: Credits,
    /// Credits held for open jobs.
    held: Credits,
    /// Open jobs that hold them.
    open_jobs: u32,
    /// Credits charged so far.
    used: Credits,
    /// Credits owed since a refund took back more than there was; until they are paid, no job starts.
    debt: Credits,
    /// What expires within 7 and within 30 days, unless it is used.
    expiring: Vec<ExpiringView>,
    /// Lots with credits, the one that is used first first.
    lots: Vec<LotView>,
}

/// What expires within some days.
#[derive(Debug, Serialize, ToSchema)]
struct ExpiringView {
    /// Days from now.
    within_days: i64,
    /// All of it.
    credits: Credits,
    /// Day by day and origin by origin, the first first.
    groups: Vec<ExpiringGroup>,
}

/// What expires on one day.
#[derive(Debug, Serialize, ToSchema)]
struct ExpiringGroup {
    /// The day in UTC.
    #[schema(example = "2026-12-21")]
    day: String,
    /// Where it came from.
    origin: Origin,
    /// Credits that nobody holds; what open jobs hold does not expire.
    credits: Credits,
    /// When the first of them expires.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// A lot: credits with one origin and one expiry.
#[derive(Debug, Serialize, ToSchema)]
struct LotView {
    /// Unique id of the lot.
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

impl BalanceView {
    pub(crate) fn of(wallet: &Wallet, now: Timestamp) -> Result<Self, CreditsError> {
        let expiring = WINDOWS_DAYS.map(|days| ExpiringView::of(wallet, days, now));
        Ok(Self {
            available: wallet.available_at(now),
            held: wallet.held(),
            open_jobs: wallet.open_holds(),
            used: wallet.used(),
            debt: wallet.debt(),
            expiring: expiring.into_iter().collect::<Result<_, _>>()?,
            lots: wallet
                .lots()
                .iter()
                .filter_map(|lot| LotView::of(lot, now))
                .collect(),
        })
    }
}

impl ExpiringView {
    fn of(wallet: &Wallet, days: i64, now: Timestamp) -> Result<Self, CreditsError> {
        let mut groups: BTreeMap<(String, Origin), ExpiringGroup> = BTreeMap::new();
        let soon = wallet.expiring(now.plus_days(days));
        for lot in soon.filter(|lot| !lot.is_expired(now)) {
            let day = lot.expires_at.day();
            let group = groups
                .entry((day.clone(), lot.origin))
                .or_insert_with(|| ExpiringGroup {
                    day,
                    origin: lot.origin,
                    credits: Credits::ZERO,
                    expires_at: lot.expires_at,
                });
            group.credits = group.credits.checked_add(lot.remaining)?;
        }
        let groups: Vec<ExpiringGroup> = groups.into_values().collect();
        Ok(Self {
            within_days: days,
            credits: Credits::sum(groups.iter().map(|group| group.credits))?,
            groups,
        })
    }
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
