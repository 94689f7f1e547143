//! Jobs while they run: reading them, and noting what their steps do.
//!
//! A run begins in [`starts`], grows in [`holds`] and ends in [`ends`]; [`due`] finds those that nobody works on.

pub mod due;
pub mod ends;
pub mod holds;
pub mod outputs;
pub mod provider_calls;
mod quotas;
pub mod receipts;
pub mod start_checks;
pub mod starts;

use domain::job::{Job, JobKind, JobState, Step, StepState};
use domain::outputs::{Image, Produced, Video, VoiceTrack};
use domain::ports::Work;
use domain::script::Script;
use domain::{AccountId, JobId, ProjectId, Timestamp};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::dynamo::codec::{encode, found, number};
use crate::dynamo::keys::{self, Key};
use crate::dynamo::write::Write;
use crate::page::{Between, List};
use crate::{Page, PageRequest, Store, StoreError};

/// Milliseconds by which a job may be younger than the time in its id, which is that of the first call with its
/// `Idempotency-Key`: twice as long as a key counts.
const YOUNGER_MS_MAX: i64 = 2 * 86_400_000;

/// Which jobs are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Only those of this project.
    pub project: Option<ProjectId>,
    /// Only those whose state has this word on the wire.
    pub status: Option<&'static str>,
    /// Only those that make this.
    pub kind: Option<JobKind>,
    /// Only those that were asked for at this time or later.
    pub from: Option<Timestamp>,
    /// Only those that were asked for before this time.
    pub to: Option<Timestamp>,
}

impl JobFilter {
    fn takes(&self, job: &Job) -> bool {
        self.project.is_none_or(|project| job.project_id == project)
            && self.status.is_none_or(|status| job.state.as_status() == status)
            && self.kind.is_none_or(|kind| job.kind == kind)
            && self.from.is_none_or(|from| job.created_at >= from)
            && self.to.is_none_or(|to| job.created_at < to)
    }

    /// Where those jobs stand: an id begins with its time.
    fn between(&self) -> Between {
        Between {
            first: self.from.map(|from| key_at(from.plus_ms(-YOUNGER_MS_MAX))),
            below: self.to.map(key_at),
        }
    }
}

/// The least sort key of a job whose id was minted at this time.
fn key_at(time: Timestamp) -> String {
    let time_ms = u64::try_from(time.as_ms()).unwrap_or_default();
    keys::job(JobId::new(Ulid::from_parts(time_ms, 0)))
}

/// A job, wherever its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct JobRef {
    /// Account that owns the job.
    pub account_id: AccountId,
    /// Its id, unique in the account.
    pub job_id: JobId,
}

/// One run of a job: what a step works for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct JobRun {
    /// Account that owns the job.
    pub account_id: AccountId,
    /// Its id, unique in the account.
    pub job_id: JobId,
    /// Run, from 1.
    pub run: u32,
}

impl From<&Job> for JobRun {
    fn from(job: &Job) -> Self {
        Self {
            account_id: job.account_id,
            job_id: job.id,
            run: job.run,
        }
    }
}

impl From<&Job> for JobRef {
    fn from(job: &Job) -> Self {
        Self {
            account_id: job.account_id,
            job_id: job.id,
        }
    }
}

/// What a step has made, to be noted in its job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputNote {
    /// The script, generated or the project's own.
    Script(Produced<Script>),
    /// The image of a scene, counted from 0.
    Image(u32, Produced<Image>),
    /// The voice track of all scenes.
    Voice(Produced<VoiceTrack>),
    /// The composed video; whether it passed its check is said by the step's end.
    Video(Produced<Video>),
}

/// Condition of every note: the run is the current one, and open.
pub(crate) const RUN_IS_OPEN: &str = "#body.#run = :run AND #body.#state IN (:pending, :processing)";

/// Adds what [`RUN_IS_OPEN`] compares with.
pub(crate) fn of_open_run(write: Write, run: u32) -> Result<Write, StoreError> {
    Ok(write
        .value("run", number(run))
        .value("pending", encode(&JobState::Pending)?)
        .value("processing", encode(&JobState::Processing)?))
}

