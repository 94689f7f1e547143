//! Quotas of the model: counters, what they were consumed for, and their alerts.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::PlanId;
use domain::{QuotaKind, QuotaResetId, Timestamp};
use ledger::plan;
use store::{Consumption, QuotaReset, UsedFor};

use crate::command::Outcome;

/// The kinds that a history consumes.
pub(crate) const KINDS: [QuotaKind; 6] = [
    QuotaKind::ShortForm,
    QuotaKind::Upload,
    QuotaKind::AiRequest,
    QuotaKind::ApiCostUsdMicros,
    QuotaKind::StorageBytes,
    QuotaKind::ConcurrentJobs,
];
/// Percent of a limit that raise an alert: the rule, not the ledger's constants.
const LEVELS: [(u64, &str); 2] = [(80, "warning"), (95, "critical")];

/// Whether a limit decides over a consumption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitPolicy {
    Enforce,
    /// It has happened already.
    RecordOnly,
}

/// A counter of a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) used: u64,
    pub(crate) alerted: u64,
    pub(crate) epoch: u64,
}

/// A consumption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) quantity: u64,
    pub(crate) epoch: u64,
    pub(crate) is_given_back: bool,
    period: String,
    day: String,
}

/// Everything that is counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Quotas {
    /// What stands above the plan.
    pub(crate) limits: BTreeMap<QuotaKind, Option<u64>>,
    /// By kind and period.
    pub(crate) counts: BTreeMap<(QuotaKind, String), Count>,
    /// By kind, type and id of the resource.
    pub(crate) log: BTreeMap<(QuotaKind, String, String), Entry>,
    /// By day and name.
    pub(crate) days: BTreeMap<(String, String), i64>,
    /// Every alert: period, kind and level.
    pub(crate) alerts: BTreeSet<String>,
    /// Alerts of the last command.
    pub(crate) alerted_now: BTreeSet<String>,
    resets: BTreeSet<QuotaResetId>,
}

impl Quotas {
    /// The limit of a kind; none is unlimited.
    pub(crate) fn limit(&self, kind: QuotaKind) -> Option<u64> {
        let own = self.limits.get(&kind).copied();
        own.unwrap_or_else(|| plan(PlanId::Free).limit(kind))
    }

    pub(crate) fn used(&self, kind: QuotaKind, now: Timestamp) -> u64 {
        let period = kind.period().key(now);
        self.counts.get(&(kind, period)).map_or(0, |count| count.used)
    }

