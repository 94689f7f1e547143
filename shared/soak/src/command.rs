//! What can be asked of the store in a run, and what it may answer.

use domain::job::{Job, Step};
use domain::outputs::Output;
use domain::{AccountId, JobState, Timestamp, TransactionId};
use ledger::{Adjustment, ClawBack, Grant, Reversal};
use store::{Applied, EndJob, Ended, JobEnding, JobRun, OutputNote, Started, Store, StoreError};

use crate::customer::voice_of;

/// One delivery with all its ids: a repeat is the same command again.
#[derive(Debug, Clone)]
pub(crate) enum Command {
    /// Credits come in.
    Grant(Grant),
    /// Credits are taken back.
    ClawBack(ClawBack),
    /// A claw back did not stand.
    Reverse(Reversal),
    /// An operator corrects the balance.
    Adjust(Adjustment),
    /// A job's first run.
    Start(Box<Job>, TransactionId),
    /// A job's next run.
    Restart(Box<Job>, TransactionId),
    /// A step of the run begins.
    Begin(JobRun),
    /// A step's output is kept and noted.
    Keep(JobRun),
    /// A step is done.
    Done(JobRun),
    /// The run ends.
    End(Box<EndJob>, TransactionId),
}

impl Command {
    /// Whether it moves credits: then it does so in one transaction, or not at all.
    pub(crate) const fn moves_credits(&self) -> bool {
        !matches!(self, Self::Begin(_) | Self::Keep(_) | Self::Done(_))
    }
}

/// A definite answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was done now.
    Done,
    /// It had been done before, or somebody else was first.
    Already,
    /// Too few credits: needed and available.
    Insufficient(u64, u64),
    /// So many credits are owed.
    InDebt(u64),
    /// The project has another job.
    JobActive,
    /// The job is not where a next run can begin.
    NotResumable(JobState),
    /// The run is not open any more; where the job stands.
    JobEnded(JobState),
    /// No such job, or no such claw back.
    NotFound,
    /// It cannot be: a receipt above its hold.
    Corrupt,
    /// Nothing that the store should say here.
    Odd(String),
}

/// The account that a command is for has the project, so only jobs and claw backs can be missing.
///
/// # Errors
/// Those after which a caller delivers it again: nobody knows whether it was done.
pub(crate) async fn deliver(
    store: &Store,
    account: AccountId,
    command: &Command,
    now: Timestamp,
) -> Result<Outcome, StoreError> {
    let applied = |answer: Applied| match answer {
        Applied::New(_) => Outcome::Done,
        Applied::Already(_) => Outcome::Already,
    };
    let started = |answer: Started| match answer {
        Started::New => Outcome::Done,
        Started::Already(_) => Outcome::Already,
    };
    let answer = match command {
        Command::Grant(grant) => store.grant(account, grant.clone(), now).await.map(applied),
        Command::ClawBack(back) => store.claw_back(account, back.clone(), now).await.map(applied),
        Command::Reverse(reversal) => {
            let reversed = store.reverse_claw_back(account, reversal.clone(), now).await;
            reversed.map(applied)
        }
        Command::Adjust(adjustment) => store.adjust(account, adjustment.clone(), now).await.map(applied),
        Command::Start(job, row) => store.start_job(job, *row, now).await.map(started),
        Command::Restart(job, row) => {
            let previous = job.run.saturating_sub(1);
            store.restart_job(job, previous, *row, now).await.map(started)
        }
        Command::Begin(at) => store
            .begin_step(*at, Step::Voice, now)
            .await
            .map(|()| Outcome::Done),
        Command::Keep(at) => keep(store, *at, now).await.map(|()| Outcome::Done),
        Command::Done(at) => store
            .end_step(*at, Step::Voice, now)
            .await
            .map(|()| Outcome::Done),
        Command::End(end, row) => store.end_job(end, *row, now).await.map(|answer| match answer {
            Ended::Now(_) => Outcome::Done,
            Ended::Already(_) => Outcome::Already,
        }),
    };
    answer.or_else(refusal)
}

async fn keep(store: &Store, at: JobRun, now: Timestamp) -> Result<(), StoreError> {
    let made = voice_of(at.job_id);
    let output = Output::Voice {
        voice: made.value.clone(),
    };
    store
        .put_output(at.account_id, &made.input_hash, &output, &made.provider, now)
        .await?;
    store.note_output(at, &OutputNote::Voice(made)).await
}

fn refusal(error: StoreError) -> Result<Outcome, StoreError> {
    Ok(match error {
        StoreError::Insufficient { needed, available } => {
            Outcome::Insufficient(needed.get(), available.get())
        }
        StoreError::InDebt { debt } => Outcome::InDebt(debt.get()),
        StoreError::JobActive => Outcome::JobActive,
        StoreError::JobNotResumable { state } => Outcome::NotResumable(known(state)),
        StoreError::JobEnded { state } => Outcome::JobEnded(known(state)),
        StoreError::NotFound { .. } => Outcome::NotFound,
        StoreError::Corrupt { .. } => Outcome::Corrupt,
        again @ (StoreError::Unavailable { .. }
        | StoreError::Throttled { .. }
        | StoreError::Contended { .. }) => return Err(again),
        other => Outcome::Odd(format!("{other:?}")),
    })
}

/// Whether a step began is no matter of credits: the model knows open and ended.
const fn known(state: JobState) -> JobState {
    match state {
        JobState::Processing => JobState::Pending,
        other => other,
    }
}

/// State that an ending leads to, and what it charges.
pub(crate) const fn ended(ending: &JobEnding) -> (JobState, u64) {
    match ending {
        JobEnding::Completed { receipt, .. } => (JobState::Completed, receipt.charged.get()),
        JobEnding::Failed { .. } => (JobState::Failed, 0),
        JobEnding::Cancelled { .. } => (JobState::Cancelled, 0),
    }
}
