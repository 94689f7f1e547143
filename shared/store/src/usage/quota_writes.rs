//! The parts of a transaction that consume, and those that give back.
//!
//! Counters use a range condition instead of optimistic locking: the write succeeds while the limit holds, the alert
//! level is the same and no reset came. Concurrent writers of one counter therefore seldom fail each other, and an
//! alert is still written once, with the consumption that reached it.

use std::collections::BTreeMap;

use domain::notice::{Notice, NoticeSubject};
use domain::{AccountId, QuotaKind, Timestamp};
use ledger::{AlertLevel, Counter, Limits};

use crate::dynamo::codec::{encode, item, number, text};
use crate::dynamo::keys::Key;
use crate::dynamo::write::Write;
use crate::notices::notice_row;
use crate::usage::Alert;
use crate::usage::consumption::{Consumption, Use, UsedFor, counter_of};
use crate::{Store, StoreError};

/// Most that one consumption counts; a counter then stays in its range for ever.
const QUANTITY_MAX: u64 = 1_000_000_000_000_000;

/// Whether the limit decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitPolicy {
    /// Only what fits is consumed; the rest is refused.
    Enforce,
    /// The same, and a resource that was counted with another quantity is refused.
    EnforceNamed,
    /// It has happened already: it is counted, whatever the limit says.
    RecordOnly,
}

/// What is to be consumed by whom.
#[derive(Debug)]
pub(crate) struct ConsumeRequest<'a> {
    pub(crate) account: AccountId,
    pub(crate) limits: &'a Limits,
    pub(crate) wanted: &'a [Consumption],
    pub(crate) counters: &'a Counters,
    pub(crate) policy: LimitPolicy,
    pub(crate) now: Timestamp,
}

/// Counters as they were read.
pub(crate) type Counters = BTreeMap<QuotaKind, Counter>;

/// What gives a consumption back, but for the statistics of its day.
#[derive(Debug)]
pub(crate) struct GivingBack {
    pub(crate) writes: Vec<Write>,
    /// The day on which it was consumed.
    pub(crate) day: String,
    /// What is added to it; below zero.
    pub(crate) quantity: i128,
}

impl ConsumeRequest<'_> {
    fn by_kind(&self) -> BTreeMap<QuotaKind, u64> {
        let mut sums = BTreeMap::new();
        for one in self.wanted {
            let sum: &mut u64 = sums.entry(one.kind).or_default();
            *sum = sum.saturating_add(one.quantity.min(QUANTITY_MAX));
        }
        sums
    }

    fn counter(&self, kind: QuotaKind) -> Counter {
        self.counters.get(&kind).copied().unwrap_or_default()
    }

    fn limit(&self, kind: QuotaKind) -> Option<u64> {
        self.limits.of(kind)
    }
}

impl Store {
    /// Counters, alerts, log rows and the day's statistics of a consumption.
    ///
    /// # Errors
    /// [`StoreError::QuotaExceeded`].
    pub(crate) fn use_writes(&self, request: &ConsumeRequest<'_>) -> Result<Vec<Write>, StoreError> {
        let mut writes = self.consumption_writes(request)?;
        let sums = request.by_kind();
        let day: Vec<(&str, i128)> = sums
            .iter()
            .map(|(kind, quantity)| (kind.as_str(), i128::from(*quantity)))
            .collect();
        writes.push(self.day_write(request.account, &request.now.day(), &day));
        Ok(writes)
    }

    /// Counters, alerts and log rows of a consumption; the day's statistics are the caller's to write.
    ///
    /// # Errors
    /// [`StoreError::QuotaExceeded`].
    pub(crate) fn consumption_writes(&self, request: &ConsumeRequest<'_>) -> Result<Vec<Write>, StoreError> {
        let mut writes = Vec::new();
        let sums = request.by_kind();
        for (kind, quantity) in &sums {
            let counter = request.counter(*kind);
            if request.policy != LimitPolicy::RecordOnly {
                request
                    .limits
                    .check(*kind, counter.used, *quantity, request.now)
                    .map_err(StoreError::QuotaExceeded)?;
            }
            writes.extend(self.count_writes(request, *kind, *quantity, counter)?);
        }
        for one in request.wanted {
            writes.push(self.log_write(request, one, request.counter(one.kind).epoch)?);
        }
        Ok(writes)
    }

