//! `statemachines/shortform.asl.json`: repeat each task, fail each task, time out each task, cancel at each border.

use domain::job::{JobKind, Step, StepState};
use domain::project::ProjectStatus;
use domain::receipt::NotCharged;
use domain::{Credits, ErrorCode, JobState};
use testkit::machine::{Ending, Machine};
use workflow::world::{CALLS, CREDITS, Fault, World};

/// The tasks before the end is written.
const WORKING: [&str; 5] = [
    "WriteScript",
    "RenderImage",
    "SpeakScript",
    "RenderVideo",
    "CheckVideo",
];

/// Calls of script, images, voice and composer.
fn made(world: &World) -> [usize; 4] {
    [
        world.scripts.calls(),
        world.images.calls(),
        world.voices.calls(),
        world.composer.renders(),
    ]
}

#[tokio::test]
async fn a_keyword_becomes_a_paid_video() {
    let world = World::new().await;
    let job = world.start(JobKind::GenerateAll).await;
    assert_eq!(job.state, JobState::Pending);
    let (ending, calls) = world.walk(&job, Fault::None).await;
    assert!(matches!(ending, Ending::Succeeded(_)), "{ending:?}");
    assert_eq!(calls, CALLS);
    let job = world.job(job.id).await;
    assert_eq!(
        (job.state, job.progress(), job.current_step()),
        (JobState::Completed, 100, None)
    );
    assert!(
        job.steps
            .values()
            .all(|step| step.state == StepState::Done && step.ended_at.is_some())
    );
    let receipt = job.receipt.clone().expect("a receipt");
    // Script 2, three images at 2, six seconds of voice 1, 6.7 seconds of video 2.
    assert_eq!(receipt.charged, Credits::new(11));
    let project = world.project_now().await;
    assert_eq!(
        (project.status, project.generation_cost),
        (ProjectStatus::Ready, Credits::new(11))
    );
    assert_eq!(project.outputs.images.len(), 3);
    assert!(project.outputs.video.is_some());
    let wallet = world
        .store()
        .wallet(world.customer.account_id)
        .await
        .expect("a wallet");
    assert_eq!(wallet.available(), Credits::new(CREDITS - 11));
    world.assert_settled(&job, "happy").await;
}

#[tokio::test]
async fn every_task_may_be_repeated() {
    let world = World::new().await;
    let job = world.run(JobKind::GenerateAll, Fault::Repeat).await;
    assert_eq!(job.state, JobState::Completed);
    assert_eq!(made(&world), [1, 3, 1, 1], "nothing is made twice");
    world.assert_settled(&job, "repeated").await;
}

#[tokio::test]
async fn a_task_that_fails_releases_the_hold_and_a_resume_makes_only_what_is_missing() {
    for state in WORKING {
        let world = World::new().await;
        let fault = Fault::Fail(vec![state.to_owned()], ErrorCode::Internal);
        let job = world.run(JobKind::GenerateAll, fault).await;
        assert_eq!(job.state, JobState::Failed, "{state}");
        let failure = job.failure.clone().expect("a reason");
        assert_eq!(failure.code, ErrorCode::Internal, "{state}");
        assert!(job.receipt.iter().flat_map(|receipt| &receipt.lines).all(|line| {
            let why = [Some(NotCharged::JobFailed), Some(NotCharged::NotMade)];
            why.contains(&line.not_charged) && line.charged.is_zero()
        }));
        assert_eq!(world.project_now().await.status, ProjectStatus::Failed, "{state}");
        world.assert_settled(&job, state).await;
        resumes_without_waste(&world, &job, state).await;
    }
}

#[tokio::test]
async fn a_task_that_times_out_before_its_work_releases_the_hold() {
    for state in WORKING {
        let world = World::new().await;
        let job = world
            .run(JobKind::GenerateAll, Fault::TimeoutBefore(state.to_owned()))
            .await;
        assert_eq!(
            job.failure.as_ref().map(|failure| failure.code),
            Some(ErrorCode::StepTimedOut),
            "{state}"
        );
        world.assert_settled(&job, state).await;
        resumes_without_waste(&world, &job, state).await;
    }
}

#[tokio::test]
async fn a_task_whose_answer_is_lost_releases_the_hold_and_its_work_is_used_by_the_resume() {
    for state in WORKING {
        let world = World::new().await;
        let job = world
            .run(JobKind::GenerateAll, Fault::TimeoutAfter(state.to_owned()))
            .await;
        assert_eq!(job.state, JobState::Failed, "{state}");
        world.assert_settled(&job, state).await;
        resumes_without_waste(&world, &job, state).await;
    }
}

/// The resumed run completes, and over both runs every part was made once; only a video that was never checked is
/// composed again.
async fn resumes_without_waste(world: &World, failed: &domain::Job, state: &str) {
    let next = world.resume(failed).await;
    assert_eq!((next.run, next.state), (2, JobState::Pending), "{state}");
    let unchecked = failed.outputs.video.is_some()
        && failed
            .steps
            .get(&Step::Composition)
            .is_some_and(|step| step.state != StepState::Done);
    let (ending, _) = world.walk(&next, Fault::None).await;
    assert!(matches!(ending, Ending::Succeeded(_)), "{state}: {ending:?}");
    let renders = if unchecked { 2 } else { 1 };
    assert_eq!(made(world), [1, 3, 1, renders], "{state}: made again");
    let job = world.job(failed.id).await;
    assert_eq!(
        (job.state, job.failure.clone()),
        (JobState::Completed, None),
        "{state}"
    );
    assert_eq!(
        job.receipt.as_ref().map(|receipt| receipt.charged),
        Some(Credits::new(11)),
        "{state}"
    );
    world.assert_settled(&job, state).await;
    assert_eq!(
        world.executions.names().len(),
        2,
        "{state}: each run is an execution of its own"
    );
}

