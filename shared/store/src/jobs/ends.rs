//! The end of a run: hold, history, job, project and paid outputs in one transaction.
//!
//! The first end wins: the run's state is a condition of the transaction, so a hold ends exactly once.

use std::collections::BTreeSet;

use domain::job::{Job, JobOutcome};
use domain::outputs::{InputHash, Outputs};
use domain::ports::Work;
use domain::project::{Project, ProjectStatus};
use domain::receipt::Receipt;
use domain::{AccountId, Timestamp, TransactionId};
use ledger::{Hold, Wallet};
use tokio::sync::Mutex;

use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{decode, encode, item, number};
use crate::dynamo::item::Item;
use crate::dynamo::keys::Key;
use crate::dynamo::transaction::{Part, Transacted, Transaction};
use crate::dynamo::write::Write;
use crate::jobs::receipts::{RUN_END, RunEnd};
use crate::jobs::{RUN_IS_OPEN, of_open_run};
use crate::{Store, StoreError, StoredOutput};
use rules::{ended_hold, ended_job, outputs_as_priced, paid_outputs, returned, take_outputs};

mod rules;

/// A run to be ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndJob {
    /// The job as it was priced: its ids, its run, what it held, and which of its outputs were paid for before.
    pub job: Job,
    /// How it ends.
    pub outcome: JobOutcome,
    /// What is charged; nothing unless the run is completed.
    pub receipt: Receipt,
    /// The project's outputs after a completed run; `None` leaves them as they are.
    pub project_outputs: Option<Outputs>,
}

/// Whether this call ended the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// This call ended it; the job as it is now.
    Now(Box<Job>),
    /// The run had ended before, or the job is in a later run; the job as it is now.
    Already(Box<Job>),
}

impl Ended {
    /// The job as it is now.
    pub fn job(&self) -> &Job {
        match self {
            Self::Now(job) | Self::Already(job) => job,
        }
    }
}

/// What earlier attempts have found out about the outputs that this end marks as paid.
#[derive(Debug, Default)]
struct OutputsFound {
    /// Their rows are gone: they are not marked.
    lost: Vec<InputHash>,
    /// Another job was charged for them since this one was priced.
    paid_meanwhile: BTreeSet<InputHash>,
}

/// Everything that an end reads.
struct Before {
    wallet: Wallet,
    /// Missing only when the run began while its rows were read.
    hold: Option<Hold>,
    job: Job,
    /// Missing only when rows were lost; the credits are given back all the same.
    project: Option<Project>,
}

const OPERATION: &str = "end a job";

