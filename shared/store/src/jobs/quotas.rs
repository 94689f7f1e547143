//! What a job consumes of its account's quotas: a start is counted within the plan's limits, a delivery is counted at
//! the end, and a run that fails gives its start back.

use domain::job::{Job, JobOutcome, Step};
use domain::outputs::Source;
use domain::{QuotaKind, Timestamp};
use ledger::{Limits, Wallet};

use crate::dynamo::codec::{number, text};
use crate::dynamo::keys::Key;
use crate::dynamo::write::Write;
use crate::jobs::ends::EndJob;
use crate::jobs::start_checks::{too_long, too_many};
use crate::usage::consumption::{Consumption, UsedFor};
use crate::usage::quota_writes::{ConsumeRequest, LimitPolicy};
use crate::usage::{CREDITS, VIDEOS};
use crate::{Store, StoreError};

/// A run as the log names it: each run of a job consumes on its own.
fn run_of(job: &Job) -> UsedFor {
    UsedFor::new("job", job.execution_name())
}

impl Store {
    /// The parts of a start that consume, by limits that were just read.
    ///
    /// The number of open jobs needs no condition: it stands in the wallet, which the start writes under its own
    /// condition.
    ///
    /// # Errors
    /// [`StoreError::QuotaExceeded`], [`StoreError::PlanLimit`].
    pub(crate) async fn start_quota(
        &self,
        job: &Job,
        limits: &Limits,
        wallet: &Wallet,
        now: Timestamp,
    ) -> Result<Vec<Write>, StoreError> {
        let refusal = too_long(job.settings.duration_s, limits).or_else(|| too_many(wallet, limits, now));
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        let mut writes = Vec::new();
        if job.kind.runs(Step::Composition) {
            let wanted = [Consumption {
                kind: QuotaKind::ShortForm,
                quantity: 1,
                used_for: run_of(job),
            }];
            let counters = self.counters(job.account_id, &wanted, now).await?;
            let request = ConsumeRequest {
                account: job.account_id,
                limits,
                wanted: &wanted,
                counters: &counters,
                policy: LimitPolicy::Enforce,
                now,
            };
            writes = self.use_writes(&request)?;
        }
        if let Some(limit) = limits.of(QuotaKind::ApiCostUsdMicros) {
            writes.push(self.cost_check(job, limits, limit, now).await?);
        }
        Ok(writes)
    }

    /// Refuses a start when the month's provider costs are used up. What this job will cost is not known yet, so
    /// nothing is consumed.
    async fn cost_check(
        &self,
        job: &Job,
        limits: &Limits,
        limit: u64,
        now: Timestamp,
    ) -> Result<Write, StoreError> {
        let kind = QuotaKind::ApiCostUsdMicros;
        let counter = self.counter(job.account_id, kind, now).await?.unwrap_or_default();
        limits
            .check(kind, counter.used, 1, now)
            .map_err(StoreError::QuotaExceeded)?;
        let key = Key::quota(job.account_id, kind, &kind.period().key(now));
        Ok(Write::update(
            &self.tables.studio,
            key,
            "SET #kind = :kind",
            "attribute_not_exists(#used) OR #used < :limit",
        )
        .value("kind", text("quota"))
        .value("limit", number(limit)))
    }

    /// What gives a run's short form back that made nothing new: the writes, and what the day of today gets for it.
    async fn unused_short_form(
        &self,
        job: &Job,
        today: &str,
        now: Timestamp,
    ) -> Result<(Vec<Write>, Option<(&'static str, i128)>), StoreError> {
        let kind = QuotaKind::ShortForm;
        let Some(back) = self.giving_back(job.account_id, kind, &run_of(job), now).await? else {
            return Ok((Vec::new(), None));
        };
        let day = (kind.as_str(), back.quantity);
        let mut writes = back.writes;
        if back.day == today {
            return Ok((writes, Some(day)));
        }
        writes.push(self.day_write(job.account_id, &back.day, &[day]));
        Ok((writes, None))
    }

    /// The parts of an end: what was delivered is counted, what was not is given back. A video that an earlier job has
    /// paid for is no delivery: it gives the start back and counts nothing.
    pub(crate) async fn end_quota(
        &self,
        job: &Job,
        end: &EndJob,
        now: Timestamp,
    ) -> Result<Vec<Write>, StoreError> {
        if end.outcome != JobOutcome::Completed {
            return self
                .give_back_writes(job.account_id, QuotaKind::ShortForm, &run_of(job), now)
                .await;
        }
        let today = now.day();
        let mut adds = vec![(CREDITS, i128::from(end.receipt.charged.get()))];
        let mut writes = Vec::new();
        let video = job
            .outputs
            .video
            .as_ref()
            .filter(|_| job.kind.runs(Step::Composition));
        if video.is_some_and(|made| made.source == Source::AlreadyPaid) {
            let (back, of_today) = self.unused_short_form(job, &today, now).await?;
            writes.extend(back);
            adds.extend(of_today);
        } else if let Some(made) = video {
            let kind = QuotaKind::RenderSeconds;
            let seconds = u64::from(made.value.duration_ms.div_ceil(1000));
            let wanted = [Consumption {
                kind,
                quantity: seconds,
                used_for: run_of(job),
            }];
            let counters = self.counters(job.account_id, &wanted, now).await?;
            let request = ConsumeRequest {
                account: job.account_id,
                limits: &Limits::none(),
                wanted: &wanted,
                counters: &counters,
                policy: LimitPolicy::RecordOnly,
                now,
            };
            // A transaction may write an item once: the row of the day is written below, with everything in it.
            writes = self.consumption_writes(&request)?;
            adds.extend([(VIDEOS, 1), (kind.as_str(), i128::from(seconds))]);
        }
        writes.push(self.day_write(job.account_id, &today, &adds));
        Ok(writes)
    }
}
