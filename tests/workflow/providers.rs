//! Providers that answer late, never, or not as promised, and engines that die.

use domain::job::{JobKind, Step};
use domain::media::Media;
use domain::ports::Objects;
use domain::{ErrorCode, JobState};
use testkit::Act::{Fail, Vanish, Wait};
use workflow::world::{Fault, World};

#[tokio::test]
async fn a_provider_that_answers_later_is_asked_and_not_called_again() {
    let world = World::new().await;
    world.scripts.next(Wait);
    world.scripts.next(Wait);
    world.voices.next(Wait);
    let job = world.run(JobKind::GenerateAll, Fault::None).await;
    assert_eq!(job.state, JobState::Completed);
    assert_eq!((world.scripts.calls(), world.scripts.polls()), (1, 2));
    assert_eq!((world.voices.calls(), world.voices.polls()), (1, 1));
    world.assert_settled(&job, "late").await;
}

#[tokio::test]
async fn a_poll_that_does_not_get_through_is_no_reason_to_pay_twice() {
    for code in [ErrorCode::ProviderThrottled, ErrorCode::ProviderUnavailable] {
        let world = World::unrepeatable().await;
        for act in [Wait, Fail(code), Wait, Fail(code)] {
            world.voices.next(act);
        }
        let job = world.run(JobKind::GenerateAll, Fault::None).await;
        assert_eq!(job.state, JobState::Completed, "{code}");
        assert_eq!((world.voices.calls(), world.voices.polls()), (1, 4), "{code}");
        world.assert_settled(&job, code.as_str()).await;
    }
}

#[tokio::test]
async fn a_refusal_of_the_provider_is_the_customers_and_is_not_retried() {
    for (provider, step) in [("image", Step::Images), ("voice", Step::Voice)] {
        let world = World::new().await;
        let refusing = if provider == "image" {
            &world.images
        } else {
            &world.voices
        };
        refusing.next(Fail(ErrorCode::ProviderRefused));
        let job = world.run(JobKind::GenerateAll, Fault::None).await;
        let failure = job.failure.clone().expect("a reason");
        assert_eq!(
            (failure.code, failure.step),
            (ErrorCode::ProviderRefused, Some(step)),
            "{provider}"
        );
        assert_eq!(failure.message, ErrorCode::ProviderRefused.meaning());
        world.assert_settled(&job, provider).await;
    }
}

#[tokio::test]
async fn an_engine_that_dies_fails_the_job_with_its_own_code() {
    let engines = [
        (ErrorCode::ImageEngineFailed, Step::Images),
        (ErrorCode::VoiceEngineFailed, Step::Voice),
        (ErrorCode::RenderEngineFailed, Step::Composition),
    ];
    for (code, step) in engines {
        let world = World::new().await;
        match step {
            Step::Images => world.images.next(Fail(code)),
            Step::Voice => world.voices.next(Fail(code)),
            _ => world.composer.break_down(),
        }
        let job = world.run(JobKind::GenerateAll, Fault::None).await;
        let failure = job.failure.clone().expect("a reason");
        assert_eq!((failure.code, failure.step), (code, Some(step)));
        world.assert_settled(&job, code.as_str()).await;
    }
}

#[tokio::test]
async fn a_video_that_does_not_pass_its_check_once_is_composed_again_and_delivered() {
    let world = World::new().await;
    world.composer.slip();
    let job = world.run(JobKind::GenerateAll, Fault::None).await;
    assert_eq!((job.state, world.composer.renders()), (JobState::Completed, 2));
    world.assert_settled(&job, "composed twice").await;
    let video = job.outputs.video.clone().expect("a video");
    let report = objects::keys::media(
        job.account_id,
        job.project_id,
        Media::CheckReport,
        &video.input_hash,
    );
    let report = world
        .objects
        .get(&report)
        .await
        .expect("the report lies beside the video");
    let report: serde_json::Value = serde_json::from_slice(&report).expect("JSON");
    assert_eq!(report["findings"][0]["code"], "not_black");
    assert_eq!(report["passed"], true, "of the second one");
}

#[tokio::test]
async fn a_video_that_does_not_pass_its_check_is_not_charged_and_is_composed_anew() {
    let world = World::new().await;
    world.composer.spoil();
    let job = world.run(JobKind::GenerateAll, Fault::None).await;
    assert_eq!(world.composer.renders(), 2, "once more, and no more");
    let failure = job.failure.clone().expect("a reason");
    assert_eq!(
        (failure.code, failure.step),
        (ErrorCode::QualityCheckFailed, Some(Step::Composition))
    );
    assert!(
        failure.message.ends_with("checks: not_black."),
        "{}",
        failure.message
    );
    world.assert_settled(&job, "spoiled").await;
    world.composer.recover();
    let next = world.resume(&job).await;
    world.walk(&next, Fault::None).await;
    let job = world.job(job.id).await;
    assert_eq!((job.state, world.composer.renders()), (JobState::Completed, 3));
    assert_eq!(
        (world.scripts.calls(), world.images.calls(), world.voices.calls()),
        (1, 3, 1)
    );
    world.assert_settled(&job, "composed anew").await;
}

#[tokio::test]
async fn a_paid_call_whose_outcome_is_unknown_is_never_made_again_blindly() {
    let world = World::unrepeatable().await;
    world.scripts.next(Vanish);
    let job = world.run(JobKind::GenerateScript, Fault::None).await;
    assert_eq!(
        job.failure.as_ref().map(|failure| failure.code),
        Some(ErrorCode::ProviderRejected)
    );
    assert_eq!(world.scripts.calls(), 1);
    world.assert_settled(&job, "vanished").await;

    // A resume soon after waits for the outcome, which nobody will ever tell, and calls nobody.
    world.clock.set(job.created_at.plus_s(60));
    let soon = world.resume(&job).await;
    world.walk(&soon, Fault::None).await;
    assert_eq!(world.scripts.calls(), 1, "still nobody knows");
    world.assert_settled(&job, "too soon").await;

    // Long after, the unknown call is given up, and the next resume calls anew.
    world.clock.advance_ms(3_600_000);
    let later = world.resume(&job).await;
    world.walk(&later, Fault::None).await;
    assert_eq!(world.scripts.calls(), 1);
    let last = world.resume(&job).await;
    world.walk(&last, Fault::None).await;
    assert_eq!(
        (world.job(job.id).await.state, world.scripts.calls()),
        (JobState::Completed, 2)
    );
    world.assert_settled(&job, "called anew").await;
}

#[tokio::test]
async fn a_provider_that_has_the_call_and_says_nothing_keeps_the_credits_held_for_a_day() {
    let world = World::new().await;
    for _ in 0..1000 {
        world.voices.next(Wait);
    }
    let job = world.start(JobKind::GenerateAll).await;
    world.walk(&job, Fault::None).await;
    let held = world.job(job.id).await;
    assert!(held.state.is_open(), "our own time-out is not an outcome");
    world.sweep().await;
    assert!(world.job(job.id).await.state.is_open());
    world.dynamo.assert_clean(world.customer.account_id).await;
    world.clock.advance_ms(24 * 3_600_000);
    world.sweep().await;
    let ended = world.job(job.id).await;
    assert_eq!(
        ended.failure.as_ref().map(|failure| failure.code),
        Some(ErrorCode::JobStopped)
    );
    world.assert_settled(&job, "silent").await;
}
