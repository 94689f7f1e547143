//! What can be asked of the store in a run, and what it may answer.

use std::collections::BTreeMap;

use domain::asset::{Asset, AssetEvent};
use domain::job::{Job, JobOutcome, Step};
use domain::outputs::{Output, Source};
use domain::project::Project;
use domain::{AccountId, Credits, JobState, ProjectId, QuotaKind, Timestamp, TransactionId};
use ledger::{Adjustment, ClawBack, Grant, Reversal};
use store::{
    Applied, AssetRef, Consumed, Consumption, EndJob, Ended, JobRun, NewAccount, OutputNote, QuotaReset,
    Started, Store, StoreError, UsedFor,
};

use crate::customer::Fixture;

/// One delivery with all its ids: a repeat is the same command again.
#[derive(Debug, Clone)]
pub(crate) enum Command {
    /// The account is made, perhaps with a gift.
    SignUp(Box<NewAccount>, Option<Grant>),
    /// A project is made.
    CreateProject(Box<Project>),
    /// A project as it was read gets another name.
    EditProject(Box<Project>),
    /// A project is deleted.
    DeleteProject(ProjectId),
    /// Limits of an account; a stranger's too.
    SetLimits(AccountId, BTreeMap<QuotaKind, Option<u64>>),
    /// Credits come in.
    Grant(Grant),
    /// Credits are taken back.
    ClawBack(ClawBack),
    /// A claw back did not stand.
    Reverse(Reversal),
    /// An operator corrects the balance.
    Adjust(Adjustment),
    /// What has expired is written off.
    ExpireCredits,
    /// A job's first run.
    Start(Box<Job>, TransactionId),
    /// A job's next run.
    Restart(Box<Job>, TransactionId),
    /// The run's hold grows.
    Extend(JobRun, Credits, TransactionId),
    /// A step of the run begins.
    BeginStep(JobRun),
    /// A step's output is looked up, made when there is none, stored and noted in the job.
    Produce(JobRun),
    /// A step is done.
    EndStep(JobRun),
    /// The run ends.
    End(Box<EndJob>, TransactionId),
    /// Consumes within the limits.
    Consume(Vec<Consumption>),
    /// Notes what was consumed already.
    NoteUse(Vec<Consumption>),
    /// What was consumed for a resource is given back.
    GiveBack(QuotaKind, UsedFor),
    /// An asset is declared, and room for it reserved.
    DeclareAsset(Box<Asset>),
    /// Something happens to an asset.
    MoveAsset(AssetRef, Box<AssetEvent>),
    /// An asset is deleted.
    DeleteAsset(AssetRef),
    /// An operator sets counters to zero.
    Reset(Box<QuotaReset>, Vec<QuotaKind>),
}

/// The write that does what a command is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// A transaction.
    Transaction,
    /// A new item, or another in its place.
    Put,
    /// Some attributes of an item.
    Update,
    /// An item goes away.
    Delete,
}

impl Command {
    /// The one write that does it.
    pub(crate) const fn act(&self) -> Act {
        match self {
            Self::CreateProject(_) | Self::EditProject(_) => Act::Put,
            Self::DeleteProject(_) => Act::Delete,
            Self::SetLimits(..) | Self::BeginStep(_) | Self::Produce(_) | Self::EndStep(_) => Act::Update,
            _ => Act::Transaction,
        }
    }

    /// Whether it moves credits: each move first writes off what has expired.
    pub(crate) const fn moves_credits(&self) -> bool {
        matches!(
            self,
            Self::Grant(_)
                | Self::ClawBack(_)
                | Self::Reverse(_)
                | Self::Adjust(_)
                | Self::ExpireCredits
                | Self::Start(..)
                | Self::Restart(..)
                | Self::Extend(..)
                | Self::End(..)
        )
    }

    /// Whether `Done` says that this very call did it, and nothing before.
    pub(crate) const fn tells_now(&self) -> bool {
        !matches!(
            self,
            Self::SetLimits(..) | Self::BeginStep(_) | Self::Produce(_) | Self::EndStep(_)
        )
    }
}

/// A definite answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was done now.
    Done,
    /// It is so: done before, or now where the store does not tell the two apart.
    Already,
    /// Done, and the output had to be made.
    Produced,
    /// Too few credits: needed and available.
    Insufficient(u64, u64),
    /// So many credits are owed.
    InDebt(u64),
    /// Above the most that the job may hold.
    AboveMax,
    /// Above what the key may take in a month.
    OverBudget,
    /// Above a limit: kind, limit, used and wanted.
    Exceeded(QuotaKind, u64, u64, u64),
    /// The project has another job, or any.
    JobActive,
    /// The job is not where a next run can begin.
    NotResumable(JobState),
    /// The run is not open any more; where the job stands.
    JobEnded(JobState),
    /// Another job was charged for the same output; this one has to be priced again.
    PaidMeanwhile,
    /// The hold is not the one that was priced.
    HoldGrown,
    /// The project is not the one that was read.
    Conflict,
    /// No such account, project, job or claw back.
    NotFound,
    /// It cannot be: a receipt above its hold.
    Corrupt,
    /// Nothing that the store should say here.
    Odd(String),
}

