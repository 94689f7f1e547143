//! What happens when DynamoDB loses an answer, has another writer at work, or throttles.

use domain::job::JobKind;
use domain::{ErrorCode, Failure};
use store::requests::claims::LEASE_MS;
use store::{Applied, Claim, ClaimKey, Ended, Started, StoreError};
use testkit::Fault;

use crate::world::{World, cancelled, completed, failed, next_run};

const TRANSACTION: &str = "TransactWriteItems";

#[tokio::test]
async fn a_start_that_meets_other_writers_tries_again_and_holds_once() {
    let (world, faults) = World::with_faults(100).await;
    let project = world.customer.project().await;
    let job = world.customer.job(&project, JobKind::GenerateScript, 30);
    faults.plan(TRANSACTION, [Fault::Conflict; 4]);
    assert_eq!(world.start(&job).await.unwrap(), Started::New);
    assert_eq!(faults.left(), 0);
    assert_eq!(world.balance().await, (70, 30));
}

#[tokio::test]
async fn a_start_whose_answer_was_lost_is_found_by_its_repeat() {
    let (world, faults) = World::with_faults(100).await;
    let project = world.customer.project().await;
    let job = world.customer.job(&project, JobKind::GenerateScript, 60);
    faults.plan(TRANSACTION, [Fault::LostAnswer]);
    let unknown = Failure::from(world.start(&job).await.unwrap_err());
    assert_eq!(unknown.code, ErrorCode::Unavailable);
    assert_eq!(
        world.start(&job).await.unwrap(),
        Started::Already(Box::new(job.clone()))
    );
    assert_eq!(world.balance().await, (40, 60));
}

#[tokio::test]
async fn a_resume_whose_answer_was_lost_is_found_by_its_repeat() {
    let (world, faults) = World::with_faults(100).await;
    let store = &world.dynamo.store;
    let (_, job) = world.started(30).await;
    world.end(&job, failed(&job)).await.unwrap();
    let next = next_run(&world.stored(&job).await, 40);
    let resume = async || {
        let id = world.customer.transaction_id();
        store
            .restart_job(&next, &ledger::Limits::none(), id, world.customer.now())
            .await
    };
    faults.plan(TRANSACTION, [Fault::Conflict, Fault::LostAnswer]);
    assert!(matches!(resume().await, Err(StoreError::Unavailable { .. })));
    assert!(matches!(resume().await, Ok(Started::Already(_))));
    assert_eq!(world.balance().await, (60, 40));
}

#[tokio::test]
async fn an_end_whose_answer_was_lost_is_not_made_twice() {
    let (world, faults) = World::with_faults(100).await;
    let (_, job) = world.started(30).await;
    world.write_script(&job).await;
    let job = world.stored(&job).await;
    faults.plan(TRANSACTION, [Fault::Conflict, Fault::Conflict, Fault::LostAnswer]);
    assert!(matches!(
        world.end(&job, completed(&job)).await,
        Err(StoreError::Unavailable { .. })
    ));
    for ending in [completed(&job), cancelled(&job), failed(&job)] {
        let again = world.end(&job, ending).await.unwrap();
        assert_eq!(again, Ended::Already(Box::new(world.stored(&job).await)));
    }
    assert_eq!(world.balance().await, (98, 0));
}

#[tokio::test]
async fn a_grant_whose_answer_was_lost_is_found_by_its_key() {
    let (world, faults) = World::with_faults(0).await;
    let (store, id, now) = (
        &world.dynamo.store,
        world.customer.account_id,
        world.customer.now(),
    );
    faults.plan(TRANSACTION, [Fault::Conflict, Fault::LostAnswer]);
    let lost = store
        .grant(id, world.customer.grant_of("invoice:1", 500), now)
        .await;
    assert!(matches!(lost, Err(StoreError::Unavailable { .. })));
    let again = store
        .grant(id, world.customer.grant_of("invoice:1", 500), now)
        .await;
    assert!(matches!(again, Ok(Applied::Already(_))));
    assert_eq!(world.balance().await, (500, 0));
}

#[tokio::test]
async fn throttling_is_said_and_nothing_is_written() {
    let (world, faults) = World::with_faults(100).await;
    let project = world.customer.project().await;
    let job = world.customer.job(&project, JobKind::GenerateScript, 60);
    for operation in [TRANSACTION, "GetItem"] {
        faults.plan(operation, [Fault::Throttled]);
        let refused = world.start(&job).await.unwrap_err();
        assert!(matches!(refused, StoreError::Throttled { .. }), "{refused:?}");
        assert_eq!(Failure::from(refused).code, ErrorCode::Unavailable);
    }
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn an_edit_whose_answer_was_lost_is_not_a_conflict_with_itself() {
    let (world, faults) = World::with_faults(0).await;
    let mut project = world.customer.project().await;
    project.name = "Another name".to_owned();
    let store = &world.dynamo.store;
    faults.plan("PutItem", [Fault::LostAnswer]);
    assert!(matches!(
        store.update_project(&project).await,
        Err(StoreError::Unavailable { .. })
    ));
    assert_eq!(store.update_project(&project).await.unwrap().version, 2);
}

#[tokio::test]
async fn a_claim_whose_answer_was_lost_keeps_its_seed_for_the_next_try() {
    let (world, faults) = World::with_faults(0).await;
    let (store, now) = (&world.dynamo.store, world.customer.now());
    let key = ClaimKey {
        account: world.customer.account_id,
        route: "POST /v1/projects".to_owned(),
        key: "a".to_owned(),
    };
    faults.plan("PutItem", [Fault::LostAnswer]);
    assert!(store.claim(&key, "body", 1.into(), now).await.is_err());
    assert_eq!(
        store.claim(&key, "body", 2.into(), now).await.unwrap(),
        Claim::InProgress
    );
    let later = now.plus_ms(LEASE_MS);
    assert_eq!(
        store.claim(&key, "body", 3.into(), later).await.unwrap(),
        Claim::Fresh { seed: 1.into() }
    );
}
