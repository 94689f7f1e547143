//! Starts, cancels and resumes jobs: the use cases behind the API's generation routes.
//!
//! Each decides by pure rules and writes one transaction. The execution is started or stopped afterwards; when that
//! fails, the reconciler does it later.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::job::{Job, JobEvent, JobKind, JobState, Step, StepProgress, StepState};
use domain::member::Spender;
use domain::outputs::Outputs;
use domain::ports::{Clock, Executions, IdSource, Work};
use domain::{AccountId, Credits, ErrorCode, Failure, JobId, ProjectId, Timestamp, TransactionId};
use ledger::Quote;
use store::{Started, Store};

use crate::endings::JobEndings;
use crate::inputs::{has, inputs, known};
use crate::quoter::Quoter;
use crate::refusals::{Consent, check_own_script};

/// A job to be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartJob {
    /// Account that pays.
    pub account: AccountId,
    /// What it works for.
    pub project: ProjectId,
    /// What is to be made.
    pub kind: JobKind,
    /// The most that it may hold; none is as much as its quote says.
    pub max_credits: Option<Credits>,
    /// Whose budget it is counted on.
    pub spender: Option<Spender>,
    /// What the caller says to what would else be refused.
    pub consent: Consent,
}

/// What becomes of a start that would work from outdated results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OutdatedInputs {
    /// It is refused.
    #[default]
    Refuse,
    /// It works from them: the customer said so.
    Use,
}

/// The use cases of a job that a customer calls.
#[derive(Debug, Clone)]
pub struct JobService {
    store: Store,
    quoter: Quoter,
    endings: JobEndings,
    executions: Arc<dyn Executions>,
    clock: Arc<dyn Clock>,
}