impl Store {
    /// A job.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for another account's.
    pub fn job(&self, account: AccountId, id: JobId) -> Work<'_, Result<Job, StoreError>> {
        Box::pin(async move {
            let row = self
                .get("read a job", &self.tables.studio, Key::job(account, id))
                .await?;
            found("job", row)
        })
    }

    /// The jobs of an account, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`].
    pub fn jobs<'a>(
        &'a self,
        account: AccountId,
        filter: &'a JobFilter,
        page: &'a PageRequest,
    ) -> Work<'a, Result<Page<Job>, StoreError>> {
        Box::pin(async move {
            let list = List {
                operation: "list jobs",
                table: &self.tables.studio,
                pk: keys::owner(account),
                prefix: keys::JOB,
                name: format!("jobs:{filter:?}"),
            };
            let between = filter.between();
            self.page_between(list, between, page, |job| filter.takes(job))
                .await
        })
    }

    /// Notes that a step began; the first one makes the job `Processing`.
    ///
    /// # Promises
    /// A repeat keeps the first time; a step that is done stays done.
    ///
    /// # Errors
    /// [`StoreError::JobEnded`] when this run is not open any more, [`StoreError::NotFound`].
    pub fn begin_step(&self, at: JobRun, step: Step, now: Timestamp) -> Work<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.studio,
                Key::job(at.account_id, at.job_id),
                "SET #body.#steps.#step.#state = :running, \
                 #body.#steps.#step.#started_at = if_not_exists(#body.#steps.#step.#started_at, :now), \
                 #body.#state = :processing, \
                 #body.#started_at = if_not_exists(#body.#started_at, :now)",
                &format!("{RUN_IS_OPEN} AND #body.#steps.#step.#state <> :done"),
            )
            .name("step", step.as_str())
            .value("running", encode(&StepState::Running)?)
            .value("done", encode(&StepState::Done)?)
            .value("now", encode(&now)?);
            let written = self.write("begin a step", of_open_run(write, at.run)?).await?;
            match written {
                Some(_) => Ok(()),
                // Open all the same: the step is done already.
                None => self.open_run(at).await.map(drop),
            }
        })
    }

    /// Notes an output; several images may land at once.
    ///
    /// # Errors
    /// [`StoreError::JobEnded`] when this run is not open any more, [`StoreError::NotFound`].
    pub fn note_output<'a>(&'a self, at: JobRun, note: &'a OutputNote) -> Work<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let key = Key::job(at.account_id, at.job_id);
            let update = |path: &str| {
                Write::update(
                    &self.tables.studio,
                    key,
                    &format!("SET #body.#outputs.{path} = :made"),
                    RUN_IS_OPEN,
                )
            };
            let write = match note {
                OutputNote::Script(made) => update("#script").value("made", encode(made)?),
                OutputNote::Image(scene, made) => update("#images.#scene")
                    .name("scene", &scene.to_string())
                    .value("made", encode(made)?),
                OutputNote::Voice(made) => update("#voice").value("made", encode(made)?),
                OutputNote::Video(made) => update("#video").value("made", encode(made)?),
            };
            self.note(at, "note an output", write).await
        })
    }

    /// Notes that a step is done.
    ///
    /// # Errors
    /// [`StoreError::JobEnded`] when this run is not open any more, [`StoreError::NotFound`].
    pub fn end_step(&self, at: JobRun, step: Step, now: Timestamp) -> Work<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let write = Write::update(
                &self.tables.studio,
                Key::job(at.account_id, at.job_id),
                "SET #body.#steps.#step.#state = :done, \
                 #body.#steps.#step.#ended_at = if_not_exists(#body.#steps.#step.#ended_at, :now)",
                RUN_IS_OPEN,
            )
            .name("step", step.as_str())
            .value("done", encode(&StepState::Done)?)
            .value("now", encode(&now)?);
            self.note(at, "end a step", write).await
        })
    }

    async fn note(&self, at: JobRun, operation: &'static str, write: Write) -> Result<(), StoreError> {
        if self
            .write(operation, of_open_run(write, at.run)?)
            .await?
            .is_some()
        {
            return Ok(());
        }
        self.open_run(at).await?;
        // The run was closed when this was written, and is open when it is read: it was resumed in between.
        Err(StoreError::Contended { operation })
    }

    /// The job when this run of it is open.
    async fn open_run(&self, at: JobRun) -> Result<Job, StoreError> {
        let job = self.job(at.account_id, at.job_id).await?;
        if job.run == at.run && job.state.is_open() {
            Ok(job)
        } else {
            Err(StoreError::JobEnded { state: job.state })
        }
    }
}
