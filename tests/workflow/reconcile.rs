//! Whatever dies between two lines is found and ended, or started again.

use std::sync::Arc;

use domain::job::JobKind;
use domain::ports::{Clock, ExecutionState, Executions};
use domain::{Credits, ErrorCode, JobState};
use jobs::{JobEndings, Reconciled, Reconciler};
use testkit::Act::Wait;
use testkit::FixedClock;
use workflow::models::FAKES;
use workflow::world::{CREDITS, Fault, World};

use super::executions::{EndsWhenLookedAt, StartsNothing};

fn reconciler(world: &World, executions: Arc<dyn Executions>) -> Reconciler {
    let clock: Arc<dyn Clock> = Arc::<FixedClock>::clone(&world.clock);
    let store = world.store().clone();
    let endings = JobEndings::new(store.clone(), FAKES, Arc::clone(&clock));
    Reconciler::new(store, endings, executions, clock)
}

#[tokio::test]
async fn a_video_delivered_while_the_reconciler_looks_is_not_taken_back() {
    let world = World::new().await;
    let job = world.start(JobKind::GenerateAll).await;
    let fault = Fault::Fail(
        vec!["CheckVideo".to_owned(), "FailJob".to_owned()],
        ErrorCode::Internal,
    );
    world.walk(&job, fault).await;
    let reconciler = reconciler(&world, Arc::new(EndsWhenLookedAt(world.store().clone())));
    let answer = reconciler
        .reconcile(job.account_id, job.id, world.ids.as_ref())
        .await;
    assert_eq!(answer.expect("it is reconciled"), Reconciled::Finished);
    assert_eq!(world.job(job.id).await.state, JobState::Completed);
    world.assert_settled(&job, "late").await;
}

#[tokio::test]
async fn a_hold_whose_execution_can_never_be_started_is_given_back_after_a_day() {
    let world = World::new().await;
    world.executions.go_down();
    let job = world.start(JobKind::GenerateAll).await;
    let reconciler = reconciler(&world, Arc::new(StartsNothing));
    let reconcile = || reconciler.reconcile(job.account_id, job.id, world.ids.as_ref());
    assert!(reconcile().await.is_err(), "it is tried again");
    assert!(world.job(job.id).await.state.is_open());
    world.clock.advance_ms(jobs::VERDICT_S_MAX * 1000);
    assert_eq!(reconcile().await.expect("it is reconciled"), Reconciled::Failed);
    world.assert_settled(&job, "never started").await;
}

#[tokio::test]
async fn a_run_that_is_stopped_for_its_age_stays_held_while_a_provider_is_undecided() {
    let world = World::new().await;
    for _ in 0..1000 {
        world.voices.next(Wait);
    }
    let job = world.start(JobKind::GenerateAll).await;
    world.walk(&job, Fault::None).await;
    world.executions.set(&job, ExecutionState::Running);
    world.clock.advance_ms(jobs::RUN_S_MAX * 1000);
    world.sweep().await;
    assert!(world.executions.has_ended(&job), "it is stopped");
    assert!(
        world.job(job.id).await.state.is_open(),
        "our own time-out is not a verdict"
    );
    world.clock.advance_ms(24 * 3_600_000);
    world.sweep().await;
    world.assert_settled(&job, "given up").await;
}

#[tokio::test]
async fn a_repeated_resume_with_the_same_ids_is_the_same_run() {
    let world = World::new().await;
    let fault = || Fault::Fail(vec!["WriteScript".to_owned()], ErrorCode::Internal);
    let failed = world.run(JobKind::GenerateAll, fault()).await;
    let account = world.customer.account_id;
    let seed = ulid::Ulid::from_parts(1_795_248_000_000, 4711);
    let resume = async || {
        let ids = api::ClaimedIds::new(seed);
        world.jobs.resume(account, failed.id, None, &ids).await
    };
    let first = resume().await.expect("it is resumed");
    let second = resume().await.expect("the answer was lost: the same run again");
    assert_eq!((first.run, second.run), (2, 2));
    world.walk(&second, fault()).await;
    let third = resume().await.expect("still that run");
    assert_eq!((third.run, third.state), (2, JobState::Failed));
    world.assert_settled(&third, "resumed once").await;
}

#[tokio::test]
async fn a_job_whose_execution_never_started_is_started_by_the_sweep() {
    let world = World::new().await;
    world.executions.go_down();
    let job = world.start(JobKind::GenerateAll).await;
    assert_eq!(
        job.state,
        JobState::Pending,
        "the credits are held and the job is taken on"
    );
    assert!(world.executions.names().is_empty());
    world.executions.come_back();
    world.sweep().await;
    assert_eq!(world.executions.names(), [job.id.to_string()]);
    world.walk(&job, Fault::None).await;
    assert_eq!(world.job(job.id).await.state, JobState::Completed);
    world.assert_settled(&job, "late start").await;
}

#[tokio::test]
async fn a_running_execution_is_left_alone_and_a_job_is_not_visited_twice_at_once() {
    let world = World::new().await;
    let job = world.start(JobKind::GenerateAll).await;
    world.sweep().await;
    assert!(world.job(job.id).await.state.is_open());
    assert_eq!(
        world
            .store()
            .open_jobs_due(world.clock_now(), 10)
            .await
            .expect("a query"),
        []
    );
    world.walk(&job, Fault::None).await;
    world.assert_settled(&job, "left alone").await;
}

