//! Tests of the start of a run.

use domain::job::JobKind;
use domain::{ErrorCode, Failure, JobState, ProjectId};
use store::{JobFilter, PageRequest, Started, StoreError};
use testkit::Customer;

use crate::world::{World, cancelled, completed, failed, next_run};

#[tokio::test]
async fn a_start_holds_the_credits_and_takes_the_project() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(30).await;
    assert_eq!(world.stored(&job).await, job);
    assert_eq!(world.balance().await, (70, 30));
}

#[tokio::test]
async fn a_repeated_start_holds_nothing_more() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(60).await;
    // 60 more would not be there: the repeat must not answer 402 because of its own hold.
    assert_eq!(
        world.start(&job).await.unwrap(),
        Started::Already(Box::new(job.clone()))
    );
    assert_eq!(world.balance().await, (40, 60));
}

#[tokio::test]
async fn a_repeat_after_the_end_answers_with_the_ended_job() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(60).await;
    world.end(&job, cancelled(&job)).await.unwrap();
    let Started::Already(stored) = world.start(&job).await.unwrap() else {
        panic!("a second start of an ended job");
    };
    assert_eq!(stored.state, JobState::Cancelled);
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn too_few_credits_write_nothing_and_say_how_many() {
    let world = World::with_credits(20).await;
    let project = world.customer.project().await;
    let job = world.customer.job(&project, JobKind::GenerateAll, 21);
    let refused = Failure::from(world.start(&job).await.unwrap_err());
    assert_eq!(refused.code, ErrorCode::InsufficientCredits);
    assert_eq!(
        refused.details,
        Some(serde_json::json!({"needed": 21, "available": 20}))
    );
    let store = &world.dynamo.store;
    assert!(store.job(job.account_id, job.id).await.is_err());
    assert_eq!(store.project(job.account_id, project.id).await.unwrap(), project);
    assert_eq!(world.balance().await, (20, 0));
}

#[tokio::test]
async fn a_second_job_on_a_busy_project_is_refused() {
    let world = World::with_credits(100).await;
    let (project, _) = world.started(10).await;
    let second = world.customer.job(&project, JobKind::GenerateAll, 10);
    assert!(matches!(
        world.start(&second).await,
        Err(StoreError::JobActive { .. })
    ));
    let too_dear = world.customer.job(&project, JobKind::GenerateAll, 1000);
    assert!(matches!(
        world.start(&too_dear).await,
        Err(StoreError::JobActive { .. })
    ));
    assert_eq!(world.balance().await, (90, 10));
}

#[tokio::test]
async fn a_job_on_an_unknown_or_foreign_project_is_not_found() {
    let world = World::with_credits(100).await;
    let other = Customer::with_credits(&world.dynamo.store, 2, 100).await;
    let foreign = other.project().await;
    let mut unknown = world.customer.project().await;
    unknown.id = ProjectId::new(77.into());
    for id in [foreign.id, unknown.id] {
        unknown.id = id;
        let job = world.customer.job(&unknown, JobKind::GenerateAll, 10);
        assert!(matches!(
            world.start(&job).await,
            Err(StoreError::NotFound { .. })
        ));
    }
    assert_eq!(world.balance().await, (100, 0));
    world.dynamo.assert_clean(other.account_id).await;
}

#[tokio::test]
async fn a_failed_job_runs_again_with_a_new_hold() {
    let world = World::with_credits(100).await;
    let store = &world.dynamo.store;
    let (_, job) = world.started(30).await;
    world.write_script(&job).await;
    world.end(&job, failed(&job)).await.unwrap();
    let next = next_run(&world.stored(&job).await, 40);
    let id = world.customer.transaction_id();
    let started = store
        .restart_job(&next, &ledger::Limits::none(), id, world.customer.now())
        .await
        .unwrap();
    assert_eq!(started, Started::New);
    assert_eq!(world.balance().await, (60, 40));
    let again = store
        .restart_job(
            &next,
            &ledger::Limits::none(),
            world.customer.transaction_id(),
            world.customer.now(),
        )
        .await
        .unwrap();
    assert_eq!(again, Started::Already(Box::new(next.clone())));
    // The first run's repeat is not a start any more, and its steps have nothing to say.
    assert!(matches!(
        world.start(&job).await,
        Err(StoreError::JobNotResumable { .. })
    ));
    let second = world.stored(&job).await;
    world.end(&second, completed(&second)).await.unwrap();
    assert_eq!(world.balance().await, (98, 0));
}

#[tokio::test]
async fn a_running_or_delivered_job_cannot_be_resumed() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(30).await;
    let resume = async || {
        let next = next_run(&world.stored(&job).await, 10);
        let id = world.customer.transaction_id();
        world
            .dynamo
            .store
            .restart_job(&next, &ledger::Limits::none(), id, world.customer.now())
            .await
    };
    assert!(matches!(
        resume().await,
        Err(StoreError::JobNotResumable {
            state: JobState::Pending
        })
    ));
    let read = world.stored(&job).await;
    world.end(&read, completed(&read)).await.unwrap();
    assert!(matches!(
        resume().await,
        Err(StoreError::JobNotResumable {
            state: JobState::Completed
        })
    ));
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn the_jobs_of_a_project_are_its_own() {
    let world = World::with_credits(100).await;
    let (project, first) = world.started(10).await;
    world.end(&first, cancelled(&first)).await.unwrap();
    world.started(10).await;
    let second = world.customer.job(&project, JobKind::GenerateScript, 10);
    world.start(&second).await.unwrap();
    let page = PageRequest {
        limit: 1,
        cursor: None,
    };
    let filter = JobFilter {
        project: Some(project.id),
        ..JobFilter::default()
    };
    let store = &world.dynamo.store;
    let newest = store.jobs(project.account_id, &filter, &page).await.unwrap();
    assert_eq!(newest.items.first().map(|job| job.id), Some(second.id));
    let rest = PageRequest {
        limit: 5,
        cursor: newest.next,
    };
    let older = store.jobs(project.account_id, &filter, &rest).await.unwrap();
    let ids: Vec<_> = older.items.iter().map(|job| job.id).collect();
    assert_eq!((ids, older.next), (vec![first.id], None));
}
