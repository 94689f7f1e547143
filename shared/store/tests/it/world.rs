//! A customer with credits, a project and a job on it; what most tests begin with.

use catalogue::Catalogue;
use domain::Credits;
use domain::job::{Job, JobFailure, JobKind, JobOutcome, Step};
use domain::outputs::{Output, Outputs};
use domain::project::Project;
use domain::{ErrorCode, JobState};
use ledger::receipt;
use store::{EndJob, Ended, JobRun, OutputNote, Started, StoreError};
use testkit::{Customer, Dynamo, Faults, dynamo, dynamo_with_faults, samples};

/// One test's database and its customer.
pub(crate) struct World {
    pub(crate) dynamo: Dynamo,
    pub(crate) customer: Customer,
}

impl World {
    pub(crate) async fn with_credits(credits: u64) -> Self {
        Self::on(dynamo().await, credits).await
    }

    /// The same on a database whose faults can be planned.
    pub(crate) async fn with_faults(credits: u64) -> (Self, Faults) {
        let (dynamo, faults) = dynamo_with_faults().await;
        (Self::on(dynamo, credits).await, faults)
    }

    async fn on(dynamo: Dynamo, credits: u64) -> Self {
        let customer = Customer::with_credits(&dynamo.store, 1, credits).await;
        Self { dynamo, customer }
    }

    /// A pending job that holds `held` on a new project.
    pub(crate) async fn started(&self, held: u64) -> (Project, Job) {
        let project = self.customer.project().await;
        let job = self.customer.job(&project, JobKind::GenerateScript, held);
        assert_eq!(self.start(&job).await.unwrap(), Started::New);
        (project, job)
    }

    pub(crate) async fn start(&self, job: &Job) -> Result<Started, StoreError> {
        let id = self.customer.transaction_id();
        self.dynamo
            .store
            .start_job(job, &ledger::Limits::none(), id, self.customer.now())
            .await
    }

    /// Runs the script step of a job to its end: output kept, noted and done.
    pub(crate) async fn write_script(&self, job: &Job) {
        let (store, now, at) = (&self.dynamo.store, self.customer.now(), JobRun::from(job));
        let made = samples::made(samples::script(3), &job.id.to_string());
        let output = Output::Script {
            script: made.value.clone(),
        };
        store.begin_step(at, Step::Script, now).await.unwrap();
        store
            .put_output(job.account_id, &made.input_hash, &output, "local", now)
            .await
            .unwrap();
        store.note_output(at, &OutputNote::Script(made)).await.unwrap();
        store.end_step(at, Step::Script, now).await.unwrap();
    }

    pub(crate) async fn end(&self, job: &Job, end: EndJob) -> Result<Ended, StoreError> {
        let id = self.customer.transaction_id();
        let end = EndJob {
            job: job.clone(),
            ..end
        };
        self.dynamo.store.end_job(&end, id, self.customer.now()).await
    }

    pub(crate) async fn stored(&self, job: &Job) -> Job {
        self.dynamo.store.job(job.account_id, job.id).await.unwrap()
    }

    /// Balance as (available, held), after an audit.
    pub(crate) async fn balance(&self) -> (u64, u64) {
        let audit = self.dynamo.assert_clean(self.customer.account_id).await;
        (audit.balance.available.get(), audit.balance.held.get())
    }
}

/// The end of a delivered job, by the real receipt.
pub(crate) fn completed(job: &Job) -> EndJob {
    ended(job, JobOutcome::Completed, Some(job.outputs.clone()))
}

/// The end of a failed job.
pub(crate) fn failed(job: &Job) -> EndJob {
    let failure = JobFailure {
        code: ErrorCode::VoiceEngineFailed,
        step: Some(Step::Script),
        message: "The voice engine did not run.".to_owned(),
    };
    ended(job, JobOutcome::Failed(failure), None)
}

/// The end of a cancelled job.
pub(crate) fn cancelled(job: &Job) -> EndJob {
    ended(job, JobOutcome::Cancelled, None)
}

fn ended(job: &Job, outcome: JobOutcome, project_outputs: Option<Outputs>) -> EndJob {
    EndJob {
        receipt: receipt(job, Catalogue::standard(), &outcome).unwrap(),
        job: job.clone(),
        outcome,
        project_outputs,
    }
}

/// The next run of an ended job.
pub(crate) fn next_run(job: &Job, held: u64) -> Job {
    Job {
        run: job.run + 1,
        state: JobState::Pending,
        held: Credits::new(held),
        failure: None,
        receipt: None,
        started_at: None,
        ended_at: None,
        hold_row: None,
        ..job.clone()
    }
}