#[tokio::test]
async fn an_end_that_cannot_be_written_is_left_to_the_reconciler() {
    let world = World::new().await;
    let fault = Fault::Fail(vec!["FinishJob".to_owned()], ErrorCode::Unavailable);
    let job = world.start(JobKind::GenerateAll).await;
    let (ending, calls) = world.walk(&job, fault).await;
    assert!(matches!(ending, Ending::Failed(error) if error.error == "LeftToReconciler"));
    assert_eq!(calls, CALLS + 3, "a retryable code is tried three times more");
    assert!(world.job(job.id).await.state.is_open());
    world.sweep().await;
    let job = world.job(job.id).await;
    assert_eq!(
        job.state,
        JobState::Completed,
        "a delivered and checked video is finished, not taken back"
    );
    world.assert_settled(&job, "FinishJob").await;

    let world = World::new().await;
    let states = vec!["SpeakScript".to_owned(), "FailJob".to_owned()];
    let job = world
        .run(JobKind::GenerateAll, Fault::Fail(states, ErrorCode::Internal))
        .await;
    assert_eq!(
        job.failure.as_ref().map(|failure| failure.code),
        Some(ErrorCode::JobStopped)
    );
    world.assert_settled(&job, "FailJob").await;
}

#[tokio::test]
async fn an_end_whose_time_runs_out_ends_the_job_once() {
    for fault in [
        Fault::TimeoutBefore("FinishJob".to_owned()),
        Fault::TimeoutAfter("FinishJob".to_owned()),
    ] {
        let world = World::new().await;
        let job = world.run(JobKind::GenerateAll, fault.clone()).await;
        assert_eq!(job.state, JobState::Completed, "{fault:?}");
        world.assert_settled(&job, "FinishJob").await;
    }
}

#[tokio::test]
async fn a_cancel_at_any_border_returns_every_credit() {
    for boundary in 0..CALLS {
        let world = World::new().await;
        let about = format!("before call {boundary}");
        let job = world
            .run(JobKind::GenerateAll, Fault::CancelBefore(boundary))
            .await;
        assert_eq!(job.state, JobState::Cancelled, "{about}");
        world.assert_settled(&job, &about).await;
        let wallet = world
            .store()
            .wallet(world.customer.account_id)
            .await
            .expect("a wallet");
        assert_eq!(wallet.available(), Credits::new(CREDITS), "{about}");
        let next = world.resume(&job).await;
        world.walk(&next, Fault::None).await;
        let job = world.job(job.id).await;
        assert_eq!(job.state, JobState::Completed, "{about}");
        assert_eq!(made(&world)[..3], [1, 3, 1], "{about}: made again");
        world.assert_settled(&job, &about).await;
    }
}

#[tokio::test]
async fn a_retryable_failure_of_a_provider_is_not_seen_by_the_customer() {
    use testkit::Act::Fail;
    let world = World::new().await;
    world.scripts.next(Fail(ErrorCode::ProviderThrottled));
    world.images.next(Fail(ErrorCode::ProviderUnavailable));
    world.voices.next(Fail(ErrorCode::ProviderUnavailable));
    world.voices.next(Fail(ErrorCode::ProviderThrottled));
    let job = world.run(JobKind::GenerateAll, Fault::None).await;
    assert_eq!(job.state, JobState::Completed);
    assert_eq!(made(&world), [2, 4, 3, 1]);
    world.assert_settled(&job, "retried").await;
}

#[tokio::test]
async fn each_single_step_is_a_job_of_its_own() {
    let world = World::new().await;
    let kinds = [
        (JobKind::GenerateScript, 2),
        (JobKind::GenerateImages, 6),
        (JobKind::GenerateVoice, 1),
        (JobKind::ComposeVideo, 2),
    ];
    for (kind, price) in kinds {
        let job = world.run(kind, Fault::None).await;
        assert_eq!(job.state, JobState::Completed, "{kind:?}");
        assert_eq!(
            job.receipt.as_ref().map(|receipt| receipt.charged),
            Some(Credits::new(price)),
            "{kind:?}"
        );
        world.assert_settled(&job, "single").await;
    }
    assert_eq!(made(&world), [1, 3, 1, 1]);
    let project = world.project_now().await;
    assert_eq!(
        (project.status, project.generation_cost),
        (ProjectStatus::Ready, Credits::new(11))
    );
}

#[tokio::test]
async fn the_machine_knows_every_task_that_the_harness_breaks() {
    let mut known = Machine::load("shortform").tasks();
    // The last two end a job; the tasks of a long video are broken in `chunks`.
    known.retain(|task| !["FinishJob", "FailJob", "RenderChunk", "JoinVideo"].contains(&task.as_str()));
    let mut broken = WORKING.map(str::to_owned).to_vec();
    broken.sort();
    assert_eq!(known, broken, "a new task needs its place in the harness");
}
