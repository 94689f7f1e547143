//! The generation routes: `generate-all`, `generate-script`, `generate-images`, `generate-voice`, `compose-video`,
//! `generation-status`, `cancel-job`, `resume-job` and `credit-quote`.

use std::sync::Arc;

use api::{Request, Response};
use domain::job::{Job, JobKind, Step};
use domain::outputs::{MediaKey, Outputs, Source};
use domain::ports::{Clock, Executions, IdSource, Objects};
use domain::receipt::Receipt;
use domain::{Credits, ErrorCode, Failure, JobId, JobState, ProjectId};
use ledger::{Ending, PriceList, Vendors};
use pipeline::{Books, Desk, Quotes};
use serde_json::{Value, json};
use store::{EndJob, JobEnding, JobRun, OutputNote};
use testkit::samples::{made, picture, script, video, voice};
use testkit::{FakeExecutions, FakeObjects, FixedClock, SequentialIds};

use super::{World, cases, compare, event, of_account, refusal, saying, shown};

/// What the handlers share in one test.
struct Studio {
    world: World,
    executions: Arc<FakeExecutions>,
}

impl Studio {
    /// Customer 1's project has a voice that fits its script of three scenes.
    async fn new() -> Self {
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

    fn quotes(&self) -> Quotes {
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

    fn desk(&self) -> Desk {
        let executions: Arc<dyn Executions> = Arc::<FakeExecutions>::clone(&self.executions);
        Desk::new(self.quotes(), executions)
    }

    fn ids(&self) -> Arc<dyn IdSource> {
        Arc::<SequentialIds>::clone(&self.world.ids)
    }

    async fn handle(&self, function: &str, request: Request) -> Result<Response, Failure> {
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
            "generation-status" => {
                let objects: Arc<dyn Objects> = Arc::<FakeObjects>::clone(&self.world.objects);
                let store = self.world.store();
                generation_status::handle(&generation_status::Deps { store, objects }, request).await
            }
            other => panic!("{other} is no generation route"),
        }
    }

    async fn answer(&self, function: &str, case: &str) -> Value {
        shown(self.handle(function, event(function, case)).await)
    }

    /// Job 1 of the samples, as the store has it after it was started.
    async fn job_one(&self, kind: JobKind) -> Job {
        let ann = &self.world.ann;
        let store = self.world.store();
        let project = store
            .project(ann.account_id, project_id())
            .await
            .expect("a project");
        let mut job = ann.job(&project, kind, 30);
        job.id = JobId::new(1_u128.into());
        job.inputs = Outputs::default();
        store
            .start_job(&job, ann.transaction_id(), ann.now())
            .await
            .expect("it starts");
        job
    }

    /// Job 1 with everything made and its verdict.
    async fn job_one_ended(&self, ending: Ending) -> Job {
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
        let ending = end(&job, ending, receipt);
        let end = EndJob { job, ending };
        store
            .end_job(&end, ann.transaction_id(), ann.now())
            .await
            .expect("it ends")
            .job()
            .clone()
    }
}

fn end(job: &Job, ending: Ending, receipt: Receipt) -> JobEnding {
    match ending {
        Ending::Completed => JobEnding::Completed {
            receipt,
            outputs: job.outputs.clone(),
        },
        Ending::Failed => JobEnding::Failed {
            failure: pipeline::verdict::failure(ErrorCode::RenderEngineFailed, job),
            receipt,
        },
        Ending::Cancelled => JobEnding::Cancelled { receipt },
    }
}

fn project_id() -> ProjectId {
    ProjectId::new(1_u128.into())
}

const STARTING: [&str; 5] = [
    "generate-all",
    "generate-script",
    "generate-images",
    "generate-voice",
    "compose-video",
];

#[tokio::test]
async fn every_sample_of_a_start_is_answered_as_shown() {
    for function in STARTING.into_iter().chain(["credit-quote"]) {
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
}

#[tokio::test]
async fn every_sample_about_a_job_is_answered_as_shown() {
    for (function, ending) in [
        ("generation-status", Some(Ending::Completed)),
        ("cancel-job", None),
        ("resume-job", Some(Ending::Failed)),
    ] {
        for case in cases(function) {
            let studio = Studio::new().await;
            match ending {
                Some(ending) => drop(studio.job_one_ended(ending).await),
                None => drop(studio.job_one(JobKind::GenerateAll).await),
            }
            compare(function, &case, &studio.answer(function, &case).await);
            studio
                .world
                .dynamo
                .assert_clean(studio.world.ann.account_id)
                .await;
        }
    }
}

#[tokio::test]
async fn a_start_holds_the_quote_and_starts_one_execution() {
    let studio = Studio::new().await;
    let quote = studio.answer("credit-quote", "project").await;
    let started = studio.answer("generate-all", "post").await;
    assert_eq!(started["status"], 202);
    let data = &started["body"]["data"];
    assert_eq!(data["held"], quote["body"]["data"]["held"]);
    assert_eq!(
        studio.executions.names(),
        [data["job_id"].as_str().expect("an id")]
    );
    let store = studio.world.store();
    let wallet = store.wallet(studio.world.ann.account_id).await.expect("a wallet");
    assert_eq!(Value::from(wallet.held().get()), data["held"]);
}

#[tokio::test]
async fn the_same_key_is_answered_with_the_same_job_and_another_key_is_refused() {
    let studio = Studio::new().await;
    let first = studio.answer("generate-all", "post").await;
    let second = studio.answer("generate-all", "post").await;
    assert_eq!(second["idempotent-replayed"], "true");
    assert_eq!(first["body"], second["body"]);
    let mut other = event("generate-all", "post");
    other
        .headers
        .insert("idempotency-key".to_owned(), "another".to_owned());
    let refused = shown(studio.handle("generate-all", other).await);
    assert_eq!(refusal(&refused), (409, "job_active", ""));
    let same_key = saying(event("generate-all", "post"), &json!({}));
    let refused = shown(studio.handle("generate-all", same_key).await);
    assert_eq!(refusal(&refused), (422, "idempotency_mismatch", ""));
    assert_eq!(studio.executions.names().len(), 1);
    studio
        .world
        .dynamo
        .assert_clean(studio.world.ann.account_id)
        .await;
}

#[tokio::test]
async fn too_few_credits_are_402_with_what_is_needed_and_nothing_is_held() {
    let studio = Studio::new().await;
    let mut request = event("generate-all", "foreign-project");
    // Customer 2's own project: twenty seconds, but nothing left in the wallet.
    request = of_account(request, 2);
    let account = request.caller.as_ref().expect("a caller").account_id;
    let store = studio.world.store();
    let project = store
        .project(account, ProjectId::new(2_u128.into()))
        .await
        .expect("a project");
    let mut filler =
        testkit::samples::project(ProjectId::new(77_u128.into()), account, studio.world.ann.now());
    filler.outputs = Outputs::default();
    let filler = store.create_project(&filler).await.expect("a project");
    let all = testkit::samples::job(
        JobId::new(77_u128.into()),
        &filler,
        JobKind::GenerateAll,
        100,
        studio.world.ann.now(),
    );
    store
        .start_job(&all, studio.world.ann.transaction_id(), studio.world.ann.now())
        .await
        .expect("it holds all");
    let refused = shown(studio.handle("generate-all", request).await);
    assert_eq!(refusal(&refused), (402, "insufficient_credits", ""));
    let details = &refused["body"]["error"]["details"];
    assert_eq!(details["available"], 0);
    assert!(
        details["needed"].as_u64().is_some_and(|needed| needed > 0),
        "{details}"
    );
    let after = store.project(account, project.id).await.expect("a project");
    assert_eq!((after.status, after.active_job), (project.status, None));
    assert!(studio.executions.names().is_empty());
    studio.world.dynamo.assert_clean(account).await;
}

#[tokio::test]
async fn a_single_step_without_its_input_says_what_is_missing() {
    let studio = Studio::new().await;
    let store = studio.world.store();
    let mut project = store
        .project(studio.world.ann.account_id, project_id())
        .await
        .expect("a project");
    project.outputs = Outputs::default();
    store.update_project(&project).await.expect("it is changed");
    for function in ["generate-images", "generate-voice", "compose-video"] {
        let refused = studio.answer(function, "post").await;
        assert_eq!(refusal(&refused), (409, "input_missing", ""), "{function}");
        assert_eq!(
            refused["body"]["error"]["details"]["missing"][0], "script",
            "{function}"
        );
    }
    assert!(studio.executions.names().is_empty());
}

#[tokio::test]
async fn an_unknown_voice_is_refused_before_anything_is_held() {
    let studio = Studio::new().await;
    let store = studio.world.store();
    let mut project = store
        .project(studio.world.ann.account_id, project_id())
        .await
        .expect("a project");
    project.settings.voice_id = Some("nobody".to_owned());
    store.update_project(&project).await.expect("it is changed");
    for (function, status) in [
        ("generate-all", 400),
        ("generate-voice", 400),
        ("generate-script", 202),
    ] {
        assert_eq!(
            studio.answer(function, "post").await["status"],
            status,
            "{function}"
        );
    }
}

#[tokio::test]
async fn the_state_machine_being_down_does_not_lose_the_job() {
    let studio = Studio::new().await;
    studio.executions.go_down();
    let started = studio.answer("generate-all", "post").await;
    assert_eq!(
        (&started["status"], &started["body"]["data"]["status"]),
        (&json!(202), &json!("pending"))
    );
    let due = studio
        .world
        .store()
        .open_jobs_due(studio.world.ann.now().plus_s(61), 10)
        .await
        .expect("a query");
    assert_eq!(due.len(), 1, "the sweep finds it");
}

#[tokio::test]
async fn another_accounts_job_is_not_found_by_any_route() {
    let studio = Studio::new().await;
    studio.job_one_ended(Ending::Failed).await;
    for (function, case) in [
        ("generation-status", "get"),
        ("cancel-job", "post"),
        ("resume-job", "post"),
    ] {
        let request = of_account(event(function, case), 2);
        assert_eq!(
            refusal(&shown(studio.handle(function, request).await)),
            (404, "not_found", ""),
            "{function}"
        );
    }
}

#[tokio::test]
async fn status_tells_progress_then_result_then_receipt() {
    let studio = Studio::new().await;
    let job = studio.job_one(JobKind::GenerateAll).await;
    let pending = studio.answer("generation-status", "get").await;
    let data = &pending["body"]["data"];
    assert_eq!(
        (&data["status"], &data["progress"], &data["current_step"]),
        (&json!("pending"), &json!(0), &json!("script"))
    );
    assert_eq!(
        data["receipt"],
        json!({"held": 30, "charged": null, "released": null, "lines": []})
    );
    let store = studio.world.store();
    let run = JobRun::from(&job);
    let now = studio.world.ann.now();
    store
        .begin_step(run, Step::Script, now)
        .await
        .expect("a step begins");
    store
        .note_output(run, &OutputNote::Script(made(script(3), "script")))
        .await
        .expect("it is noted");
    store.end_step(run, Step::Script, now).await.expect("a step ends");
    let working = studio.answer("generation-status", "get").await;
    let data = &working["body"]["data"];
    assert_eq!(
        (&data["status"], &data["progress"], &data["current_step"]),
        (&json!("processing"), &json!(25), &json!("images"))
    );
    assert_eq!(data["steps"]["script"]["state"], "done");
    assert!(data.get("result").is_none() && data.get("error").is_none());
}

#[tokio::test]
async fn a_failed_and_a_cancelled_job_say_why() {
    let studio = Studio::new().await;
    studio.job_one_ended(Ending::Failed).await;
    let failed = studio.answer("generation-status", "get").await;
    let data = &failed["body"]["data"];
    assert_eq!(
        (&data["status"], &data["error"]["code"], &data["error"]["step"]),
        (
            &json!("failed"),
            &json!("render_engine_failed"),
            &json!("composition")
        )
    );
    assert!(
        data.get("result").is_none(),
        "a video that was not delivered is not shown"
    );

    let studio = Studio::new().await;
    studio.job_one(JobKind::GenerateAll).await;
    let cancelled = studio.answer("cancel-job", "post").await;
    assert_eq!(cancelled["body"]["data"]["receipt"]["released"], 30);
    let again = studio.answer("cancel-job", "post").await;
    assert_eq!(again["status"], 200, "a cancelled job stays cancelled");
    let status = studio.answer("generation-status", "get").await;
    assert_eq!(status["body"]["data"]["error"]["code"], "job_cancelled");
}

#[tokio::test]
async fn a_completed_job_is_neither_cancelled_nor_resumed() {
    let studio = Studio::new().await;
    let job = studio.job_one_ended(Ending::Completed).await;
    assert_eq!(job.state, JobState::Completed);
    assert_eq!(
        refusal(&studio.answer("cancel-job", "post").await),
        (409, "job_ended", "")
    );
    assert_eq!(
        refusal(&studio.answer("resume-job", "post").await),
        (409, "job_not_resumable", "")
    );
    let wallet = studio
        .world
        .store()
        .wallet(studio.world.ann.account_id)
        .await
        .expect("a wallet");
    assert_eq!(wallet.held(), Credits::ZERO);
}

#[tokio::test]
async fn a_resume_is_the_next_run_with_its_own_hold_and_execution() {
    let studio = Studio::new().await;
    studio.job_one_ended(Ending::Failed).await;
    let resumed = studio.answer("resume-job", "post").await;
    let data = &resumed["body"]["data"];
    assert_eq!(
        (&resumed["status"], &data["run"], &data["status"]),
        (&json!(202), &json!(2), &json!("pending"))
    );
    assert_eq!(
        studio.executions.names(),
        [format!("{}-r2", data["job_id"].as_str().expect("an id"))]
    );
    assert_eq!(
        refusal(&studio.answer("resume-job", "post").await),
        (409, "job_not_resumable", "")
    );
    studio
        .world
        .dynamo
        .assert_clean(studio.world.ann.account_id)
        .await;
}

#[tokio::test]
async fn ten_generations_a_minute_are_the_most() {
    let studio = Studio::new().await;
    for _ in 0..10 {
        studio.answer("generate-all", "foreign-project").await;
    }
    let refused = studio.answer("generate-all", "post").await;
    assert_eq!(refusal(&refused), (429, "rate_limited", ""));
    assert!(
        refused["retry-after"]
            .as_str()
            .is_some_and(|seconds| seconds.parse::<u32>().is_ok()),
        "{refused}"
    );
    assert!(studio.executions.names().is_empty());
}

#[tokio::test]
async fn every_generation_route_needs_a_caller_with_the_right_scope_and_has_one_method() {
    let studio = Studio::new().await;
    let routes = STARTING.into_iter().map(|function| (function, "post"));
    let more = [
        ("cancel-job", "post"),
        ("resume-job", "post"),
        ("generation-status", "get"),
        ("credit-quote", "settings"),
    ];
    for (function, case) in routes.chain(more) {
        let mut nobody = event(function, case);
        nobody.caller = None;
        assert_eq!(
            refusal(&shown(studio.handle(function, nobody).await)),
            (401, "unauthenticated", ""),
            "{function}"
        );
        let mut scopeless = event(function, case);
        scopeless.caller.as_mut().expect("a caller").scopes.clear();
        assert_eq!(
            refusal(&shown(studio.handle(function, scopeless).await)),
            (403, "forbidden", ""),
            "{function}"
        );
        let mut put = event(function, case);
        put.method = "PUT".parse().expect("a method");
        assert_eq!(
            refusal(&shown(studio.handle(function, put).await)),
            (405, "method_not_allowed", ""),
            "{function}"
        );
    }
}

#[tokio::test]
async fn a_quote_for_one_step_counts_the_scenes_that_are_there() {
    let studio = Studio::new().await;
    let one = studio.answer("credit-quote", "one-step").await;
    let line = &one["body"]["data"]["lines"][0];
    assert_eq!(
        (&line["resource"], &line["quantity_max"]),
        (&json!("image_generation"), &json!(3))
    );
    let store = studio.world.store();
    let project = store
        .project(studio.world.ann.account_id, project_id())
        .await
        .expect("a project");
    assert_eq!(
        project.outputs.script.map(|made| made.source),
        Some(Source::Fresh)
    );
    assert_eq!(project.active_job, None, "a quote starts nothing");
}

#[tokio::test]
async fn a_link_is_made_for_the_jobs_own_video_only() {
    let studio = Studio::new().await;
    studio.job_one_ended(Ending::Completed).await;
    let status = studio.answer("generation-status", "get").await;
    let result = &status["body"]["data"]["result"];
    let key = MediaKey::new("samples/video.mp4".to_owned());
    let link = studio.world.objects.link(&key, 3600).await.expect("a link");
    assert_eq!(result["video_url"], link);
    assert_eq!(
        (&result["duration_s"], &result["width"]),
        (&json!(15.0), &json!(1080))
    );
}