impl Store {
    /// Ends a run: settles or releases its hold, frees its project, and marks what was paid for.
    ///
    /// # Promises
    /// The first call ends the run, every other one gets [`Ended::Already`]. All of it is written, or nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Corrupt`] for a receipt above the hold. And when the receipt is out of
    /// date: [`StoreError::PaidMeanwhile`] names outputs that other jobs were charged for since,
    /// [`StoreError::Conflict`] says that the hold has grown; the caller prices the job again. Nothing is written.
    pub fn end_job<'a>(
        &'a self,
        end: &'a EndJob,
        transaction_id: TransactionId,
        now: Timestamp,
    ) -> Work<'a, Result<Ended, StoreError>> {
        Box::pin(self.end(end, transaction_id, now))
    }

    async fn end(
        &self,
        end: &EndJob,
        transaction_id: TransactionId,
        now: Timestamp,
    ) -> Result<Ended, StoreError> {
        let found = Mutex::new(OutputsFound::default());
        // Boxed: an attempt holds a whole job and its hold.
        let attempt = || {
            Box::pin(async {
                let mut found = found.lock().await;
                Box::pin(self.try_to_end(end, &mut found, transaction_id, now)).await
            })
        };
        self.retrying(OPERATION, transaction_id.body(), attempt).await
    }

    async fn try_to_end(
        &self,
        end: &EndJob,
        found: &mut OutputsFound,
        transaction_id: TransactionId,
        now: Timestamp,
    ) -> Result<Attempt<Ended>, StoreError> {
        let before = match self.before_end(&end.job).await? {
            Ok(before) => before,
            Err(ended) => return Ok(Attempt::Done(Ended::Already(Box::new(ended)))),
        };
        // Checked only now: as long as the run is open, no earlier try of this very end has marked them as paid.
        if !found.paid_meanwhile.is_empty() {
            let hashes = std::mem::take(&mut found.paid_meanwhile);
            return Err(StoreError::PaidMeanwhile { hashes });
        }
        if before.job.held != end.job.held {
            return Err(StoreError::Conflict { what: "hold" });
        }
        let priced = Job {
            outputs: outputs_as_priced(&before.job, &end.job),
            ..before.job.clone()
        };
        let after = ended_job(&priced, end, now)?;
        let (posted, hold) = match ended_hold(&before, end, transaction_id, now) {
            Ok(ended) => ended,
            Err(error) => {
                // Its hold may have begun or grown after the wallet was read.
                self.if_unmoved(end.job.account_id, &before.wallet, error).await?;
                return Ok(Attempt::Retry);
            }
        };
        let paid = paid_outputs(&priced, &end.outcome, &found.lost);
        let returned = returned(&hold)?;
        let transaction = self
            .mark_paid(&before.job, paid)?
            .add(Part::Job, self.end_job_row(&before.job, &after)?)
            .add(Part::Hold, self.end_hold(&after, &hold)?)
            .add_all(&Part::Budget, self.unspend(end.job.account_id, &hold, returned))
            .add_all(&Part::Wallet, self.move_writes(end.job.account_id, &posted)?)
            .add_all(&Part::Project, self.free_project(&before, end, now)?)
            .add_all(&Part::Quota, self.end_quota(&priced, end, now).await?);
        let Transacted::Cancelled(failed_parts) = self.transact(OPERATION, transaction).await? else {
            return Ok(Attempt::Done(Ended::Now(Box::new(after))));
        };
        for part in failed_parts {
            let Part::Output(hash) = part else { continue };
            match self.is_paid(end.job.account_id, &hash).await? {
                Some(is_paid) => found.paid_meanwhile.extend(is_paid.then_some(hash)),
                None => found.lost.push(hash),
            }
        }
        Ok(Attempt::Retry)
    }

    /// Everything an end needs, or the job when there is nothing to end.
    ///
    /// The wallet is read first. Whatever starts, extends or ends a hold also changes the wallet: if the rows that
    /// follow this wallet can be written, nothing that was read after it has changed.
    async fn before_end(&self, job: &Job) -> Result<Result<Before, Job>, StoreError> {
        let hold_key = Key::hold(job.account_id, job.id, job.run);
        let project_key = Key::project(job.account_id, job.project_id);
        let wallet = self.wallet(job.account_id).await?;
        let (hold, project, stored) = tokio::try_join!(
            self.get(OPERATION, &self.tables.ledger, hold_key),
            self.get(OPERATION, &self.tables.studio, project_key),
            self.job(job.account_id, job.id),
        )?;
        if stored.run != job.run || !stored.state.is_open() {
            return Ok(Err(stored));
        }
        Ok(Ok(Before {
            wallet,
            hold: hold.map(decode::<Hold>).transpose()?,
            job: stored,
            project: project.map(decode::<Project>).transpose()?,
        }))
    }

    fn end_job_row(&self, before: &Job, after: &Job) -> Result<Write, StoreError> {
        let mut change =
            "SET #body.#state = :after, #body.#ended_at = :ended_at, #body.#receipt = :receipt".to_owned();
        if after.failure.is_some() {
            change.push_str(", #body.#failure = :failure");
        }
        // Written only if the pricing changed them: a step may note one more output while a failed run ends.
        let repriced = after.outputs != before.outputs;
        if repriced {
            change.push_str(", #body.#outputs = :outputs");
        }
        // Out of the index of open jobs.
        change.push_str(" REMOVE #due_shard, #due_at");
        let mut write = Write::update(
            &self.tables.studio,
            Key::job(before.account_id, before.id),
            &change,
            RUN_IS_OPEN,
        )
        .value("after", encode(&after.state)?)
        .value("ended_at", encode(&after.ended_at)?)
        .value("receipt", encode(&after.receipt)?);
        if repriced {
            write = write.value("outputs", encode(&after.outputs)?);
        }
        if let Some(failure) = &after.failure {
            write = write.value("failure", encode(failure)?);
        }
        of_open_run(write, before.run)
    }

    fn end_hold(&self, after: &Job, hold: &Hold) -> Result<Write, StoreError> {
        let key = Key::hold(after.account_id, hold.job_id, hold.run);
        let mut row: Item = item(key, "hold", hold)?;
        row.insert(RUN_END.to_owned(), encode(&RunEnd::of(after))?);
        Ok(Write::put_unconditional(&self.tables.ledger, row))
    }

    fn free_project(&self, before: &Before, end: &EndJob, now: Timestamp) -> Result<Vec<Write>, StoreError> {
        let Some(project) = &before.project else {
            return Ok(Vec::new());
        };
        let mut versions = Vec::new();
        let mut next = Project {
            active_job: None,
            version: project.version.saturating_add(1),
            updated_at: now,
            ..project.clone()
        };
        if end.outcome == JobOutcome::Completed {
            if let Some(outputs) = &end.project_outputs {
                versions = take_outputs(&mut next, outputs, &before.job, now);
            }
            next.generation_cost = next
                .generation_cost
                .checked_add(end.receipt.charged)
                .map_err(|error| StoreError::corrupt(OPERATION, error))?;
        }
        next.status = match end.outcome {
            JobOutcome::Failed(_) => ProjectStatus::Failed,
            JobOutcome::Completed | JobOutcome::Cancelled if next.outputs.video.is_some() => {
                ProjectStatus::Ready
            }
            JobOutcome::Completed | JobOutcome::Cancelled => ProjectStatus::Draft,
        };
        let write = Write::put(
            &self.tables.studio,
            item(Key::project(project.account_id, project.id), "project", &next)?,
            "#body.#version = :version",
        )
        .value("version", number(project.version));
        let mut writes = vec![write];
        writes.extend(self.script_writes(project.account_id, &versions)?);
        Ok(writes)
    }

    /// Whether a stored output is paid for; none when it is not there any more.
    async fn is_paid(&self, account: AccountId, hash: &InputHash) -> Result<Option<bool>, StoreError> {
        let row = self
            .get(OPERATION, &self.tables.studio, Key::output(account, hash))
            .await?;
        let output = row.map(decode::<StoredOutput>).transpose()?;
        Ok(output.map(|output| output.paid))
    }

    fn mark_paid(&self, job: &Job, paid: Vec<InputHash>) -> Result<Transaction, StoreError> {
        let mut marks = Transaction::new();
        for hash in paid {
            let write = Write::update(
                &self.tables.studio,
                Key::output(job.account_id, &hash),
                "SET #body.#paid = :yes",
                "#body.#paid = :no",
            )
            .value("yes", encode(&true)?)
            .value("no", encode(&false)?);
            marks = marks.add(Part::Output(hash), write);
        }
        Ok(marks)
    }
}