    /// A counter that counts more, and what is told of it.
    pub(crate) fn count_writes(
        &self,
        request: &ConsumeRequest<'_>,
        kind: QuotaKind,
        quantity: u64,
        counter: Counter,
    ) -> Result<Vec<Write>, StoreError> {
        let (after, alerted) = counter.consumed(quantity, request.limit(kind));
        let mut writes = vec![self.counter_write(request, kind, quantity, counter)];
        for level in alerted {
            writes.extend(self.alert_writes(request, kind, after, level)?);
        }
        Ok(writes)
    }

    fn counter_write(
        &self,
        request: &ConsumeRequest<'_>,
        kind: QuotaKind,
        quantity: u64,
        counter: Counter,
    ) -> Write {
        let limit = request.limit(kind);
        let (after, alerted) = counter.consumed(quantity, limit);
        let within = limit
            .filter(|_| request.policy != LimitPolicy::RecordOnly)
            .map(|limit| limit.saturating_sub(quantity));
        let quiet = counter
            .alerts_more_from(quantity, limit)
            .map(|bound| bound.saturating_sub(1));
        let most = [within, quiet].into_iter().flatten().min();
        let least = limit
            .zip(alerted.last())
            .map(|(limit, level)| level.from_used(limit).saturating_sub(quantity))
            .filter(|least| *least > 0);
        // A counter that is not there is one of zeros, and none ever goes away.
        let mut clauses = vec!["#alerted = :alerted", "#epoch = :epoch"];
        clauses.extend(most.map(|_| "#used <= :most"));
        let mut clauses: Vec<String> = clauses
            .into_iter()
            .map(|clause| format!("(attribute_not_exists(#used) OR {clause})"))
            .collect();
        clauses.extend(least.map(|_| "#used >= :least".to_owned()));
        let condition = clauses.join(" AND ");
        let mut write = Write::update(
            &self.tables.studio,
            Key::quota(request.account, kind, &kind.period().key(request.now)),
            "SET #kind = :kind, #alerted = :after, #epoch = :epoch ADD #used :quantity",
            &condition,
        )
        .value("kind", text("quota"))
        .value("alerted", number(counter.alerted))
        .value("after", number(after.alerted))
        .value("epoch", number(counter.epoch))
        .value("quantity", number(quantity));
        if let Some(most) = most {
            write = write.value("most", number(most));
        }
        if let Some(least) = least {
            write = write.value("least", number(least));
        }
        write
    }

    /// What was told of a counter, and the notice by which its owner is mailed.
    fn alert_writes(
        &self,
        request: &ConsumeRequest<'_>,
        kind: QuotaKind,
        after: Counter,
        level: AlertLevel,
    ) -> Result<[Write; 2], StoreError> {
        let period = kind.period().key(request.now);
        let limit = request.limit(kind).unwrap_or(u64::MAX);
        let notice = limit_notice((kind, level, &period), (after.used, limit), request.now);
        let key = Key::alert(request.account, &period, kind, level.as_str());
        let alert = Alert {
            kind,
            level,
            period,
            limit,
            used: after.used,
            at: request.now,
        };
        // The counter says what was told, and no reset makes it forget: told once, there is neither yet.
        let table = &self.tables.studio;
        Ok([
            Write::put_unconditional(table, item(key, "alert", &alert)?),
            Write::put_unconditional(table, notice_row(request.account, &notice)?),
        ])
    }