impl JobService {
    /// Starts jobs as this quoter prices them and cancels them by these endings, which work on the same store.
    pub fn new(
        store: Store,
        quoter: Quoter,
        endings: JobEndings,
        executions: Arc<dyn Executions>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            store,
            quoter,
            endings,
            executions,
            clock,
        }
    }

    /// Holds the job's credits and starts its execution.
    ///
    /// # Promises
    /// One transaction writes hold, history row, job and project, or nothing is written.
    /// With the same ids a repeat returns the job of the first call; an execution is started once by its name.
    /// A job whose execution could not be started is returned as `Pending`: the reconciler starts it.
    ///
    /// # Errors
    /// `not_found`, `script_edited`, `input_missing`, `input_outdated`, `nothing_to_make`, `voice_unknown`,
    /// `model_unavailable`, `job_active`, `insufficient_credits` with `needed` and `available`,
    /// `max_credits_exceeded`, `budget_exceeded`, `account_in_debt`, `quota_exceeded`, `plan_limit`, and the store's.
    pub fn start<'a>(&'a self, start: StartJob, ids: &'a dyn IdSource) -> Work<'a, Result<Job, Failure>> {
        Box::pin(async move {
            let StartJob {
                account,
                project,
                kind,
                max_credits,
                spender,
                consent,
            } = start;
            let now = self.clock.now();
            let job_id = JobId::new(ids.mint(now));
            let transaction = TransactionId::new(ids.mint(now));
            let project = self.store.project(account, project).await?;
            let mut refusals = self.quoter.refusals(kind, &project, consent)?;
            if !refusals.is_empty() {
                return Err(refusals.swap_remove(0));
            }
            let inputs = inputs(kind, &project)?;
            let script = inputs.script.as_ref().map(|made| &made.value);
            let voice = inputs.voice.as_ref().map(|made| &made.value);
            let known = known(kind, &project.settings, script, &inputs.images, voice);
            let models = self.quoter.models(kind);
            let quote = self.quoter.quote(kind, &project.settings, known, &models)?;
            if quote.held.is_zero() {
                return Err(Failure::new(ErrorCode::NothingToMake));
            }
            let job = Job {
                id: job_id,
                account_id: account,
                project_id: project.id,
                kind,
                run: 1,
                state: JobState::Pending,
                settings: project.settings,
                held: quote.held,
                quoted: quote.lines,
                max_credits,
                rewrite_script: consent.rewrite_script,
                spender,
                hold_row: Some(transaction),
                inputs,
                outputs: Outputs::default(),
                models,
                steps: waiting(kind),
                failure: None,
                receipt: None,
                created_at: now,
                started_at: None,
                ended_at: None,
            };
            let limits = self.store.limits(account).await?;
            let started = self.store.start_job(&job, &limits, transaction, now).await?;
            Ok(self.launch(job, started).await)
        })
    }

    /// Ends the job as the customer asked, returns its credits and stops its execution.
    ///
    /// # Promises
    /// The credits are back when this returns; a step that still runs finds its run ended and stops.
    /// A cancelled job stays as it is.
    ///
    /// # Errors
    /// `not_found`, `job_ended` when it was completed or failed first, and the store's.
    pub fn cancel<'a>(
        &'a self,
        account: AccountId,
        job: JobId,
        ids: &'a dyn IdSource,
    ) -> Work<'a, Result<Job, Failure>> {
        Box::pin(async move {
            let job = self.store.job(account, job).await?;
            let job = if job.state.is_open() {
                self.endings.cancel(&job, ids).await?
            } else {
                job
            };
            if job.state != JobState::Cancelled {
                return Err(Failure::job_state(ErrorCode::JobEnded, job.state));
            }
            if let Err(error) = self.executions.stop(&job).await {
                // Its steps stop by themselves: their run is no longer open.
                tracing::warn!(error = %error, job.id = %job.id, "the execution was not stopped");
            }
            Ok(job)
        })
    }

    /// Starts the next run of a failed or cancelled job, with a new quote and a new hold.
    ///
    /// # Promises
    /// It calls the models that the job was started with, whatever new jobs use now.
    /// Steps whose inputs have a stored output are not made again; what another job paid for since is free.
    /// With the same ids a repeat returns the run of the first call, also when that has ended since.
    ///
    /// # Errors
    /// `not_found`, `job_not_resumable`, `script_edited`, `model_unavailable`, those of [`Self::start`] about credits and the plan, and the store's.
    pub fn resume<'a>(
        &'a self,
        account: AccountId,
        job: JobId,
        spender: Option<Spender>,
        ids: &'a dyn IdSource,
    ) -> Work<'a, Result<Job, Failure>> {
        Box::pin(async move {
            let now = self.clock.now();
            let transaction = TransactionId::new(ids.mint(now));
            let ended = self.store.job(account, job).await?;
            if ended.hold_row == Some(transaction) {
                // An earlier try of this very call began the run, and its answer was lost.
                return Ok(self.launch(ended, Started::New).await);
            }
            let refused = |_cause| Failure::job_state(ErrorCode::JobNotResumable, ended.state);
            let state = ended.state.after(JobEvent::Resume).map_err(refused)?;
            let project = self.store.project(account, ended.project_id).await?;
            if project.active_job.is_some() {
                return Err(Failure::job_state(ErrorCode::JobNotResumable, ended.state)
                    .saying("Another job works on this project; wait for it or cancel it."));
            }
            if !ended.rewrite_script {
                check_own_script(ended.kind, &project)?;
            }
            let voice = ended.outputs.voice.as_ref().or(ended.inputs.voice.as_ref());
            let voice = voice.map(|made| &made.value);
            let images = &ended.inputs.images;
            let known = known(ended.kind, &ended.settings, ended.script(), images, voice);
            self.quoter.check_models(&unmade(&ended), &ended.models)?;
            let quote = self
                .quoter
                .quote(ended.kind, &ended.settings, known, &ended.models)?;
            let mut next = Job {
                spender,
                hold_row: Some(transaction),
                ..next_run(ended, state, quote)
            };
            self.paid_meanwhile(&mut next, now).await?;
            let limits = self.store.limits(account).await?;
            let started = self.store.restart_job(&next, &limits, transaction, now).await?;
            Ok(self.launch(next, started).await)
        })
    }

    /// Marks those outputs of a job's earlier runs that another job with the same inputs has paid for since.
    async fn paid_meanwhile(&self, job: &mut Job, now: Timestamp) -> Result<(), Failure> {
        let mut paid = BTreeSet::new();
        for (hash, _) in job.outputs.sources() {
            let stored = self.store.output(job.account_id, hash, now).await?;
            if stored.is_some_and(|output| output.paid) {
                paid.insert(hash.clone());
            }
        }
        job.outputs.mark_paid(&paid);
        Ok(())
    }

    async fn launch(&self, asked: Job, started: Started) -> Job {
        let job = match started {
            Started::New => asked,
            Started::Already(job) => *job,
        };
        if job.state.is_open()
            && let Err(error) = self.executions.start(&job).await
        {
            tracing::warn!(error = %error, job.id = %job.id, "the execution was not started; the reconciler will");
        }
        job
    }
}

fn waiting(kind: JobKind) -> BTreeMap<Step, StepProgress> {
    kind.steps()
        .iter()
        .map(|step| (*step, StepProgress::default()))
        .collect()
}

/// The steps of a job whose whole result it has not.
fn unmade(job: &Job) -> Vec<Step> {
    let steps = job.kind.steps().iter().copied();
    steps
        .filter(|step| !has(&job.outputs, job.script(), *step))
        .collect()
}

/// The job at the start of its next run, with what its runs have made so far.
fn next_run(ended: Job, state: JobState, quote: Quote) -> Job {
    let mut outputs = ended.outputs;
    let checked = ended.steps.get(&Step::Composition);
    if checked.is_none_or(|progress| progress.state != StepState::Done) {
        // A video that has not passed its check is not kept: the next run composes it anew.
        outputs.video = None;
    }
    Job {
        run: ended.run.saturating_add(1),
        state,
        held: quote.held,
        quoted: quote.lines,
        outputs,
        steps: waiting(ended.kind),
        failure: None,
        receipt: None,
        started_at: None,
        ended_at: None,
        ..ended
    }
}
