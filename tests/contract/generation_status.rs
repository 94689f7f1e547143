//! `generation-status`.

use domain::ErrorCode;
use domain::job::{JobKind, Step};
use domain::outputs::MediaKey;
use domain::ports::Objects;
use serde_json::json;
use store::{JobRun, OutputNote};
use testkit::events::cases;
use testkit::samples::{made, script};

use super::world::compare;
use super::world::generation::GenerationWorld;

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    for case in cases("generation-status") {
        let generation = GenerationWorld::new().await;
        generation.job_one_completed().await;
        compare(
            "generation-status",
            &case,
            &generation.answer("generation-status", &case).await,
        );
        generation
            .world
            .dynamo
            .assert_clean(generation.world.ann.account_id)
            .await;
    }
}

#[tokio::test]
async fn status_tells_progress_then_result_then_receipt() {
    let generation = GenerationWorld::new().await;
    let job = generation.job_one(JobKind::GenerateAll).await;
    let pending = generation.answer("generation-status", "get").await;
    let data = &pending["body"]["data"];
    assert_eq!(
        (&data["status"], &data["progress"], &data["current_step"]),
        (&json!("pending"), &json!(0), &json!("script"))
    );
    assert_eq!(
        data["receipt"],
        json!({"held": 24, "held_at_start": 24, "held_now": 24, "charged": null, "released": null, "lines": []})
    );
    let store = generation.world.store();
    let run = JobRun::from(&job);
    let now = generation.world.ann.now();
    store
        .begin_step(run, Step::Script, now)
        .await
        .expect("a step begins");
    store
        .note_output(run, &OutputNote::Script(made(script(3), "script")))
        .await
        .expect("it is noted");
    store.end_step(run, Step::Script, now).await.expect("a step ends");
    let working = generation.answer("generation-status", "get").await;
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
    let generation = GenerationWorld::new().await;
    generation.job_one_failed().await;
    let failed = generation.answer("generation-status", "get").await;
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
    assert!(data.get("check_url").is_none(), "nothing was checked");

    let generation = GenerationWorld::new().await;
    let code = ErrorCode::QualityCheckFailed;
    let job = generation.job_one_failed_by(code).await;
    let failed = generation.answer("generation-status", "get").await;
    let data = &failed["body"]["data"];
    assert_eq!(data["error"]["code"], "quality_check_failed");
    let video = job.outputs.video.expect("it was made");
    let report = format!("/checks/{}.json", video.input_hash);
    let link = data["check_url"].as_str().expect("what the check found");
    assert!(link.contains(&report), "{link}");
    assert!(data.get("result").is_none());

    let generation = GenerationWorld::new().await;
    generation.job_one(JobKind::GenerateAll).await;
    let cancelled = generation.answer("cancel-job", "post").await;
    assert_eq!(cancelled["body"]["data"]["receipt"]["released"], 24);
    let again = generation.answer("cancel-job", "post").await;
    assert_eq!(again["status"], 200, "a cancelled job stays cancelled");
    let status = generation.answer("generation-status", "get").await;
    assert_eq!(status["body"]["data"]["error"]["code"], "job_cancelled");
}

#[tokio::test]
async fn a_link_is_made_for_the_jobs_own_video_only() {
    let generation = GenerationWorld::new().await;
    generation.job_one_completed().await;
    let status = generation.answer("generation-status", "get").await;
    let result = &status["body"]["data"]["result"];
    let key = MediaKey::new("samples/video.mp4".to_owned());
    let link = generation.world.objects.link(&key, 3600).await.expect("a link");
    assert_eq!(result["video_url"], link);
    assert_eq!(
        (&result["duration_s"], &result["width"]),
        (&json!(15.0), &json!(1080))
    );
}

#[tokio::test]
async fn a_cancelled_or_failed_job_has_no_running_step() {
    let generation = GenerationWorld::new().await;
    let job = generation.job_one(JobKind::GenerateAll).await;
    let (store, now) = (generation.world.store(), generation.world.ann.now());
    let run = JobRun::from(&job);
    store
        .begin_step(run, Step::Script, now)
        .await
        .expect("a step begins");
    store.end_step(run, Step::Script, now).await.expect("a step ends");
    for step in [Step::Images, Step::Voice] {
        store.begin_step(run, step, now).await.expect("a step begins");
    }
    generation.answer("cancel-job", "post").await;
    let cancelled = generation.answer("generation-status", "get").await;
    let data = &cancelled["body"]["data"];
    let states = |data: &serde_json::Value| {
        ["script", "images", "voice", "composition"].map(|step| data["steps"][step]["state"].clone())
    };
    assert_eq!(states(data), ["done", "cancelled", "cancelled", "waiting"]);
    assert_eq!(data["steps"]["voice"]["ended_at"], data["ended_at"]);
    assert_eq!(data["current_step"], json!(null));
    assert_eq!(
        (&data["receipt"]["held_at_start"], &data["receipt"]["held_now"]),
        (&json!(24), &json!(0))
    );
}