/// Gives commands to the store.
#[derive(Clone, Copy)]
pub(crate) struct Executor<'a> {
    pub(crate) store: &'a Store,
    pub(crate) fixture: &'a Fixture,
    pub(crate) account: AccountId,
    pub(crate) now: Timestamp,
}

impl Executor<'_> {
    /// Executes one command.
    ///
    /// # Errors
    /// Those after which a caller delivers it again: nobody knows whether it was done.
    pub(crate) async fn execute(self, command: &Command) -> Result<Outcome, StoreError> {
        let answer = match command {
            Command::Grant(_)
            | Command::ClawBack(_)
            | Command::Reverse(_)
            | Command::Adjust(_)
            | Command::ExpireCredits => self.credits(command).await,
            Command::Start(..) | Command::Restart(..) | Command::Extend(..) | Command::End(..) => {
                self.holds(command).await
            }
            Command::BeginStep(_) | Command::Produce(_) | Command::EndStep(_) => self.steps(command).await,
            Command::Consume(_) | Command::NoteUse(_) | Command::GiveBack(..) | Command::Reset(..) => {
                self.quotas(command).await
            }
            Command::DeclareAsset(_) | Command::MoveAsset(..) | Command::DeleteAsset(_) => {
                self.assets(command).await
            }
            _ => self.account_and_projects(command).await,
        };
        answer.or_else(refusal)
    }

    async fn account_and_projects(self, command: &Command) -> Result<Outcome, StoreError> {
        let Self {
            store, account, now, ..
        } = self;
        match command {
            Command::SignUp(new, gift) => {
                let made = store.ensure_account((**new).clone(), gift.clone(), now).await;
                made.map(|_| Outcome::Already)
            }
            Command::CreateProject(project) => store.create_project(project).await.map(|_| Outcome::Already),
            Command::EditProject(project) => store.update_project(project).await.map(|_| Outcome::Already),
            Command::DeleteProject(project) => {
                let deleted = store.delete_project(account, *project, None).await;
                deleted.map(|()| Outcome::Done)
            }
            Command::SetLimits(whose, limits) => {
                let set = store.set_overrides(*whose, limits.clone()).await;
                set.map(|()| Outcome::Done)
            }
            other => Ok(Outcome::Odd(format!("{other:?} is not executed here"))),
        }
    }

    async fn credits(self, command: &Command) -> Result<Outcome, StoreError> {
        let Self {
            store, account, now, ..
        } = self;
        let applied = match command {
            Command::Grant(grant) => store.grant(account, grant.clone(), now).await,
            Command::ClawBack(back) => store.claw_back(account, back.clone(), now).await,
            Command::Reverse(reversal) => store.reverse_claw_back(account, reversal.clone(), now).await,
            Command::Adjust(adjustment) => store.adjust(account, adjustment.clone(), now).await,
            _ => {
                let expired = store.expire_wallet(account, now).await?;
                return Ok(if expired.is_zero() {
                    Outcome::Already
                } else {
                    Outcome::Done
                });
            }
        };
        applied.map(|answer| match answer {
            Applied::New(_) => Outcome::Done,
            Applied::Already(_) => Outcome::Already,
        })
    }

    async fn holds(self, command: &Command) -> Result<Outcome, StoreError> {
        let Self {
            store, account, now, ..
        } = self;
        let started = |answer: Started| match answer {
            Started::New => Outcome::Done,
            Started::Already(_) => Outcome::Already,
        };
        match command {
            Command::Start(job, row) => {
                let limits = store.limits(account).await?;
                store.start_job(job, &limits, *row, now).await.map(started)
            }
            Command::Restart(job, row) => {
                let limits = store.limits(account).await?;
                store.restart_job(job, &limits, *row, now).await.map(started)
            }
            Command::Extend(at, to, row) => {
                let grown = store.extend_hold(*at, *to, *row, now).await;
                grown.map(|_| Outcome::Already)
            }
            Command::End(end, row) => store.end_job(end, *row, now).await.map(|answer| match answer {
                Ended::Now(_) => Outcome::Done,
                Ended::Already(_) => Outcome::Already,
            }),
            other => Ok(Outcome::Odd(format!("{other:?} is not executed here"))),
        }
    }

    async fn steps(self, command: &Command) -> Result<Outcome, StoreError> {
        let Self { store, now, .. } = self;
        match command {
            Command::BeginStep(at) => store
                .begin_step(*at, Step::Voice, now)
                .await
                .map(|()| Outcome::Done),
            Command::EndStep(at) => store
                .end_step(*at, Step::Voice, now)
                .await
                .map(|()| Outcome::Done),
            Command::Produce(at) => self.produce(*at).await,
            other => Ok(Outcome::Odd(format!("{other:?} is not executed here"))),
        }
    }

    /// As a step produces: an output that is stored is not made again.
    async fn produce(self, at: JobRun) -> Result<Outcome, StoreError> {
        let mut made = self.fixture.voice_of(at.job_id, Source::Fresh);
        let hash = made.input_hash.clone();
        let known = self.store.output(at.account_id, &hash, self.now).await?;
        let outcome = if known.is_some() {
            // Whether it is paid for is found out at the end of the run.
            made.source = Source::Reused;
            Outcome::Done
        } else {
            let output = Output::Voice {
                voice: made.value.clone(),
            };
            self.store
                .put_output(at.account_id, &hash, &output, &made.provider, self.now)
                .await?;
            Outcome::Produced
        };
        self.store.note_output(at, &OutputNote::Voice(made)).await?;
        Ok(outcome)
    }

    async fn quotas(self, command: &Command) -> Result<Outcome, StoreError> {
        let Self {
            store, account, now, ..
        } = self;
        let consumed = match command {
            Command::Consume(wanted) => store.consume(account, wanted, now).await,
            Command::NoteUse(used) => store.note_use(account, used, now).await,
            Command::GiveBack(kind, of) => {
                let given = store.give_back_all(account, *kind, of, now).await;
                return given.map(|()| Outcome::Already);
            }
            Command::Reset(reset, kinds) => {
                let reset = store.reset_quotas(reset, kinds).await;
                return reset.map(|_| Outcome::Already);
            }
            other => return Ok(Outcome::Odd(format!("{other:?} is not executed here"))),
        };
        consumed.map(|consumed| match consumed {
            Consumed::Now => Outcome::Done,
            Consumed::Already => Outcome::Already,
        })
    }

    async fn assets(self, command: &Command) -> Result<Outcome, StoreError> {
        let Self { store, now, .. } = self;
        match command {
            Command::DeclareAsset(asset) => store.create_asset(asset, now).await.map(|_| Outcome::Already),
            Command::MoveAsset(at, event) => {
                let moved = store.move_asset(*at, event, now).await?;
                Ok(if moved.changed {
                    Outcome::Done
                } else {
                    Outcome::Already
                })
            }
            Command::DeleteAsset(at) => store.delete_asset(*at, now).await.map(|_| Outcome::Done),
            other => Ok(Outcome::Odd(format!("{other:?} is not executed here"))),
        }
    }
}

