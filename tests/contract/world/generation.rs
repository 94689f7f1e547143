//! A customer with a project that has everything, and the generation routes on it.

use std::sync::Arc;

use api::{Request, Response};
use catalogue::{Capability, Catalogue, LOCAL};
use domain::job::{Job, JobKind, JobModels, JobOutcome, Step};
use domain::outputs::{InputHash, Outputs, Produced};
use domain::ports::{Executions, IdSource, Objects};
use domain::script::Script;
use domain::{ErrorCode, Failure, JobId, ProjectId};
use jobs::{JobEndings, JobService, Quoter};
use ledger::Known;
use serde_json::Value;
use store::{EndJob, JobRun, OutputNote};
use testkit::events::cases;
use testkit::samples::{image, made, made_for, script, video, voice};
use testkit::{FakeExecutions, FakeObjects, FixedClock, SequentialIds};

use super::{World, compare, event, saying, shown};

/// What the handlers share in one test.
pub(crate) struct GenerationWorld {
    pub(crate) world: World,
    pub(crate) executions: Arc<FakeExecutions>,
}

impl GenerationWorld {
    /// Customer 1's project has a voice that fits its script of three scenes.
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let store = world.store();
        let mut project = store
            .project(world.ann.account_id, project_id())
            .await
            .expect("a project");
        let mut track = voice(15);
        track.scene_marks_ms = vec![0, 5000, 10_000, 15_000];
        project.outputs.voice = Some(made(track, "voice"));
        project.outputs = made_for(&project.settings, project.outputs);
        store.update_project(&project).await.expect("it is changed");
        Self {
            world,
            executions: Arc::default(),
        }
    }

    /// Makes the project's script the customer's own, as an edit by hand does.
    pub(crate) async fn edit_script(&self) -> Script {
        let (account, store) = (self.world.ann.account_id, self.world.store());
        let mut project = store.project(account, project_id()).await.expect("a project");
        let script = project.outputs.script.take().expect("a script").value;
        let own = script.edited().expect("a good script");
        let hash = InputHash::of("edited-script", &own).expect("a hash");
        project.outputs.script = Some(Produced::by_customer(own.clone(), hash));
        store.update_project(&project).await.expect("it is changed");
        own
    }

    /// Takes everything away that was made for the project.
    pub(crate) async fn forget_outputs(&self) {
        let store = self.world.store();
        let project = store.project(self.world.ann.account_id, project_id()).await;
        let mut project = project.expect("a project");
        project.outputs = Outputs::default();
        store.update_project(&project).await.expect("it is changed");
    }

    /// The project's script with a change.
    pub(crate) async fn edited_script(&self, change: impl FnOnce(&mut Script)) -> Script {
        let store = self.world.store();
        let project = store.project(self.world.ann.account_id, project_id()).await;
        let made = project.expect("a project").outputs.script;
        let mut script = made.expect("a script").value;
        change(&mut script);
        script
    }

    /// Changes the project by its route; answers with it as it is shown then.
    pub(crate) async fn change_project(&self, body: &Value) -> Value {
        let deps = project::Deps {
            store: self.world.store(),
            objects: self.world.objects(),
            voice_provider: LOCAL.to_owned(),
            catalogue: Catalogue::standard(),
        };
        let changed = project::handle(&deps, saying(event("project", "patch"), body)).await;
        let shown = shown(changed);
        assert_eq!(shown["status"], 200, "{shown}");
        shown["body"]["data"].clone()
    }

    pub(crate) fn quoter(&self) -> Quoter {
        let (store, catalogue) = (self.world.store(), Catalogue::standard());
        Quoter::new(store, catalogue, Arc::new(FixedClock::default()), models())
    }

    pub(crate) fn jobs(&self) -> JobService {
        let executions: Arc<dyn Executions> = Arc::<FakeExecutions>::clone(&self.executions);
        let (store, clock) = (self.world.store(), Arc::new(FixedClock::default()));
        let endings = JobEndings::new(
            store.clone(),
            Catalogue::standard(),
            Arc::<FixedClock>::clone(&clock),
        );
        JobService::new(store, self.quoter(), endings, executions, clock)
    }

    pub(crate) fn ids(&self) -> Arc<dyn IdSource> {
        Arc::<SequentialIds>::clone(&self.world.ids)
    }

    pub(crate) async fn handle(&self, function: &str, request: Request) -> Result<Response, Failure> {
        let (store, jobs, ids) = (self.world.store(), self.jobs(), self.ids());
        match function {
            "generate-all" => generate_all::handle(&generate_all::Deps { store, jobs, ids }, request).await,
            "generate-script" => {
                generate_script::handle(&generate_script::Deps { store, jobs, ids }, request).await
            }
            "generate-images" => {
                generate_images::handle(&generate_images::Deps { store, jobs, ids }, request).await
            }
            "generate-voice" => {
                generate_voice::handle(&generate_voice::Deps { store, jobs, ids }, request).await
            }
            "compose-video" => {
                compose_video::handle(&compose_video::Deps { store, jobs, ids }, request).await
            }
            "cancel-job" => cancel_job::handle(&cancel_job::Deps { store, jobs, ids }, request).await,
            "resume-job" => resume_job::handle(&resume_job::Deps { store, jobs, ids }, request).await,
            "credit-quote" => {
                credit_quote::handle(
                    &credit_quote::Deps {
                        store,
                        quoter: self.quoter(),
                        ids,
                    },
                    request,
                )
                .await
            }
            "credit-receipt" => {
                let store = self.world.store();
                credit_receipt::handle(&credit_receipt::Deps { store }, request).await
            }
            "generation-status" => {
                let objects: Arc<dyn Objects> = Arc::<FakeObjects>::clone(&self.world.objects);
                let store = self.world.store();
                generation_status::handle(&generation_status::Deps { store, objects }, request).await
            }
            other => panic!("{other} is no generation route"),
        }
    }

    pub(crate) async fn answer(&self, function: &str, case: &str) -> Value {
        shown(self.handle(function, event(function, case)).await)
    }

    /// Job 1 of the samples, as the store has it after it was started.
    pub(crate) async fn job_one(&self, kind: JobKind) -> Job {
        self.job_one_with(kind, |_| {}).await
    }

    /// The same with a change before it starts.
    async fn job_one_with(&self, kind: JobKind, change: impl FnOnce(&mut Job)) -> Job {
        let ann = &self.world.ann;
        let store = self.world.store();
        let project = store
            .project(ann.account_id, project_id())
            .await
            .expect("a project");
        let catalogue = Catalogue::standard();
        let quote =
            ledger::quote(catalogue, &project.settings, kind, Known::default(), &models()).expect("a quote");
        let mut job = ann.job(&project, kind, quote.held.get());
        job.quoted = quote.lines;
        job.id = JobId::new(1_u128.into());
        job.inputs = Outputs::default();
        change(&mut job);
        store
            .start_job(&job, &ledger::Limits::none(), ann.transaction_id(), ann.now())
            .await
            .expect("it starts");
        job
    }

    /// Job 1, delivered.
    pub(crate) async fn job_one_completed(&self) -> Job {
        self.job_one_ended(|_| {}, |_| JobOutcome::Completed).await
    }

    /// Job 1 with everything made, and yet failed.
    pub(crate) async fn job_one_failed(&self) -> Job {
        self.job_one_failed_by(ErrorCode::RenderEngineFailed).await
    }

    /// The same with this code.
    pub(crate) async fn job_one_failed_by(&self, code: ErrorCode) -> Job {
        self.job_one_ended(
            |_| {},
            |job| JobOutcome::Failed(jobs::verdict::failure(code, job)),
        )
        .await
    }

    /// Job 1, which may replace a script of the customer's own, failed.
    pub(crate) async fn job_one_that_rewrites_failed(&self) -> Job {
        let code = ErrorCode::RenderEngineFailed;
        self.job_one_ended(
            |job| job.rewrite_script = true,
            |job| JobOutcome::Failed(jobs::verdict::failure(code, job)),
        )
        .await
    }

    async fn job_one_ended(
        &self,
        change: impl FnOnce(&mut Job),
        how: impl FnOnce(&Job) -> JobOutcome,
    ) -> Job {
        let ann = &self.world.ann;
        let store = self.world.store();
        let job = self.job_one_with(JobKind::GenerateAll, change).await;
        let run = JobRun::from(&job);
        let mut notes = vec![OutputNote::Script(made(script(3), "one script"))];
        notes.extend((0..3).map(|scene| {
            let name = format!("one image {scene}");
            OutputNote::Image(scene, made(image(&name), &name))
        }));
        notes.push(OutputNote::Voice(made(voice(15), "one voice")));
        notes.push(OutputNote::Video(made(video(15), "one video")));
        for step in Step::ALL {
            store
                .begin_step(run, step, ann.now())
                .await
                .expect("a step begins");
        }
        for note in &notes {
            store.note_output(run, note).await.expect("it is noted");
        }
        for step in Step::ALL {
            store.end_step(run, step, ann.now()).await.expect("a step ends");
        }
        let job = store.job(ann.account_id, job.id).await.expect("a job");
        let outcome = how(&job);
        let end = EndJob {
            receipt: ledger::receipt(&job, Catalogue::standard(), &outcome).expect("a receipt"),
            project_outputs: (outcome == JobOutcome::Completed).then(|| job.outputs.clone()),
            outcome,
            job,
        };
        store
            .end_job(&end, ann.transaction_id(), ann.now())
            .await
            .expect("it ends")
            .job()
            .clone()
    }
}

/// What new jobs use.
fn models() -> JobModels {
    let model = |capability: Capability| {
        let model = Catalogue::standard().default_model(capability, LOCAL);
        (capability.step(), model.expect("local is listed"))
    };
    Capability::ALL.map(model).into()
}

/// Customer 1's project.
pub(crate) fn project_id() -> ProjectId {
    ProjectId::new(1_u128.into())
}

/// Answers each sample of a route that starts something, or says what it would cost, each in a studio of its own.
pub(crate) async fn every_start(function: &str) {
    for case in cases(function) {
        let generation = GenerationWorld::new().await;
        compare(function, &case, &generation.answer(function, &case).await);
        generation
            .world
            .dynamo
            .assert_clean(generation.world.ann.account_id)
            .await;
    }
}
