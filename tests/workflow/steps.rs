//! The state machine's steps and the workers: each sample through its handler. What they do together is in
//! the other files.

use domain::job::{JobKind, StepState};
use domain::{ErrorCode, JobId, JobState};
use serde::de::DeserializeOwned;
use serde_json::Value;
use testkit::events::{cases, sample};

use super::world::{Fault, World};

fn read<T: DeserializeOwned>(function: &str, case: &str) -> T {
    serde_json::from_str(&sample(function, case)).unwrap_or_else(|cause| panic!("{function}/{case}: {cause}"))
}

/// A world in which the samples' ids are real: account, project and job 1.
async fn world() -> World {
    World::of_samples().await
}

#[tokio::test]
async fn the_samples_in_the_order_of_the_machine_make_a_paid_video() {
    let world = world().await;
    let scenes = write_script::handle(&world.handlers.write_script, read("write-script", "first-run"))
        .await
        .expect("a script");
    assert_eq!(scenes.scenes, [0, 1, 2]);
    let first: jobs::SceneTask = read("render-image", "first-scene");
    for scene in scenes.scenes {
        let task = jobs::SceneTask { scene, ..first };
        render_image::handle(&world.handlers.render_image, task)
            .await
            .expect("a picture");
    }
    speak_script::handle(&world.handlers.speak_script, read("speak-script", "first-run"))
        .await
        .expect("a voice");
    render_video::handle(&world.handlers.render_video, read("render-video", "first-run"))
        .await
        .expect("a video");
    render_video::handle(&world.handlers.render_video, read("render-video", "second-take"))
        .await
        .expect("another video");
    assert_eq!(world.composer.renders(), 2, "whatever is stored");
    let before = world.job(JobId::new(1_u128.into())).await;
    assert!(
        before
            .steps
            .iter()
            .filter(|(_, step)| step.state == StepState::Done)
            .count()
            == 3,
        "the check ends the fourth"
    );
    check_video::handle(&world.handlers.check_video, read("check-video", "first-run"))
        .await
        .expect("it passes");
    let outcome = finish_job::handle(&world.handlers.finish_job, read("finish-job", "delivered"))
        .await
        .expect("it is paid");
    assert_eq!(outcome.status, "completed");
    world.assert_settled(&before, "samples").await;
}

#[tokio::test]
async fn the_samples_of_a_long_video_render_its_chunks_and_join_them() {
    let world = World::of_long_samples().await;
    let all = &world.handlers;
    write_script::handle(&all.write_script, read("write-script", "first-run"))
        .await
        .expect("a script");
    let first: jobs::SceneTask = read("render-image", "first-scene");
    for scene in 0..3 {
        let task = jobs::SceneTask { scene, ..first };
        render_image::handle(&all.render_image, task)
            .await
            .expect("a picture");
    }
    speak_script::handle(&all.speak_script, read("speak-script", "first-run"))
        .await
        .expect("a voice");
    let cut = render_video::handle(&all.render_video, read("render-video", "first-run"))
        .await
        .expect("a cut");
    assert_eq!(cut.chunks, [0, 1, 2]);
    let chunk: jobs::ChunkTask = read("render-chunk", "first-chunk");
    for number in cut.chunks {
        let task = jobs::ChunkTask {
            chunk: number,
            ..chunk
        };
        render_chunk::handle(&all.render_chunk, task)
            .await
            .expect("a chunk");
    }
    let none = render_chunk::handle(&all.render_chunk, read("render-chunk", "no-such-chunk"))
        .await
        .unwrap_err();
    assert_eq!(none.code, ErrorCode::Internal);
    for take in ["first-run", "second-take"] {
        join_video::handle(&all.join_video, read("join-video", take))
            .await
            .expect("a video");
    }
    assert_eq!((world.composer.chunk_renders(), world.composer.joins()), (3, 2));
    check_video::handle(&all.check_video, read("check-video", "first-run"))
        .await
        .expect("it passes");
}

#[tokio::test]
async fn a_task_of_an_older_run_or_a_scene_that_is_not_there_is_refused() {
    let world = world().await;
    let older = write_script::handle(&world.handlers.write_script, read("write-script", "older-run"))
        .await
        .unwrap_err();
    assert_eq!(older.code, ErrorCode::JobEnded);
    write_script::handle(&world.handlers.write_script, read("write-script", "first-run"))
        .await
        .expect("a script");
    let scene = render_image::handle(
        &world.handlers.render_image,
        read("render-image", "no-such-scene"),
    )
    .await
    .unwrap_err();
    assert_eq!(scene.code, ErrorCode::Internal);
}

#[tokio::test]
async fn each_failure_sample_ends_the_job_with_its_reason() {
    for (case, code) in [
        ("timed-out", ErrorCode::StepTimedOut),
        ("engine-failed", ErrorCode::VoiceEngineFailed),
    ] {
        let world = world().await;
        let outcome = fail_job::handle(&world.handlers.fail_job, read("fail-job", case))
            .await
            .expect("failing is never refused");
        assert_eq!(outcome.status, "failed", "{case}");
        let job = world.job(JobId::new(1_u128.into())).await;
        assert_eq!(
            job.failure.as_ref().map(|failure| failure.code),
            Some(code),
            "{case}"
        );
        let again = fail_job::handle(&world.handlers.fail_job, read("fail-job", case))
            .await
            .expect("nor is its repeat");
        assert_eq!(again.status, "failed", "{case}");
        let finish = finish_job::handle(&world.handlers.finish_job, read("finish-job", "delivered"))
            .await
            .unwrap_err();
        assert_eq!(finish.code, ErrorCode::JobEnded, "{case}: who comes first wins");
        world.assert_settled(&job, case).await;
    }
    assert_eq!(cases("fail-job").len(), 2, "each sample has its code above");
}

#[tokio::test]
async fn finishing_before_everything_is_delivered_is_a_bug_and_settles_nothing() {
    let world = world().await;
    let early = finish_job::handle(&world.handlers.finish_job, read("finish-job", "delivered"))
        .await
        .unwrap_err();
    assert_eq!(early.code, ErrorCode::Internal);
    assert!(world.job(JobId::new(1_u128.into())).await.state.is_open());
    world.dynamo.assert_clean(world.customer.account_id).await;
}

#[tokio::test]
async fn the_schedules_sample_sweeps_and_the_queues_sample_visits() {
    let world = world().await;
    world.clock.advance_ms(600_000);
    let swept = sweep_jobs::handle(&world.handlers.sweep_jobs, read("sweep-jobs", "every-minute"))
        .await
        .expect("a sweep");
    assert_eq!(swept.jobs, 1);
    let batch: Value = read("reconcile-job", "one-job");
    let body = batch["Records"][0]["body"].as_str().expect("a body");
    let message = serde_json::from_str(body).expect("a job");
    reconcile_job::handle(&world.handlers.reconcile_job, message)
        .await
        .expect("a visit");
    assert_eq!(
        world.executions.names(),
        ["job_00000000000000000000000001"],
        "it had never been started"
    );
}

#[tokio::test]
async fn a_visit_of_an_ended_or_unknown_job_changes_nothing() {
    let world = World::new().await;
    let job = world.run(JobKind::GenerateScript, Fault::None).await;
    let known = store::JobRef::from(&job);
    let unknown = store::JobRef {
        job_id: JobId::new(99_u128.into()),
        ..known
    };
    for message in [known, unknown] {
        reconcile_job::handle(&world.handlers.reconcile_job, message)
            .await
            .expect("a visit");
    }
    assert_eq!(world.job(job.id).await.state, JobState::Completed);
    world.assert_settled(&job, "visited").await;
}