    fn log_write(
        &self,
        request: &ConsumeRequest<'_>,
        one: &Consumption,
        epoch: u32,
    ) -> Result<Write, StoreError> {
        let key = Key::used_for(request.account, one.kind, &one.used_for.r#type, &one.used_for.id);
        let used = Use {
            kind: one.kind,
            quantity: one.quantity.min(QUANTITY_MAX),
            used_for: one.used_for.clone(),
            period: one.kind.period().key(request.now),
            epoch,
            at: request.now,
            given_back_at: None,
        };
        let row = item(key, "use", &used)?;
        Ok(Write::put(&self.tables.studio, row, "attribute_not_exists(pk)"))
    }

    /// Adds to the statistics of a day.
    pub(crate) fn day_write(&self, account: AccountId, day: &str, adds: &[(&str, i128)]) -> Write {
        let parts: Vec<String> = adds.iter().map(|(name, _)| format!("#{name} :{name}")).collect();
        // Statistics follow, they never decide.
        let write = Write::update_unconditional(
            &self.tables.studio,
            Key::usage(account, day),
            &format!("SET #kind = :kind, #day = :day ADD {}", parts.join(", ")),
        )
        .value("kind", text("usage"))
        .value("day", text(day));
        adds.iter().fold(write, |write, (name, quantity)| {
            write.value(name, number(*quantity))
        })
    }

    /// What gives a consumption back: nothing when there was none, or it was given back before.
    pub(crate) async fn give_back_writes(
        &self,
        account: AccountId,
        kind: QuotaKind,
        of: &UsedFor,
        now: Timestamp,
    ) -> Result<Vec<Write>, StoreError> {
        let Some(back) = self.giving_back(account, kind, of, now).await? else {
            return Ok(Vec::new());
        };
        let mut writes = back.writes;
        writes.push(self.day_write(account, &back.day, &[(kind.as_str(), back.quantity)]));
        Ok(writes)
    }

    /// As [`Self::give_back_writes`]; the day's statistics are the caller's to write.
    pub(crate) async fn giving_back(
        &self,
        account: AccountId,
        kind: QuotaKind,
        of: &UsedFor,
        now: Timestamp,
    ) -> Result<Option<GivingBack>, StoreError> {
        let used = self.used(account, kind, of).await?;
        let Some(used) = used.filter(|used| used.given_back_at.is_none()) else {
            return Ok(None);
        };
        let table = &self.tables.studio;
        let log = Key::used_for(account, kind, &of.r#type, &of.id);
        let back = 0_i128.saturating_sub(i128::from(used.quantity));
        let mut writes = vec![
            Write::update(
                table,
                log,
                "SET #body.#given_back_at = :now",
                "attribute_not_exists(#body.#given_back_at)",
            )
            .value("now", encode(&now)?),
        ];
        let key = Key::quota(account, kind, &used.period);
        let row = self.get("read a counter", table, key.clone()).await?;
        let counter = row.as_ref().map(counter_of).transpose()?.unwrap_or_default();
        // Epochs only rise: what a reset has forgotten stays forgotten.
        if counter.epoch == used.epoch {
            let write = Write::update(table, key, "ADD #used :back", "#epoch = :epoch")
                .value("back", number(back))
                .value("epoch", number(used.epoch));
            writes.push(write);
        }
        Ok(Some(GivingBack {
            writes,
            day: used.at.day(),
            quantity: back,
        }))
    }
}

/// What the owner of a counter is told when it reaches a level.
fn limit_notice(
    (kind, level, period): (QuotaKind, AlertLevel, &str),
    (used, limit): (u64, u64),
    now: Timestamp,
) -> Notice {
    let quota = kind.as_str().to_owned();
    let resets_at = kind.period().resets_at(now);
    let key = format!("{period}:limit_{}:{quota}", level.as_str());
    let subject = match level {
        AlertLevel::Warning => NoticeSubject::LimitWarning {
            quota,
            used,
            limit,
            resets_at,
        },
        AlertLevel::Critical => NoticeSubject::LimitCritical {
            quota,
            used,
            limit,
            resets_at,
        },
    };
    Notice {
        key,
        subject,
        created_at: now,
        mailed_at: None,
    }
}
