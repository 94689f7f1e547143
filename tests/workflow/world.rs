//! A customer, a project and every function of the pipeline, on the real store and fast fakes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use api::ClaimedIds;
use catalogue::{Catalogue, LOCAL};
use domain::account::PlanId;
use domain::execution::ExecutionInput;
use domain::job::{Job, JobKind, JobModels};
use domain::ports::{Clock, ExecutionState, IdSource, Work};
use domain::project::Project;
use domain::{Credits, Failure, JobId, JobState, ProjectId};
use jobs::{Consent, JobService, StartJob};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{JobRef, Store};
use testkit::machine::{Ending, Machine, TaskError, Tasks};
use testkit::{
    Customer, Dynamo, FakeComposer, FakeExecutions, FakeObjects, FakeProvider, FakeQueue, FixedClock, samples,
};

pub use super::fault::Fault;
use super::models::{FAKES, UNREPEATABLE, models_of};
use super::parts::{Handlers, Parts};

/// Credits that every customer begins with.
pub const CREDITS: u64 = 1000;
/// Task calls of a walk without a fault: one script, three images, voice, video, check, finish.
pub const CALLS: usize = 8;

/// Milliseconds that each scene of a long video is spoken.
const LONG_SCENE_MS: u32 = 60_000;
/// Chunks of a long video: the fake composer makes one of each scene.
pub const CHUNKS: usize = 3;
/// Task calls of a walk of a long video: its chunks and the join come beside the others.
pub const LONG_CALLS: usize = CALLS + CHUNKS + 1;

/// A customer and a project, and everything that works for them.
pub struct World {
    /// The database.
    pub dynamo: Dynamo,
    /// Who pays.
    pub customer: Customer,
    /// What the jobs are about, as it was at the beginning.
    pub project: Project,
    /// The clock of every function.
    pub clock: Arc<FixedClock>,
    /// Mints the ids of new rows.
    pub ids: Arc<dyn IdSource>,
    /// The bucket.
    pub objects: Arc<FakeObjects>,
    /// The machine's executions.
    pub executions: Arc<FakeExecutions>,
    /// Writes scripts.
    pub scripts: Arc<FakeProvider>,
    /// Makes images.
    pub images: Arc<FakeProvider>,
    /// Speaks.
    pub voices: Arc<FakeProvider>,
    /// Renders videos.
    pub composer: Arc<FakeComposer>,
    /// Starts, cancels and resumes jobs.
    pub jobs: JobService,
    queue: Arc<FakeQueue<JobRef>>,
    /// The functions.
    pub handlers: Handlers,
    /// The second provider, for everything.
    pub other: Arc<FakeProvider>,
    parts: Parts,
}

impl World {
    /// A world whose providers answer at once.
    pub async fn new() -> Self {
        Self::with(FakeProvider::default).await
    }

    /// The same, but a repeated call may be billed twice.
    pub async fn unrepeatable() -> Self {
        let mut world = Self::new().await;
        world.deploy(UNREPEATABLE, models_of(LOCAL));
        world
    }

    /// From now on every function has this catalogue, and new jobs use these models; jobs that run go on.
    pub fn deploy(&mut self, catalogue: Catalogue, models: JobModels) {
        self.jobs = self.parts.jobs(catalogue, models);
        self.handlers = self.parts.handlers(catalogue);
    }

    /// A world whose project becomes a video of three minutes.
    pub async fn long() -> Self {
        let mut world = Self::with(|| FakeProvider::speaking(LONG_SCENE_MS)).await;
        let account = world.customer.account_id;
        let paid = Some(PlanId::Professional);
        let standing = world
            .store()
            .set_standing(account, paid, None, world.customer.now());
        standing.await.expect("the first plan allows a minute");
        world.project.settings.duration_s = LONG_SCENE_MS * 3 / 1000;
        let changed = world.store().update_project(&world.project).await;
        world.project = changed.expect("the settings are changed");
        world
    }

    /// A world in which account, project and job 1 of the samples are real: the job is started, its execution not.
    pub async fn of_samples() -> Self {
        Self::of_samples_with(FakeProvider::default).await
    }

    /// The same for a job whose video is long.
    pub async fn of_long_samples() -> Self {
        Self::of_samples_with(|| FakeProvider::speaking(LONG_SCENE_MS)).await
    }

    async fn of_samples_with(provider: impl Fn() -> FakeProvider) -> Self {
        let dynamo = testkit::dynamo().await;
        let customer = Customer::with_credits(&dynamo.store, 1, CREDITS).await;
        let project = samples::project(ProjectId::new(1_u128.into()), customer.account_id, customer.now());
        let project = dynamo.store.create_project(&project).await.expect("a project");
        let job = samples::job(
            JobId::new(1_u128.into()),
            &project,
            JobKind::GenerateAll,
            50,
            customer.now(),
        );
        let started = dynamo
            .store
            .start_job(
                &job,
                &ledger::Limits::none(),
                customer.transaction_id(),
                customer.now(),
            )
            .await;
        assert_eq!(started.expect("the job starts"), store::Started::New);
        Self::connected(dynamo, customer, project, provider)
    }

