//! Why a job could not start now, without starting it: what a quote tells.
//!
//! The start decides by the conditions of its transaction; the rules are the same functions.

use domain::job::{JobKind, Step};
use domain::member::{Spender, SpenderId};
use domain::ports::Work;
use domain::{AccountId, Credits, QuotaKind, Timestamp};
use ledger::{Limits, Wallet};

use crate::credits::budgets::over_budget;
use crate::{Store, StoreError};

/// A start to be checked, and not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartCheck {
    /// Account that would pay.
    pub account: AccountId,
    /// What would be made.
    pub kind: JobKind,
    /// Seconds that the settings ask for.
    pub duration_s: u32,
    /// Credits that would be held.
    pub held: Credits,
    /// The most that it may hold.
    pub max_credits: Option<Credits>,
    /// Whose budget it would be counted on.
    pub spender: Option<Spender>,
}

impl Store {
    /// Everything that stands against a start now, in the order in which the start would say it.
    ///
    /// # Promises
    /// Writes nothing. What is free here may be taken when the job is started: the start decides.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account, and those of the database.
    pub fn start_refusals<'a>(
        &'a self,
        asked: &'a StartCheck,
        now: Timestamp,
    ) -> Work<'a, Result<Vec<StoreError>, StoreError>> {
        Box::pin(async move {
            let limits = self.limits(asked.account).await?;
            let wallet = self.wallet(asked.account).await?;
            let mut refusals = Vec::new();
            refusals.extend(above_max(asked.held, asked.max_credits));
            refusals.extend(uncovered(&wallet, asked.held, now));
            refusals.extend(too_long(asked.duration_s, &limits));
            refusals.extend(too_many(&wallet, &limits, now));
            for kind in counted(asked.kind) {
                let counter = self.counter(asked.account, kind, now).await?.unwrap_or_default();
                let checked = limits.check(kind, counter.used, 1, now);
                refusals.extend(checked.map_err(StoreError::QuotaExceeded).err());
            }
            if let Some(spender) = asked.spender {
                refusals.extend(self.without_budget(asked, spender, now).await?);
            }
            Ok(refusals)
        })
    }

    /// The budget that a start would go beyond: the spender's own, else that of the key's maker.
    async fn without_budget(
        &self,
        asked: &StartCheck,
        spender: Spender,
        now: Timestamp,
    ) -> Result<Option<StoreError>, StoreError> {
        let spent = self.spent_this_month(asked.account, now).await?;
        let room = |by: SpenderId, limit: Option<Credits>| {
            let limit = limit?;
            let taken = spent.get(&by).copied().unwrap_or(Credits::ZERO);
            let fits = taken.checked_add(asked.held).is_ok_and(|sum| sum <= limit);
            (!fits).then(|| over_budget(asked.held, limit, now))
        };
        let own = room(spender.by, spender.monthly_credits);
        let maker = spender.maker;
        let makers = maker.and_then(|maker| room(SpenderId::Member(maker.id), maker.monthly_credits));
        Ok(own.or(makers))
    }
}

/// A hold above what the customer lets the job take.
pub(crate) fn above_max(needed: Credits, max_credits: Option<Credits>) -> Option<StoreError> {
    max_credits
        .filter(|max| needed > *max)
        .map(|max_credits| StoreError::AboveMax { needed, max_credits })
}

/// A video that is longer than the plan allows.
pub(crate) fn too_long(duration_s: u32, limits: &Limits) -> Option<StoreError> {
    let limit = limits.plan.video_seconds_max;
    (duration_s > limit).then(|| StoreError::PlanLimit {
        field: "duration_s",
        limit: limit.into(),
        wanted: duration_s.into(),
    })
}

/// As many open jobs as the account may have.
pub(crate) fn too_many(wallet: &Wallet, limits: &Limits, now: Timestamp) -> Option<StoreError> {
    let open = wallet.open_holds().into();
    let checked = limits.check(QuotaKind::ConcurrentJobs, open, 1, now);
    checked.map_err(StoreError::QuotaExceeded).err()
}

/// A hold that the wallet does not cover, or that stands beside a debt.
fn uncovered(wallet: &Wallet, needed: Credits, now: Timestamp) -> Option<StoreError> {
    let debt = wallet.debt();
    if !debt.is_zero() {
        return Some(StoreError::InDebt { debt });
    }
    let available = wallet.available_at(now);
    (needed > available).then_some(StoreError::Insufficient { needed, available })
}

/// The quotas by whose counter a start is refused.
fn counted(kind: JobKind) -> impl Iterator<Item = QuotaKind> {
    let video = kind.runs(Step::Composition).then_some(QuotaKind::ShortForm);
    video.into_iter().chain([QuotaKind::ApiCostUsdMicros])
}
