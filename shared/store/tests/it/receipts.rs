//! Tests of what is kept of a job's holds: every run, every lot, also one that has left the wallet.

use domain::job::{Job, JobKind};
use domain::receipt::NotCharged;
use domain::{AccountId, Credits, JobId};
use ledger::{HoldState, Origin};

use crate::world::{World, cancelled, completed, failed, next_run};

async fn restart(world: &World, job: &Job, held: u64) -> Job {
    let next = next_run(&world.stored(job).await, held);
    let (id, now) = (world.customer.transaction_id(), world.customer.now());
    world
        .dynamo
        .store
        .restart_job(&next, &ledger::Limits::none(), id, now)
        .await
        .unwrap();
    next
}

#[tokio::test]
async fn a_receipt_knows_a_lot_that_was_used_up_by_its_own_job() {
    let world = World::with_credits(2).await;
    let (id, now) = (world.customer.account_id, world.customer.now());
    let mut more = world.customer.grant_of("more", 10);
    more.origin = Origin::Purchase;
    more.expires_at = now.plus_days(365);
    world.dynamo.store.grant(id, more, now).await.unwrap();
    let (_, job) = world.started(5).await;
    world.write_script(&job).await;
    let job = world.stored(&job).await;
    world.end(&job, completed(&job)).await.unwrap();
    assert_eq!(world.balance().await, (10, 0));
    let runs = world.dynamo.store.holds_of_job(id, job.id).await.unwrap();
    let [run] = runs.as_slice() else {
        panic!("one run: {runs:?}");
    };
    let shares = run.hold.shares().unwrap();
    let told: Vec<_> = shares
        .iter()
        .map(|share| {
            (
                share.leg.origin,
                share.leg.expires_at,
                share.charged.get(),
                share.released.get(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Origin::Gift, now.plus_days(30), 2, 0),
            (Origin::Purchase, now.plus_days(365), 0, 3),
        ]
    );
    let end = run.end.as_ref().unwrap();
    assert_eq!(
        (end.kind, end.lines[0].charged),
        (JobKind::GenerateScript, Credits::new(2))
    );
}

#[tokio::test]
async fn each_run_keeps_its_own_lines_and_runs_stand_in_their_order() {
    let world = World::with_credits(100).await;
    let id = world.customer.account_id;
    let (_, mut job) = world.started(5).await;
    world.write_script(&job).await;
    job = world.stored(&job).await;
    world.end(&job, failed(&job)).await.unwrap();
    for _ in 0..9 {
        job = restart(&world, &job, 5).await;
        world.end(&job, cancelled(&job)).await.unwrap();
    }
    job = restart(&world, &job, 7).await;
    let runs = world.dynamo.store.holds_of_job(id, job.id).await.unwrap();
    let numbers: Vec<u32> = runs.iter().map(|run| run.hold.run).collect();
    assert_eq!(numbers, (1..=11).collect::<Vec<u32>>());
    let why = |run: usize| runs[run].end.as_ref().map(|end| end.lines[0].not_charged);
    assert_eq!(why(0), Some(Some(NotCharged::JobFailed)));
    assert_eq!(why(9), Some(Some(NotCharged::JobCancelled)));
    assert_eq!((why(10), runs[10].hold.state), (None, HoldState::Open));
    world.balance().await;
}

#[tokio::test]
async fn another_account_finds_no_hold_and_a_job_no_other_jobs_hold() {
    let world = World::with_credits(100).await;
    let (_, job) = world.started(5).await;
    world.started(5).await;
    let store = &world.dynamo.store;
    assert_eq!(store.holds_of_job(job.account_id, job.id).await.unwrap().len(), 1);
    let stranger = AccountId::new(2_u128.into());
    assert_eq!(store.holds_of_job(stranger, job.id).await.unwrap(), []);
    let unknown = JobId::new(99_u128.into());
    assert_eq!(store.holds_of_job(job.account_id, unknown).await.unwrap(), []);
}

#[tokio::test]
async fn what_jobs_cost_is_told_of_those_that_were_charged_and_newest_first() {
    let world = World::with_credits(100).await;
    let id = world.customer.account_id;
    for held in [1, 5, 9] {
        let (_, job) = world.started(held).await;
        world.write_script(&job).await;
        let job = world.stored(&job).await;
        let ending = if held == 5 { failed(&job) } else { completed(&job) };
        world.end(&job, ending).await.unwrap();
    }
    world.started(3).await;
    let paid = world.dynamo.store.paid_runs(id, 100).await.unwrap();
    let told: Vec<u64> = paid.iter().map(|run| run.charged.get()).collect();
    assert_eq!(told, [2, 1], "the failed one and the open one cost nothing");
    assert!(paid.iter().all(|run| !run.end.has_gifts()));
    assert_eq!(
        world.dynamo.store.paid_runs(id, 3).await.unwrap().len(),
        1,
        "of the newest three"
    );
}