    /// Consumes all of it that was not consumed for the same resources before.
    pub(super) fn consume(&mut self, wanted: &[Consumption], policy: LimitPolicy, now: Timestamp) -> Outcome {
        let key = |one: &Consumption| (one.kind, one.used_for.r#type.clone(), one.used_for.id.clone());
        let new: Vec<&Consumption> = wanted
            .iter()
            .filter(|one| !self.log.contains_key(&key(one)))
            .collect();
        if new.is_empty() {
            return Outcome::Already;
        }
        let mut sums: BTreeMap<QuotaKind, u64> = BTreeMap::new();
        for one in &new {
            *sums.entry(one.kind).or_default() += one.quantity;
        }
        for (kind, more) in sums {
            let used = self.used(kind, now);
            if let Some(limit) = self
                .limit(kind)
                .filter(|limit| policy == LimitPolicy::Enforce && used + more > *limit)
            {
                return Outcome::Exceeded(kind, limit, used, more);
            }
        }
        for one in new {
            let of = &one.used_for;
            self.add(one.kind, one.quantity, (&of.r#type, &of.id), now);
        }
        Outcome::Done
    }

    /// Adds a consumption, with its alerts.
    pub(super) fn add(&mut self, kind: QuotaKind, quantity: u64, of: (&str, &str), now: Timestamp) {
        let period = kind.period().key(now);
        let epoch = self.count(kind, &period, quantity);
        let entry = Entry {
            quantity,
            epoch,
            is_given_back: false,
            period,
            day: now.day(),
        };
        let (resource, id) = of;
        self.log.insert((kind, resource.to_owned(), id.to_owned()), entry);
        self.day(now, kind.as_str(), i64::try_from(quantity).unwrap_or(i64::MAX));
    }

    /// Counts more, with its alerts; answers with the counter's epoch.
    fn count(&mut self, kind: QuotaKind, period: &str, more: u64) -> u64 {
        let limit = self.limit(kind);
        let count = self.counts.entry((kind, period.to_owned())).or_default();
        count.used += more;
        for (percent, level) in LEVELS {
            let is_reached = limit.is_some_and(|limit| count.used > 0 && count.used * 100 >= limit * percent);
            if is_reached && count.alerted < percent {
                count.alerted = percent;
                let alert = format!("{period}#{}#{level}", kind.as_str());
                self.alerts.insert(alert.clone());
                self.alerted_now.insert(alert);
            }
        }
        count.epoch
    }

    /// Brings a consumption to another quantity; what was counted before a reset is counted anew.
    pub(super) fn correct(
        &mut self,
        kind: QuotaKind,
        (resource, id): (&str, &str),
        quantity: u64,
        now: Timestamp,
    ) -> Outcome {
        let key = (kind, resource.to_owned(), id.to_owned());
        let Some(entry) = self.log.get(&key).cloned().filter(|entry| !entry.is_given_back) else {
            return Outcome::Corrupt;
        };
        if entry.quantity == quantity {
            return Outcome::Done;
        }
        let place = (kind, entry.period.clone());
        let count = self.counts.get(&place).copied().unwrap_or_default();
        let standing = if count.epoch == entry.epoch {
            entry.quantity
        } else {
            0
        };
        if quantity > standing {
            let (used, more) = (self.used(kind, now), quantity - standing);
            if let Some(limit) = self.limit(kind).filter(|limit| used + more > *limit) {
                return Outcome::Exceeded(kind, limit, used, more);
            }
            self.count(kind, &entry.period, more);
        } else if let Some(count) = self.counts.get_mut(&place) {
            count.used -= standing - quantity;
        }
        let signed = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        let day = (entry.day.clone(), kind.as_str().to_owned());
        *self.days.entry(day).or_default() += signed(quantity) - signed(entry.quantity);
        let epoch = count.epoch;
        self.log.insert(
            key,
            Entry {
                quantity,
                epoch,
                ..entry
            },
        );
        Outcome::Done
    }

    pub(super) fn day(&mut self, now: Timestamp, name: &str, change: i64) {
        *self.days.entry((now.day(), name.to_owned())).or_default() += change;
    }

    pub(super) fn give_back(&mut self, kind: QuotaKind, of: &UsedFor) -> Outcome {
        if self.back(kind, (&of.r#type, &of.id)) {
            Outcome::Done
        } else {
            Outcome::Already
        }
    }

    /// Whether there was something to give back.
    pub(super) fn back(&mut self, kind: QuotaKind, (resource, id): (&str, &str)) -> bool {
        let entry = self.log.get_mut(&(kind, resource.to_owned(), id.to_owned()));
        let Some(entry) = entry.filter(|entry| !entry.is_given_back) else {
            return false;
        };
        entry.is_given_back = true;
        let day = (entry.day.clone(), kind.as_str().to_owned());
        *self.days.entry(day).or_default() -= i64::try_from(entry.quantity).unwrap_or(i64::MAX);
        let count = self.counts.get_mut(&(kind, entry.period.clone()));
        if let Some(count) = count.filter(|count| count.epoch == entry.epoch) {
            count.used = count.used.saturating_sub(entry.quantity);
        }
        true
    }

    pub(super) fn reset(&mut self, reset: &QuotaReset, kinds: &[QuotaKind]) -> Outcome {
        if !self.resets.insert(reset.id) {
            return Outcome::Already;
        }
        for kind in kinds {
            let period = kind.period().key(reset.at);
            let count = self.counts.entry((*kind, period)).or_default();
            count.used = 0;
            count.epoch += 1;
        }
        Outcome::Done
    }
}
