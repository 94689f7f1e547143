//! Tests of holds that grow, of the most that a job may hold, and of two jobs that made the same.

use domain::job::{Job, JobKind};
use domain::outputs::{Output, Source};
use domain::{Credits, ErrorCode, Failure};
use store::{Ended, JobRun, OutputNote, StoreError};
use testkit::samples;

use crate::world::{World, cancelled, completed};

async fn extend(world: &World, job: &Job, to: u64) -> Result<Job, StoreError> {
    let (id, now) = (world.customer.transaction_id(), world.customer.now());
    world
        .dynamo
        .store
        .extend_hold(JobRun::from(job), Credits::new(to), id, now)
        .await
}

#[tokio::test]
async fn a_hold_grows_to_a_size_and_a_repeat_changes_nothing() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(30).await;
    assert_eq!(extend(&world, &job, 45).await.unwrap().held.get(), 45);
    assert_eq!(extend(&world, &job, 45).await.unwrap().held.get(), 45);
    assert_eq!(extend(&world, &job, 10).await.unwrap().held.get(), 45);
    assert_eq!(world.balance().await, (55, 45));
    let grown = world.stored(&job).await;
    world.end(&grown, cancelled(&grown)).await.unwrap();
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn a_hold_grows_neither_above_the_balance_nor_above_what_the_job_may_take_nor_after_its_end() {
    let world = World::with_credits(100).await;
    let project = world.customer.project().await;
    let job = Job {
        max_credits: Some(Credits::new(60)),
        ..world.customer.job(&project, JobKind::GenerateScript, 30)
    };
    world.start(&job).await.unwrap();
    let above = Failure::from(extend(&world, &job, 61).await.unwrap_err());
    assert_eq!(above.code, ErrorCode::MaxCreditsExceeded);
    assert_eq!(
        above.details,
        Some(serde_json::json!({"needed": 61, "max_credits": 60}))
    );
    let (_, other) = world.started(60).await;
    let poor = extend(&world, &job, 50).await.unwrap_err();
    assert_eq!(poor.code(), ErrorCode::InsufficientCredits);
    world.end(&other, cancelled(&other)).await.unwrap();
    world.end(&job, cancelled(&job)).await.unwrap();
    let late = extend(&world, &job, 50).await.unwrap_err();
    assert_eq!(late.code(), ErrorCode::JobEnded);
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn a_job_that_holds_more_than_it_may_is_not_started() {
    let world = World::with_credits(100).await;
    let project = world.customer.project().await;
    let job = Job {
        max_credits: Some(Credits::new(29)),
        ..world.customer.job(&project, JobKind::GenerateScript, 30)
    };
    let refused = world.start(&job).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::MaxCreditsExceeded);
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn a_receipt_of_before_the_hold_grew_is_not_written() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(30).await;
    extend(&world, &job, 40).await.unwrap();
    let refused = world.end(&job, cancelled(&job)).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
    assert_eq!(world.balance().await, (60, 40));
}

/// A started job whose script is the one stored under `shared`.
async fn delivered(world: &World, shared: &str) -> Job {
    let (_, job) = world.started(30).await;
    let store = &world.dynamo.store;
    let made = samples::made(samples::script(3), shared);
    let output = Output::Script {
        script: made.value.clone(),
    };
    store
        .put_output(
            job.account_id,
            &made.input_hash,
            &output,
            "local",
            world.customer.now(),
        )
        .await
        .unwrap();
    let at = JobRun::from(&job);
    let now = world.customer.now();
    store
        .begin_step(at, domain::job::Step::Script, now)
        .await
        .unwrap();
    store.note_output(at, &OutputNote::Script(made)).await.unwrap();
    world.stored(&job).await
}

#[tokio::test]
async fn of_two_jobs_that_made_the_same_at_once_one_is_charged_and_the_other_told() {
    let world = World::with_credits(100).await;
    let first = delivered(&world, "the same").await;
    let second = delivered(&world, "the same").await;
    // Both were priced before either ended.
    let (one, two) = (completed(&first), completed(&second));
    world.end(&first, one).await.unwrap();
    let Err(StoreError::PaidMeanwhile { hashes }) = world.end(&second, two).await else {
        panic!("the output was paid for by the first job");
    };
    assert_eq!(world.balance().await, (68, 30));
    let mut priced = second.clone();
    priced.outputs.mark_paid(&hashes);
    let Ended::Now(ended) = world.end(&priced, completed(&priced)).await.unwrap() else {
        panic!("nobody else ended it");
    };
    assert_eq!(ended.receipt.as_ref().unwrap().charged, Credits::ZERO);
    let stored = world.stored(&second).await;
    assert_eq!(stored.outputs.script.unwrap().source, Source::AlreadyPaid);
    assert_eq!(world.balance().await, (98, 0));
}