fn refusal(error: StoreError) -> Result<Outcome, StoreError> {
    Ok(match error {
        StoreError::Insufficient { needed, available } => {
            Outcome::Insufficient(needed.get(), available.get())
        }
        StoreError::InDebt { debt } => Outcome::InDebt(debt.get()),
        StoreError::AboveMax { .. } => Outcome::AboveMax,
        StoreError::OverBudget { .. } => Outcome::OverBudget,
        StoreError::QuotaExceeded(said) => Outcome::Exceeded(said.kind, said.limit, said.used, said.wanted),
        StoreError::JobActive { .. } => Outcome::JobActive,
        StoreError::JobNotResumable { state } => Outcome::NotResumable(known(state)),
        StoreError::JobEnded { state } => Outcome::JobEnded(known(state)),
        StoreError::PaidMeanwhile { .. } => Outcome::PaidMeanwhile,
        StoreError::Conflict { what: "hold" } => Outcome::HoldGrown,
        StoreError::Conflict { .. } => Outcome::Conflict,
        StoreError::NotFound { .. } => Outcome::NotFound,
        StoreError::Corrupt { .. } => Outcome::Corrupt,
        again @ (StoreError::Unavailable { .. }
        | StoreError::Throttled { .. }
        | StoreError::Contended { .. }) => return Err(again),
        other => Outcome::Odd(format!("{other:?}")),
    })
}

/// The model knows open and ended only: whether a step began does not matter for credits.
const fn known(state: JobState) -> JobState {
    match state {
        JobState::Processing => JobState::Pending,
        other => other,
    }
}

/// State that an end leads to, and what it charges.
pub(crate) const fn ended(end: &EndJob) -> (JobState, u64) {
    match end.outcome {
        JobOutcome::Completed => (JobState::Completed, end.receipt.charged.get()),
        JobOutcome::Failed(_) => (JobState::Failed, 0),
        JobOutcome::Cancelled => (JobState::Cancelled, 0),
    }
}
