//! Limits, and what is consumed within them, given back and reset.

use std::collections::BTreeMap;

use domain::{AccountId, QuotaKind};
use store::QuotaReset;

use super::{Planner, consumption};
use crate::command::Command;
use crate::customer::Customer;
use crate::model::Model;

/// Kinds whose counters are reset.
const RESET: [QuotaKind; 4] = [
    QuotaKind::ShortForm,
    QuotaKind::AiRequest,
    QuotaKind::ApiCostUsdMicros,
    QuotaKind::StorageBytes,
];

impl Planner<'_> {
    /// Limits that a history reaches.
    pub(super) fn limit(&mut self, account: AccountId) -> Command {
        let mut limits = BTreeMap::new();
        for (kind, least, more) in [
            (QuotaKind::ShortForm, 1, 4),
            (QuotaKind::Upload, 1, 6),
            (QuotaKind::AiRequest, 4, 7),
            (QuotaKind::ApiCostUsdMicros, 4, 12),
            // Wide enough for two consumptions between two levels of alerts.
            (QuotaKind::StorageBytes, 4, 20),
            (QuotaKind::ConcurrentJobs, 1, 3),
        ] {
            let limit = least + self.rng.below(more);
            // One in ten has no limit, one in ten that of the plan.
            match self.rng.below(10) {
                0 => limits.insert(kind, None),
                1 => None,
                _ => limits.insert(kind, Some(limit)),
            };
        }
        Command::SetLimits(account, limits)
    }

    pub(super) fn consumption(&mut self, customer: &mut Customer, model: &Model) -> Command {
        match self.rng.below(100) {
            0..12 => self.reach(customer, model),
            12..50 => self.consume(),
            50..62 => self.cost(),
            62..82 => self.give_back(model),
            _ => {
                let kinds = RESET.into_iter().filter(|_| self.rng.percent(50)).collect();
                reset(customer, kinds)
            }
        }
    }

    /// What a provider charges, noted after it happened.
    pub(super) fn cost(&mut self) -> Command {
        let (quantity, call) = (1 + self.rng.below(4), self.resource());
        let used = consumption(QuotaKind::ApiCostUsdMicros, quantity, ("call", call));
        Command::NoteUse(vec![used])
    }

    /// As many bytes as are left to the next level of alerts, or one.
    pub(super) fn reach(&mut self, customer: &Customer, model: &Model) -> Command {
        let kind = QuotaKind::StorageBytes;
        let used = model.quotas.used(kind, customer.now);
        let limit = model.quotas.limit(kind).unwrap_or(used);
        let warned_from = (limit * 4).div_ceil(5);
        let quantity = warned_from.saturating_sub(used).max(1);
        Command::Consume(vec![consumption(kind, quantity, ("media", self.resource()))])
    }

    /// A cost that leaves nothing of the month.
    pub(super) fn use_up(&mut self, customer: &Customer, model: &Model) -> Command {
        let kind = QuotaKind::ApiCostUsdMicros;
        let left = model.quotas.limit(kind).map_or(1, |limit| {
            limit.saturating_sub(model.quotas.used(kind, customer.now))
        });
        Command::NoteUse(vec![consumption(kind, left.max(1), ("call", self.resource()))])
    }

    /// A new resource, or one that has been consumed for.
    pub(super) fn resource(&mut self) -> u64 {
        if self.rng.percent(20) {
            return self.number(self.resources);
        }
        self.resources += 1;
        self.resources
    }

    fn consume(&mut self) -> Command {
        let bytes = consumption(
            QuotaKind::StorageBytes,
            1 + self.rng.below(4),
            ("media", self.resource()),
        );
        let calls = consumption(
            QuotaKind::AiRequest,
            1 + self.rng.below(3),
            ("call", self.resource()),
        );
        Command::Consume(match self.rng.below(4) {
            0 => vec![bytes, calls],
            1 => vec![calls],
            _ => vec![bytes],
        })
    }

    pub(super) fn give_back(&mut self, model: &Model) -> Command {
        let log = model.quotas.log.iter();
        let stored = log.filter(|((kind, ..), _)| *kind == QuotaKind::StorageBytes);
        let stored: Vec<String> = stored.map(|((_, _, id), _)| id.clone()).collect();
        let id = self.rng.pick(&stored).cloned();
        let id = id.filter(|_| self.rng.percent(90));
        let id = id.unwrap_or_else(|| "media000".to_owned());
        Command::GiveBack(QuotaKind::StorageBytes, store::UsedFor::new("media", id))
    }
}

/// An operator sets counters to zero: those named, else that of storage.
pub(super) fn reset(customer: &mut Customer, mut kinds: Vec<QuotaKind>) -> Command {
    if kinds.is_empty() {
        kinds.push(QuotaKind::StorageBytes);
    }
    let reset = QuotaReset {
        id: customer.reset_id(),
        account_id: customer.account,
        counters: Vec::new(),
        note: "a reset".to_owned(),
        by: customer.account,
        at: customer.now,
    };
    Command::Reset(Box::new(reset), kinds)
}
