//! Tests of the end of a run.

use domain::project::ProjectStatus;
use domain::{Credits, ErrorCode, Failure, JobState};
use ledger::TransactionKind;
use store::{Ended, PageRequest};

use crate::world::{World, cancelled, completed, failed};

#[tokio::test]
async fn a_delivered_job_is_charged_and_its_project_has_the_outputs() {
    let world = World::with_credits(100).await;
    let store = &world.dynamo.store;
    let (project, job) = world.started(30).await;
    world.write_script(&job).await;
    let job = world.stored(&job).await;
    let Ended::Now(ended) = world.end(&job, completed(&job)).await.unwrap() else {
        panic!("nobody else ended it");
    };
    assert_eq!(*ended, world.stored(&job).await);
    assert_eq!(
        (ended.state, ended.ended_at),
        (JobState::Completed, Some(world.customer.now()))
    );
    let receipt = ended.receipt.unwrap();
    assert_eq!((receipt.charged.get(), receipt.released.get()), (2, 28));
    let after = store.project(project.account_id, project.id).await.unwrap();
    assert_eq!((after.status, after.active_job), (ProjectStatus::Draft, None));
    assert_eq!(
        (after.outputs, after.generation_cost),
        (job.outputs.clone(), Credits::new(2))
    );
    let hash = &job.outputs.script.unwrap().input_hash;
    let output = store
        .output(job.account_id, hash, world.customer.now())
        .await
        .unwrap();
    assert!(output.unwrap().paid);
    assert_eq!(world.balance().await, (98, 0));
}

#[tokio::test]
async fn a_project_with_a_video_is_ready() {
    let world = World::with_credits(100).await;
    let (project, job) = world.started(30).await;
    let mut job = world.stored(&job).await;
    job.outputs.video = Some(testkit::samples::made(testkit::samples::video(20), "video"));
    world.end(&job, completed(&job)).await.unwrap();
    let after = world.dynamo.store.project(project.account_id, project.id).await;
    assert_eq!(after.unwrap().status, ProjectStatus::Ready);
}

#[tokio::test]
async fn a_failed_job_gives_everything_back_and_keeps_its_outputs_unpaid() {
    let world = World::with_credits(100).await;
    let store = &world.dynamo.store;
    let (project, job) = world.started(30).await;
    world.write_script(&job).await;
    let job = world.stored(&job).await;
    let ended = world.end(&job, failed(&job)).await.unwrap();
    assert_eq!(ended.job().state, JobState::Failed);
    assert_eq!(
        ended.job().failure.as_ref().map(|failure| failure.code),
        Some(ErrorCode::VoiceEngineFailed)
    );
    let after = store.project(project.account_id, project.id).await.unwrap();
    assert_eq!((after.status, after.active_job), (ProjectStatus::Failed, None));
    assert_eq!(after.outputs, project.outputs);
    let hash = &job.outputs.script.unwrap().input_hash;
    let output = store
        .output(job.account_id, hash, world.customer.now())
        .await
        .unwrap();
    assert!(!output.unwrap().paid);
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn a_second_end_changes_nothing() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(30).await;
    world.end(&job, cancelled(&job)).await.unwrap();
    let first = world.stored(&job).await;
    for ending in [completed(&job), failed(&job), cancelled(&job)] {
        let again = world.end(&job, ending).await.unwrap();
        assert_eq!(again, Ended::Already(Box::new(first.clone())));
    }
    let page = PageRequest::default();
    let rows = world
        .dynamo
        .store
        .history(job.account_id, &page)
        .await
        .unwrap()
        .items;
    let kinds: Vec<_> = rows.iter().map(|row| row.kind).collect();
    assert_eq!(
        kinds,
        [
            TransactionKind::Release,
            TransactionKind::Hold,
            TransactionKind::Grant
        ]
    );
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn a_receipt_that_does_not_add_up_ends_nothing() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(30).await;
    world.write_script(&job).await;
    let job = world.stored(&job).await;
    let spoil = |change: &dyn Fn(&mut domain::receipt::Receipt)| {
        let mut end = completed(&job);
        change(&mut end.receipt);
        end
    };
    let endings = [
        spoil(&|receipt| receipt.charged = Credits::new(31)),
        spoil(&|receipt| receipt.charged = Credits::new(3)),
        spoil(&|receipt| receipt.released = Credits::new(1)),
        spoil(&|receipt| receipt.lines.clear()),
        spoil(&|receipt| receipt.held = Credits::new(29)),
    ];
    for ending in endings {
        let refused = world.end(&job, ending).await.unwrap_err();
        assert_eq!(Failure::from(refused).code, ErrorCode::Internal);
    }
    assert_eq!(world.balance().await, (70, 30));
    assert!(world.stored(&job).await.state.is_open());
}

#[tokio::test]
async fn an_output_whose_row_is_gone_does_not_keep_a_job_open() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(30).await;
    let at = store::JobRun::from(&job);
    let made = testkit::samples::made(testkit::samples::script(2), "never kept");
    let note = store::OutputNote::Script(made);
    world.dynamo.store.note_output(at, &note).await.unwrap();
    let job = world.stored(&job).await;
    assert!(matches!(
        world.end(&job, completed(&job)).await.unwrap(),
        Ended::Now(_)
    ));
    assert_eq!(world.balance().await, (98, 0));
}

#[tokio::test]
async fn credits_whose_lot_expired_while_held_come_back_for_three_days() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(30).await;
    world.customer.clock.advance_ms(31 * 86_400_000);
    world.end(&job, cancelled(&job)).await.unwrap();
    assert_eq!(world.balance().await, (30, 0));
    let wallet = world.dynamo.store.wallet(job.account_id).await.unwrap();
    let lot = wallet.lots().first().unwrap();
    assert_eq!(lot.expires_at, world.customer.now().plus_s(72 * 3600));
    let rows = world
        .dynamo
        .store
        .history(job.account_id, &PageRequest::default())
        .await
        .unwrap()
        .items;
    let grace = rows.first().and_then(|row| row.grace).unwrap();
    assert_eq!((grace.credits.get(), grace.until), (30, lot.expires_at));
}