    async fn with(provider: impl Fn() -> FakeProvider) -> Self {
        let dynamo = testkit::dynamo().await;
        let customer = Customer::with_credits(&dynamo.store, 7, CREDITS).await;
        let project = customer.project().await;
        Self::connected(dynamo, customer, project, provider)
    }

    fn connected(
        dynamo: Dynamo,
        customer: Customer,
        project: Project,
        provider: impl Fn() -> FakeProvider,
    ) -> Self {
        let parts = Parts {
            store: dynamo.store.clone(),
            clock: Arc::default(),
            ids: Arc::new(ClaimedIds::new(customer.ids.mint(customer.now()))),
            objects: Arc::default(),
            executions: Arc::default(),
            scripts: Arc::new(provider()),
            images: Arc::new(provider()),
            voices: Arc::new(provider()),
            other: Arc::new(provider()),
            composer: Arc::default(),
            queue: Arc::default(),
        };
        Self {
            jobs: parts.jobs(FAKES, models_of(LOCAL)),
            handlers: parts.handlers(FAKES),
            parts: parts.clone(),
            other: parts.other,
            dynamo,
            customer,
            project,
            clock: parts.clock,
            ids: parts.ids,
            objects: parts.objects,
            executions: parts.executions,
            scripts: parts.scripts,
            images: parts.images,
            voices: parts.voices,
            composer: parts.composer,
            queue: parts.queue,
        }
    }

    /// The time of the functions' clock.
    pub fn clock_now(&self) -> domain::Timestamp {
        self.clock.now()
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.dynamo.store
    }

    /// Starts a job on the world's project.
    pub async fn start(&self, kind: JobKind) -> Job {
        self.try_start(&self.project, kind).await.expect("the job starts")
    }

    /// A job of a signed-in person without a cap.
    pub fn start_of(&self, project: &Project, kind: JobKind) -> StartJob {
        StartJob {
            account: self.customer.account_id,
            project: project.id,
            kind,
            max_credits: None,
            spender: None,
            consent: Consent::default(),
        }
    }

    /// Starts a job on a project.
    ///
    /// # Errors
    /// Those of [`jobs::JobService::start`].
    pub async fn try_start(&self, project: &Project, kind: JobKind) -> Result<Job, Failure> {
        self.jobs
            .start(self.start_of(project, kind), self.ids.as_ref())
            .await
    }

    /// Resumes a job.
    pub async fn resume(&self, job: &Job) -> Job {
        let resumed = self
            .jobs
            .resume(self.customer.account_id, job.id, None, self.ids.as_ref())
            .await;
        resumed.expect("the job is resumed")
    }

    /// A job as the store has it.
    pub async fn job(&self, id: JobId) -> Job {
        self.store()
            .job(self.customer.account_id, id)
            .await
            .expect("the job is there")
    }

    /// The project as the store has it.
    pub async fn project_now(&self) -> Project {
        let project = self
            .store()
            .project(self.customer.account_id, self.project.id)
            .await;
        project.expect("the project is there")
    }

    /// Walks the machine for the job's run with a fault, and notes how the execution ended.
    pub async fn walk(&self, job: &Job, fault: Fault) -> (Ending, usize) {
        let walk = Walk {
            world: self,
            job: job.clone(),
            fault,
            calls: AtomicUsize::default(),
            broken: AtomicBool::default(),
        };
        let input = self
            .executions
            .input(job)
            .unwrap_or_else(|| ExecutionInput::of(job));
        let input = serde_json::to_value(input).expect("the input is JSON");
        let ending = Machine::load("shortform").run(input, &walk).await;
        let state = match ending {
            Ending::Succeeded(_) => ExecutionState::Succeeded,
            Ending::Failed(_) | Ending::Stopped => ExecutionState::Ended,
        };
        self.executions.set(job, state);
        (ending, walk.calls.into_inner())
    }

    /// Starts a job and walks it with a fault, and lets the reconciler come by.
    pub async fn run(&self, kind: JobKind, fault: Fault) -> Job {
        let job = self.start(kind).await;
        self.walk(&job, fault).await;
        self.sweep().await;
        self.job(job.id).await
    }

    /// What the schedule does once a minute, until nothing is due.
    pub async fn sweep(&self) {
        self.clock.advance_ms(5 * 60_000);
        let tick = serde_json::from_str("{}").expect("an empty event");
        sweep_jobs::handle(&self.handlers.sweep_jobs, tick)
            .await
            .expect("a sweep");
        for message in self.queue.take() {
            reconcile_job::handle(&self.handlers.reconcile_job, message)
                .await
                .expect("a reconciliation");
        }
    }

