//! The start of a run: hold, history, job and project in one transaction.

use domain::job::{Job, JobState};
use domain::member::{Spender, SpenderId};
use domain::ports::Work;
use domain::project::ProjectStatus;
use domain::{Timestamp, TransactionId};
use ledger::{HoldRequest, Limits, WalletError};

use crate::credits::budgets::spender_refusal;
use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{encode, item, number, text, time};
use crate::dynamo::keys::{self, Key};
use crate::dynamo::transaction::{Part, Transacted, Transaction};
use crate::dynamo::write::Write;
use crate::jobs::start_checks::above_max;
use crate::{Store, StoreError};

/// Milliseconds after a start at which the sweep first looks at the run.
///
/// Longer than a start takes, so that a healthy one is seldom due before its machine runs.
pub const FIRST_DUE_MS: i64 = 60_000;

const START: &str = "start a job";

/// How a start ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// The credits are held and the job is there.
    New,
    /// An earlier call had started the same run; the job as it is now.
    Already(Box<Job>),
}

/// What must be true of the job's row.
#[derive(Debug, Clone, Copy)]
enum Before {
    /// There is none.
    Absent,
    /// This run of it has failed or was cancelled.
    Ended { run: u32 },
}

/// A start, and what it has to keep to.
#[derive(Debug, Clone, Copy)]
struct Begin<'a> {
    before: Before,
    limits: &'a Limits,
}

