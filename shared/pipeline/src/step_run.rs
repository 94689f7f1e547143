//! A step's progress in its run of the job: begun, outputs noted, done.

use std::sync::Arc;

use domain::job::{Job, Step};
use domain::outputs::{InputHash, Produced};
use domain::ports::Clock;
use domain::{ErrorCode, Failure};
use store::{JobRun, OutputNote, Store};

use crate::task::Task;

/// Reads and writes the job of a task; every write is refused once the run has ended.
#[derive(Debug, Clone)]
pub(crate) struct StepRun {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl StepRun {
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// The task's job, with the step noted as begun.
    ///
    /// # Errors
    /// `job_ended` when the run is not open any more; the store's.
    pub(crate) async fn begin(&self, task: &Task, step: Step) -> Result<Job, Failure> {
        self.store
            .begin_step(run_of(task), step, self.clock.now())
            .await?;
        let job = self.job(task).await?;
        if job.run == task.run && job.state.is_open() {
            Ok(job)
        } else {
            Err(Failure::job_state(ErrorCode::JobEnded, job.state))
        }
    }

    /// Notes the step as done.
    pub(crate) async fn end(&self, task: &Task, step: Step) -> Result<(), Failure> {
        Ok(self.store.end_step(run_of(task), step, self.clock.now()).await?)
    }

    /// Notes an output in the job.
    pub(crate) async fn note(&self, task: &Task, note: OutputNote) -> Result<(), Failure> {
        Ok(self.store.note_output(run_of(task), &note).await?)
    }

    /// The job as it is now.
    pub(crate) async fn job(&self, task: &Task) -> Result<Job, Failure> {
        Ok(self.store.job(task.account_id, task.job_id).await?)
    }
}

/// Whether the job has this very output already: a repeat of a step that was done.
pub(crate) fn is_noted<T>(noted: Option<&Produced<T>>, hash: &InputHash) -> bool {
    noted.is_some_and(|noted| noted.input_hash == *hash)
}

fn run_of(task: &Task) -> JobRun {
    JobRun {
        account_id: task.account_id,
        job_id: task.job_id,
        run: task.run,
    }
}
