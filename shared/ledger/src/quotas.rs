//! What a plan lets an account consume, and when that is worth a warning.
//!
//! | level | from | once per |
//! |---|---|---|
//! | [`AlertLevel::Warning`] | 80 % of the limit | kind and period |
//! | [`AlertLevel::Critical`] | 95 % of the limit | kind and period |

use std::collections::BTreeMap;

use domain::account::PlanId;
use domain::{QuotaKind, QuotaRefusal, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Plan, plan};

/// How much of a limit is used, as far as anyone is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertLevel {
    /// 80 % or more.
    Warning,
    /// 95 % or more.
    Critical,
}

impl AlertLevel {
    /// Every level, the lower first.
    pub const ALL: [Self; 2] = [Self::Warning, Self::Critical];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    /// Percent of the limit from which it holds.
    pub const fn percent(self) -> u8 {
        match self {
            Self::Warning => 80,
            Self::Critical => 95,
        }
    }

    /// The least use of a limit that has this level, at least 1: a limit of nothing warns of nothing.
    pub fn from_used(self, limit: u64) -> u64 {
        let hundredths = u128::from(limit).saturating_mul(u128::from(self.percent()));
        u64::try_from(hundredths.div_ceil(100)).unwrap_or(u64::MAX).max(1)
    }

    /// The highest level of a use.
    pub fn of(used: u64, limit: u64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .rev()
            .find(|level| used >= level.from_used(limit))
    }
}

/// What was consumed of one kind in one period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counter {
    /// Consumed since the period began, or since its last reset.
    pub used: u64,
    /// Percent of the highest level that was told in this period; 0 for none.
    pub alerted: u8,
    /// Resets in this period.
    pub epoch: u32,
}

impl Counter {
    /// The counter after a consumption, and the levels that are told with it.
    pub fn consumed(self, quantity: u64, limit: Option<u64>) -> (Self, Vec<AlertLevel>) {
        let used = self.used.saturating_add(quantity);
        let reached = limit.and_then(|limit| AlertLevel::of(used, limit));
        let new: Vec<AlertLevel> = AlertLevel::ALL
            .into_iter()
            .filter(|level| Some(*level) <= reached && level.percent() > self.alerted)
            .collect();
        let alerted = new.last().map_or(self.alerted, |level| level.percent());
        let after = Self {
            used,
            alerted,
            ..self
        };
        (after, new)
    }

    /// From how much on a consumption of `quantity` would tell more, or less, than planned: the use before it must
    /// stay below.
    ///
    /// A plan that tells the highest level, or has no limit, is bounded by nothing.
    pub fn alerts_more_from(self, quantity: u64, limit: Option<u64>) -> Option<u64> {
        let (after, _) = self.consumed(quantity, limit);
        let next = AlertLevel::ALL
            .into_iter()
            .find(|level| level.percent() > after.alerted)?;
        limit.map(|limit| next.from_used(limit).saturating_sub(quantity))
    }
}

/// What an account may consume: its plan, and what an operator has set for it alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The account's plan, whose limits hold where nothing else is set.
    pub plan: Plan,
    /// Limits of this account alone; none inside is unlimited.
    pub overrides: BTreeMap<QuotaKind, Option<u64>>,
}

impl Limits {
    /// No limits: nothing is refused, and nobody is warned.
    pub fn none() -> Self {
        Self {
            plan: Plan {
                video_seconds_max: u32::MAX,
                ..plan(PlanId::Professional)
            },
            overrides: QuotaKind::ALL.into_iter().map(|kind| (kind, None)).collect(),
        }
    }

    /// The limit of a kind in its period; none is unlimited.
    pub fn of(&self, kind: QuotaKind) -> Option<u64> {
        self.overrides
            .get(&kind)
            .copied()
            .unwrap_or_else(|| self.plan.limit(kind))
    }

    /// Whether `quantity` more fits.
    ///
    /// # Errors
    /// [`QuotaRefusal`] when it does not.
    pub fn check(
        &self,
        kind: QuotaKind,
        used: u64,
        quantity: u64,
        now: Timestamp,
    ) -> Result<(), QuotaRefusal> {
        match self.of(kind) {
            Some(limit) if used.saturating_add(quantity) > limit => {
                Err(QuotaRefusal::new(kind, limit, used, quantity, now))
            }
            Some(_) | None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