#[tokio::test]
async fn an_execution_that_was_stopped_from_outside_releases_the_hold() {
    let world = World::new().await;
    let job = world.start(JobKind::GenerateAll).await;
    world.executions.stop(&job).await.expect("it is stopped");
    world.sweep().await;
    let ended = world.job(job.id).await;
    assert_eq!(
        ended.failure.as_ref().map(|failure| failure.code),
        Some(ErrorCode::JobStopped)
    );
    let wallet = world
        .store()
        .wallet(world.customer.account_id)
        .await
        .expect("a wallet");
    assert_eq!(wallet.available(), Credits::new(CREDITS));
    world.assert_settled(&job, "stopped").await;
}

#[tokio::test]
async fn an_execution_that_runs_for_ever_is_stopped() {
    let world = World::new().await;
    let job = world.start(JobKind::GenerateAll).await;
    // Its script is there; then it hangs.
    world
        .walk(
            &job,
            Fault::Fail(
                vec!["SpeakScript".to_owned(), "FailJob".to_owned()],
                ErrorCode::Internal,
            ),
        )
        .await;
    world.executions.set(&job, ExecutionState::Running);
    world.sweep().await;
    assert!(world.job(job.id).await.state.is_open());
    world.clock.advance_ms(jobs::RUN_S_MAX * 1000);
    world.sweep().await;
    let ended = world.job(job.id).await;
    assert_eq!(
        ended.failure.as_ref().map(|failure| failure.code),
        Some(ErrorCode::StepTimedOut)
    );
    assert!(world.executions.has_ended(&job));
    world.assert_settled(&job, "hung").await;
}

#[tokio::test]
async fn a_step_of_an_older_run_finds_its_job_ended() {
    let world = World::new().await;
    let fault = Fault::Fail(vec!["WriteScript".to_owned()], ErrorCode::Internal);
    let old = world.run(JobKind::GenerateAll, fault).await;
    let next = world.resume(&old).await;
    // The first execution wakes up again: its steps belong to run 1.
    world.executions.set(&old, ExecutionState::Running);
    let (_, calls) = world.walk(&old, Fault::None).await;
    assert_eq!(
        calls, 2,
        "WriteScript says that the job has ended, FailJob leaves the later run alone"
    );
    assert!(world.job(old.id).await.state.is_open());
    world.walk(&next, Fault::None).await;
    assert_eq!(world.job(old.id).await.state, JobState::Completed);
    world.assert_settled(&next, "second run").await;
}

#[tokio::test]
async fn everyone_who_ends_a_job_at_once_ends_it_once() {
    let world = World::new().await;
    let job = world.start(JobKind::GenerateScript).await;
    let account = world.customer.account_id;
    let (walked, cancelled, reconciled) = tokio::join!(
        world.walk(&job, Fault::None),
        world.jobs.cancel(account, job.id, world.ids.as_ref()),
        world.jobs.cancel(account, job.id, world.ids.as_ref()),
    );
    let ended = world.job(job.id).await;
    match ended.state {
        JobState::Cancelled => assert!(cancelled.is_ok() && reconciled.is_ok(), "{walked:?}"),
        JobState::Completed => assert!(cancelled.is_err() && reconciled.is_err(), "{walked:?}"),
        other => panic!("{other:?}"),
    }
    world.assert_settled(&job, "race").await;
}

#[tokio::test]
async fn a_repeated_start_with_the_same_ids_is_the_same_job() {
    let world = World::new().await;
    let seed = ulid::Ulid::from_parts(1_795_248_000_000, 4711);
    let account = world.customer.account_id;
    let ids = || api::ClaimedIds::new(seed);
    let first = world
        .jobs
        .start(world.start_of(&world.project, JobKind::GenerateAll), &ids())
        .await
        .expect("a job");
    let second = world
        .jobs
        .start(world.start_of(&world.project, JobKind::GenerateAll), &ids())
        .await
        .expect("a job");
    assert_eq!(first.id, second.id);
    assert_eq!(world.executions.names().len(), 1);
    let wallet = world.store().wallet(account).await.expect("a wallet");
    assert_eq!(wallet.held(), first.held, "held once");
    world.dynamo.assert_clean(account).await;
}

#[tokio::test]
async fn only_a_failed_or_cancelled_job_of_a_free_project_can_be_resumed() {
    let world = World::new().await;
    let account = world.customer.account_id;
    let done = world.run(JobKind::GenerateScript, Fault::None).await;
    let refused = world
        .jobs
        .resume(account, done.id, None, world.ids.as_ref())
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::JobNotResumable);
    let fault = Fault::Fail(vec!["RenderImage".to_owned()], ErrorCode::Internal);
    let failed = world.run(JobKind::GenerateImages, fault).await;
    let busy = world.start(JobKind::GenerateVoice).await;
    let refused = world
        .jobs
        .resume(account, failed.id, None, world.ids.as_ref())
        .await
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::JobNotResumable);
    world.walk(&busy, Fault::None).await;
    let next = world.resume(&failed).await;
    world.walk(&next, Fault::None).await;
    assert_eq!(world.job(failed.id).await.state, JobState::Completed);
    world.assert_settled(&failed, "resumed").await;
}