impl Store {
    /// Starts a job within its account's limits: holds its credits and takes its project, all or nothing.
    ///
    /// # Promises
    /// Idempotent on the job's id: a repeat answers [`Started::Already`] and holds nothing more.
    /// Many starts on one wallet at once take turns here.
    ///
    /// # Errors
    /// [`StoreError::Insufficient`], [`StoreError::InDebt`], [`StoreError::AboveMax`], [`StoreError::OverBudget`],
    /// [`StoreError::QuotaExceeded`], [`StoreError::PlanLimit`],
    /// [`StoreError::JobActive`] when another job works on the project,
    /// [`StoreError::NotFound`] when there is no such account or project, or its spender, or the maker of
    /// its key, is no member any more.
    pub fn start_job<'a>(
        &'a self,
        job: &'a Job,
        limits: &'a Limits,
        transaction_id: TransactionId,
        now: Timestamp,
    ) -> Work<'a, Result<Started, StoreError>> {
        let before = Before::Absent;
        Box::pin(self.start(job, Begin { before, limits }, transaction_id, now))
    }

    /// Starts the next run of a job that failed or was cancelled; `job` replaces the row of the run before.
    ///
    /// # Promises
    /// Idempotent on job and run, as [`Self::start_job`].
    ///
    /// # Errors
    /// As [`Self::start_job`], and [`StoreError::JobNotResumable`] when the row is not an ended run before this one.
    pub fn restart_job<'a>(
        &'a self,
        job: &'a Job,
        limits: &'a Limits,
        transaction_id: TransactionId,
        now: Timestamp,
    ) -> Work<'a, Result<Started, StoreError>> {
        let run = job.run.saturating_sub(1);
        let before = Before::Ended { run };
        Box::pin(self.start(job, Begin { before, limits }, transaction_id, now))
    }

    async fn start(
        &self,
        job: &Job,
        begin: Begin<'_>,
        transaction_id: TransactionId,
        now: Timestamp,
    ) -> Result<Started, StoreError> {
        let request = HoldRequest {
            job_id: job.id,
            run: job.run,
            spender: job.spender.map(|spender| spender.by),
            maker: job
                .spender
                .and_then(|spender| spender.maker)
                .map(|maker| maker.id),
            credits: job.held,
            transaction_id,
        };
        if let Some(refusal) = above_max(job.held, job.max_credits) {
            return Err(refusal);
        }
        let attempt = || self.try_to_start(job, begin, &request, now);
        self.retrying(START, transaction_id.body(), attempt).await
    }

    async fn try_to_start(
        &self,
        job: &Job,
        Begin { before, limits }: Begin<'_>,
        request: &HoldRequest,
        now: Timestamp,
    ) -> Result<Attempt<Started>, StoreError> {
        let wallet = self.wallet(job.account_id).await?;
        let (posted, hold) = match wallet.hold(request, now) {
            Ok(moved) => moved,
            Err(error @ (WalletError::Insufficient { .. } | WalletError::InDebt { .. })) => {
                // A repeat must not say 402 because of its own hold, nor a taken project.
                return self
                    .started_or(job, before, StoreError::wallet(START, error))
                    .await;
            }
            Err(other) => return Err(StoreError::wallet(START, other)),
        };
        let quota = match self.start_quota(job, limits, &wallet, now).await {
            Ok(writes) => writes,
            Err(error) => return self.started_or(job, before, error).await,
        };
        let budget = match self.spend(job.account_id, job.spender, job.held, now) {
            Ok(budget) => budget,
            // The hold is above the whole month's budget; a repeat is still answered with the job that the first call
            // began.
            Err(error) => return self.started_or(job, before, error).await,
        };
        let hold_key = Key::hold(job.account_id, job.id, job.run);
        let hold = item(hold_key, "hold", &hold)?;
        let transaction = Transaction::new()
            .add(Part::Job, self.job_write(job, before, now)?)
            .add(Part::Project, self.take_project(job, now)?)
            // The job's row says that this run is new, so its hold is.
            .add(Part::Hold, Write::put_unconditional(&self.tables.ledger, hold))
            .add_parts(budget)
            .add_all(&Part::Member, self.member_write(job)?)
            .add_all(&Part::Wallet, self.move_writes(job.account_id, &posted)?)
            .add_all(&Part::Quota, quota);
        let Transacted::Cancelled(failed_parts) = self.transact(START, transaction).await? else {
            return Ok(Attempt::Done(Started::New));
        };
        if (failed_parts.contains(&Part::Job) || failed_parts.contains(&Part::Project))
            && let Some(started) = self.start_refusal(job, before).await?
        {
            return Ok(Attempt::Done(started));
        }
        if let Some(refusal) = spender_refusal(job, &failed_parts, now) {
            return self.started_or(job, before, refusal).await;
        }
        Ok(Attempt::Retry)
    }

    /// The run, when an earlier delivery of this very start has begun it; else `refusal`, or what stands before it.
    async fn started_or(
        &self,
        job: &Job,
        before: Before,
        refusal: StoreError,
    ) -> Result<Attempt<Started>, StoreError> {
        let started = self.start_refusal(job, before).await?;
        started.map(Attempt::Done).ok_or(refusal)
    }

    /// Why a start cannot be written; `None` if it only lost a race and should be retried.
    ///
    /// A duplicate delivery is recognised as [`Started::Already`]: the project is read before the job, so when this
    /// very start has taken the project, its job is found too. A project still marked by an earlier run of the same job
    /// does not refuse it.
    async fn start_refusal(&self, job: &Job, before: Before) -> Result<Option<Started>, StoreError> {
        let project = self.project(job.account_id, job.project_id).await?;
        match self.job(job.account_id, job.id).await {
            Ok(stored) if stored.run == job.run => return Ok(Some(Started::Already(Box::new(stored)))),
            Ok(stored) => match before {
                Before::Ended { run } if stored.run == run && !stored.state.is_open() => {
                    if stored.state == JobState::Completed {
                        return Err(StoreError::JobNotResumable { state: stored.state });
                    }
                }
                Before::Ended { .. } | Before::Absent => {
                    return Err(StoreError::JobNotResumable { state: stored.state });
                }
            },
            Err(StoreError::NotFound { .. }) if matches!(before, Before::Absent) => {}
            Err(other) => return Err(other),
        }
        if let Some(active) = project.active_job.filter(|active| *active != job.id) {
            return Err(StoreError::JobActive { job: active });
        }
        Ok(None)
    }

    /// The condition that the spender is still a member, or that its key's maker may still hold keys; none for others.
    fn member_write(&self, job: &Job) -> Result<Option<Write>, StoreError> {
        let Some(Spender { by, maker, .. }) = job.spender else {
            return Ok(None);
        };
        match (by, maker) {
            (SpenderId::Member(member), _) => self.still_member(job.account_id, member).map(Some),
            (SpenderId::Key(_), Some(maker)) => self.still_holds_keys(job.account_id, maker.id).map(Some),
            (SpenderId::Key(_), None) => Ok(None),
        }
    }

    fn job_write(&self, job: &Job, before: Before, now: Timestamp) -> Result<Write, StoreError> {
        let mut row = item(Key::job(job.account_id, job.id), "job", job)?;
        row.insert("due_shard".to_owned(), text(&keys::job_shard(job.id)));
        row.insert("due_at".to_owned(), time(now.plus_ms(FIRST_DUE_MS)));
        let table = &self.tables.studio;
        Ok(match before {
            Before::Absent => Write::put(table, row, "attribute_not_exists(pk)"),
            Before::Ended { run } => Write::put(
                table,
                row,
                "#body.#run = :run AND #body.#state IN (:failed, :cancelled)",
            )
            .value("run", number(run))
            .value("failed", encode(&JobState::Failed)?)
            .value("cancelled", encode(&JobState::Cancelled)?),
        })
    }

    fn take_project(&self, job: &Job, now: Timestamp) -> Result<Write, StoreError> {
        Ok(Write::update(
            &self.tables.studio,
            Key::project(job.account_id, job.project_id),
            "SET #body.#active_job = :job, #body.#last_job = :job, #body.#status = :processing, #body.#updated_at = :now, \
             #body.#version = #body.#version + :one",
            "attribute_exists(pk) AND attribute_not_exists(#body.#active_job)",
        )
        .value("job", encode(&job.id)?)
        .value("processing", encode(&ProjectStatus::Processing)?)
        .value("now", encode(&now)?)
        .value("one", number(1)))
    }
}
