//! A customer with a project that has everything, and the generation routes on it.

use std::sync::Arc;

use api::{Request, Response};
use domain::job::{Job, JobKind, Step};
use domain::outputs::Outputs;
use domain::ports::{Clock, Executions, IdSource, Objects};
use domain::receipt::Receipt;
use domain::{ErrorCode, Failure, JobId, ProjectId};
use ledger::{Ending, Known, PriceList, VIDEO_VENDOR, Vendors};
use pipeline::{Books, Desk, Quotes};
use serde_json::Value;
use store::{EndJob, JobEnding, JobRun, OutputNote};
use testkit::events::cases;
use testkit::samples::{made, picture, script, video, voice};
use testkit::{FakeExecutions, FakeObjects, FixedClock, SequentialIds};

use super::{World, compare, event, shown};

/// What the handlers share in one test.
pub(crate) struct Studio {
    pub(crate) world: World,
    pub(crate) executions: Arc<FakeExecutions>,
}

impl Studio {
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
        store.update_project(&project).await.expect("it is changed");
        Self {
            world,
            executions: Arc::default(),
        }
    }

    /// Takes everything away that was made for the project.
    pub(crate) async fn forget_outputs(&self) {
        let store = self.world.store();
        let project = store.project(self.world.ann.account_id, project_id()).await;
        let mut project = project.expect("a project");
        project.outputs = Outputs::default();
        store.update_project(&project).await.expect("it is changed");
    }

    pub(crate) fn quotes(&self) -> Quotes {
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::default());
        let local = || "local".to_owned();
        let names = Vendors {
            script: local(),
            image: local(),
            voice: local(),
            video: local(),
        };
        let books = Books::new(self.world.store(), PriceList::standard(), clock);
        Quotes::new(books, names)
    }

    pub(crate) fn desk(&self) -> Desk {
        let executions: Arc<dyn Executions> = Arc::<FakeExecutions>::clone(&self.executions);
        Desk::new(self.quotes(), executions)
    }

    pub(crate) fn ids(&self) -> Arc<dyn IdSource> {
        Arc::<SequentialIds>::clone(&self.world.ids)
    }

    pub(crate) async fn handle(&self, function: &str, request: Request) -> Result<Response, Failure> {
        let (desk, ids) = (self.desk(), self.ids());
        match function {
            "generate-all" => generate_all::handle(&generate_all::Deps { desk, ids }, request).await,
            "generate-script" => generate_script::handle(&generate_script::Deps { desk, ids }, request).await,
            "generate-images" => generate_images::handle(&generate_images::Deps { desk, ids }, request).await,
            "generate-voice" => generate_voice::handle(&generate_voice::Deps { desk, ids }, request).await,
            "compose-video" => compose_video::handle(&compose_video::Deps { desk, ids }, request).await,
            "cancel-job" => cancel_job::handle(&cancel_job::Deps { desk, ids }, request).await,
            "resume-job" => resume_job::handle(&resume_job::Deps { desk, ids }, request).await,
            "credit-quote" => {
                credit_quote::handle(
                    &credit_quote::Deps {
                        quotes: self.quotes(),
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
        let ann = &self.world.ann;
        let store = self.world.store();
        let project = store
            .project(ann.account_id, project_id())
            .await
            .expect("a project");
        let vendors = Vendors {
            script: "local".to_owned(),
            image: "local".to_owned(),
            voice: "local".to_owned(),
            video: VIDEO_VENDOR.to_owned(),
        };
        let prices = PriceList::standard();
        let quote =
            ledger::quote(&prices, &project.settings, kind, Known::default(), &vendors).expect("a quote");
        let mut job = ann.job(&project, kind, quote.held.get());
        job.quoted = quote.lines;
        job.id = JobId::new(1_u128.into());
        job.inputs = Outputs::default();
        store
            .start_job(&job, &ledger::Limits::none(), ann.transaction_id(), ann.now())
            .await
            .expect("it starts");
        job
    }

    /// Job 1 with everything made and its verdict.
    pub(crate) async fn job_one_ended(&self, ending: Ending) -> Job {
        self.job_one_ended_by(ending, ErrorCode::RenderEngineFailed).await
    }

    /// The same; a failed one has this code.
    pub(crate) async fn job_one_ended_by(&self, ending: Ending, code: ErrorCode) -> Job {
        let ann = &self.world.ann;
        let store = self.world.store();
        let job = self.job_one(JobKind::GenerateAll).await;
        let run = JobRun::from(&job);
        let mut notes = vec![OutputNote::Script(made(script(3), "one script"))];
        notes.extend((0..3).map(|scene| {
            let name = format!("one picture {scene}");
            OutputNote::Picture(scene, made(picture(&name), &name))
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
        let receipt = ledger::receipt(&job, &PriceList::standard(), ending).expect("a receipt");
        let ending = end(&job, (ending, code), receipt);
        let end = EndJob { job, ending };
        store
            .end_job(&end, ann.transaction_id(), ann.now())
            .await
            .expect("it ends")
            .job()
            .clone()
    }
}

fn end(job: &Job, (ending, code): (Ending, ErrorCode), receipt: Receipt) -> JobEnding {
    match ending {
        Ending::Completed => JobEnding::Completed {
            receipt,
            outputs: job.outputs.clone(),
        },
        Ending::Failed => JobEnding::Failed {
            failure: pipeline::verdict::failure(code, job),
            receipt,
        },
        Ending::Cancelled => JobEnding::Cancelled { receipt },
    }
}

/// Customer 1's project.
pub(crate) fn project_id() -> ProjectId {
    ProjectId::new(1_u128.into())
}

/// Answers each sample of a route that starts something, or says what it would cost, each in a studio of its own.
pub(crate) async fn every_start(function: &str) {
    for case in cases(function) {
        let studio = Studio::new().await;
        compare(function, &case, &studio.answer(function, &case).await);
        studio
            .world
            .dynamo
            .assert_clean(studio.world.ann.account_id)
            .await;
    }
}