    /// What must be true after every walk: the job has ended, nothing is held, every account adds up, and the
    /// project can be worked on.
    pub async fn assert_settled(&self, job: &Job, about: &str) {
        let job = self.job(job.id).await;
        assert!(!job.state.is_open(), "{about}: the job is {:?}", job.state);
        let audit = self.dynamo.assert_clean(self.customer.account_id).await;
        assert_eq!(audit.open_holds, 0, "{about}");
        assert_eq!(audit.balance.held, Credits::ZERO, "{about}");
        let receipt = job
            .receipt
            .clone()
            .unwrap_or_else(|| panic!("{about}: no receipt"));
        assert_eq!(receipt.held, job.held, "{about}");
        assert_eq!(
            receipt.charged.checked_add(receipt.released),
            Ok(receipt.held),
            "{about}"
        );
        if job.state != JobState::Completed {
            assert_eq!(receipt.charged, Credits::ZERO, "{about}: charged for nothing");
        }
        assert_eq!(
            self.project_now().await.active_job,
            None,
            "{about}: the project is stuck"
        );
    }

    async fn handle(&self, state: &str, payload: Value) -> Result<Value, TaskError> {
        let all = &self.handlers;
        let outcome = match state {
            "WriteScript" => value(write_script::handle(&all.write_script, read(payload)).await),
            "RenderImage" => value(render_image::handle(&all.render_image, read(payload)).await),
            "SpeakScript" => value(speak_script::handle(&all.speak_script, read(payload)).await),
            "RenderVideo" => value(render_video::handle(&all.render_video, read(payload)).await),
            "RenderChunk" => value(render_chunk::handle(&all.render_chunk, read(payload)).await),
            "JoinVideo" => value(join_video::handle(&all.join_video, read(payload)).await),
            "CheckVideo" => value(check_video::handle(&all.check_video, read(payload)).await),
            "FinishJob" => value(finish_job::handle(&all.finish_job, read(payload)).await),
            "FailJob" => value(fail_job::handle(&all.fail_job, read(payload)).await),
            other => panic!("no function runs {other}"),
        };
        outcome.map_err(|failure| TaskError::of(&failure))
    }
}

fn read<T: DeserializeOwned>(payload: Value) -> T {
    serde_json::from_value(payload).expect("the machine sends what the function reads")
}

fn value<T: Serialize>(outcome: Result<T, Failure>) -> Result<Value, Failure> {
    outcome.map(|answer| serde_json::to_value(answer).expect("an answer is JSON"))
}

/// One walk with its fault.
struct Walk<'w> {
    world: &'w World,
    job: Job,
    fault: Fault,
    calls: AtomicUsize,
    /// Whether a fault that happens once has happened.
    broken: AtomicBool,
}

impl Tasks for Walk<'_> {
    fn call<'a>(&'a self, state: &'a str, payload: Value) -> Work<'a, Result<Value, TaskError>> {
        Box::pin(async move {
            let number = self.calls.fetch_add(1, Ordering::Relaxed);
            match &self.fault {
                Fault::Fail(states, code) if states.iter().any(|name| name == state) => {
                    Err(TaskError::of(&Failure::new(*code)))
                }
                Fault::TimeoutBefore(name) if name == state => Err(TaskError::timeout()),
                Fault::TimeoutAfter(name) if name == state => {
                    self.world.handle(state, payload).await?;
                    Err(TaskError::timeout())
                }
                Fault::FailOnce(name, code)
                    if name == state && !self.broken.swap(true, Ordering::Relaxed) =>
                {
                    Err(TaskError::of(&Failure::new(*code)))
                }
                Fault::LostOnce(name) if name == state && !self.broken.swap(true, Ordering::Relaxed) => {
                    self.world.handle(state, payload).await?;
                    Err(TaskError {
                        error: "Lambda.SdkClientException".to_owned(),
                        cause: "the connection broke".to_owned(),
                    })
                }
                Fault::Repeat => {
                    let first = self.world.handle(state, payload.clone()).await?;
                    let second = self.world.handle(state, payload).await?;
                    assert_eq!(first, second, "{state} answers otherwise the second time");
                    Ok(second)
                }
                Fault::CancelBefore(boundary) if *boundary == number => {
                    let (account, ids) = (self.world.customer.account_id, self.world.ids.as_ref());
                    self.world
                        .jobs
                        .cancel(account, self.job.id, ids)
                        .await
                        .expect("the job is open");
                    self.world.handle(state, payload).await
                }
                _ => self.world.handle(state, payload).await,
            }
        })
    }

    fn stopped(&self) -> bool {
        self.world.executions.has_ended(&self.job)
    }
}
