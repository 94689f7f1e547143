//! Many at once on one wallet and on one job.

use domain::ErrorCode;
use domain::job::{Job, JobKind};
use store::{EndJob, Ended, Started, StoreError};
use testkit::at_once;

use crate::world::{World, cancelled, completed, failed};

/// A start that can run beside others.
fn start(world: &World, job: Job) -> impl Future<Output = Result<Started, StoreError>> + Send + 'static {
    let store = world.dynamo.store.clone();
    let (id, now) = (world.customer.transaction_id(), world.customer.now());
    async move { store.start_job(&job, &ledger::Limits::none(), id, now).await }
}

/// An end that can run beside others.
fn end(
    world: &World,
    job: &Job,
    end: EndJob,
) -> impl Future<Output = Result<Ended, StoreError>> + Send + 'static {
    let store = world.dynamo.store.clone();
    let (id, now) = (world.customer.transaction_id(), world.customer.now());
    let end = EndJob {
        job: job.clone(),
        ..end
    };
    async move { store.end_job(&end, id, now).await }
}

/// Starts `count` jobs of one credit at once, each on its own project; answers with how many were refused.
async fn start_at_once(world: &World, count: usize) -> usize {
    let mut starts = Vec::new();
    for _ in 0..count {
        let project = world.customer.project().await;
        starts.push(start(
            world,
            world.customer.job(&project, JobKind::GenerateScript, 1),
        ));
    }
    let answers = at_once(starts).await;
    let (started, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert!(
        started
            .into_iter()
            .all(|started| started.unwrap() == Started::New)
    );
    for error in refused.iter().filter_map(|refused| refused.as_ref().err()) {
        assert_eq!(error.code(), ErrorCode::InsufficientCredits, "{error:?}");
    }
    refused.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_holds_at_once_inside_the_balance_all_succeed() {
    let world = World::with_credits(50).await;
    assert_eq!(start_at_once(&world, 50).await, 0);
    assert_eq!(world.balance().await, (0, 50));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_seventy_holds_at_once_against_fifty_credits_exactly_fifty_succeed() {
    let world = World::with_credits(50).await;
    assert_eq!(start_at_once(&world, 70).await, 20);
    assert_eq!(world.balance().await, (0, 50));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_job_started_ten_times_at_once_holds_once() {
    let world = World::with_credits(50).await;
    let project = world.customer.project().await;
    let job = world.customer.job(&project, JobKind::GenerateScript, 30);
    let answers = at_once((0..10).map(|_| start(&world, job.clone()))).await;
    let new = answers
        .into_iter()
        .filter(|answer| matches!(answer, Ok(Started::New)));
    assert_eq!(new.count(), 1);
    assert_eq!(world.balance().await, (20, 30));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_jobs_for_one_project_at_once_start_one() {
    let world = World::with_credits(50).await;
    let project = world.customer.project().await;
    let jobs = (0..10).map(|_| world.customer.job(&project, JobKind::GenerateScript, 5));
    let answers = at_once(jobs.map(|job| start(&world, job))).await;
    let refused: Vec<_> = answers
        .iter()
        .filter_map(|answer| answer.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 9);
    assert!(
        refused
            .iter()
            .all(|error| matches!(error, StoreError::JobActive { .. })),
        "{refused:?}"
    );
    assert_eq!(world.balance().await, (45, 5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_finish_fail_and_cancel_at_once_one_wins_and_the_hold_ends_once() {
    for round in 0..10 {
        let world = World::with_credits(100).await;
        let (project, job) = world.started(30).await;
        world.write_script(&job).await;
        let job = world.stored(&job).await;
        let endings = [
            completed(&job),
            failed(&job),
            cancelled(&job),
            cancelled(&job),
            completed(&job),
        ];
        let answers = at_once(endings.map(|ending| end(&world, &job, ending))).await;
        let answers: Vec<Ended> = answers.into_iter().map(Result::unwrap).collect();
        let winners = answers.iter().filter(|ended| matches!(ended, Ended::Now(_)));
        assert_eq!(winners.count(), 1, "round {round}");
        let final_job = world.stored(&job).await;
        assert!(answers.iter().all(|ended| *ended.job() == final_job));
        let charged = final_job.receipt.unwrap().charged.get();
        assert_eq!(world.balance().await, (100 - charged, 0));
        let after = world.dynamo.store.project(project.account_id, project.id).await;
        assert_eq!(after.unwrap().active_job, None);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn starts_ends_and_grants_at_once_keep_the_books() {
    let world = World::with_credits(40).await;
    let mut moves = Vec::new();
    for number in 0..10 {
        let (_, open) = world.started(2).await;
        let project = world.customer.project().await;
        let next = world.customer.job(&project, JobKind::GenerateScript, 3);
        let (store, account, now) = (
            world.dynamo.store.clone(),
            world.customer.account_id,
            world.customer.now(),
        );
        let grant = world.customer.grant_of(&format!("invoice:{number}"), 1);
        let (start, end) = (start(&world, next), end(&world, &open, cancelled(&open)));
        let boxed: [domain::ports::Work<'static, Result<(), StoreError>>; 3] = [
            Box::pin(async move { start.await.map(drop) }),
            Box::pin(async move { end.await.map(drop) }),
            Box::pin(async move { store.grant(account, grant, now).await.map(drop) }),
        ];
        moves.extend(boxed);
    }
    for answer in at_once(moves).await {
        let refusal = answer.err().map(|error| error.code());
        assert!(
            matches!(refusal, None | Some(ErrorCode::InsufficientCredits)),
            "{refusal:?}"
        );
    }
    let (available, held) = world.balance().await;
    assert_eq!(available + held, 50);
}
