//! Tests of what an API key may take in a month: exact among many at once, and given back with the hold.

use domain::job::{Job, JobKind};
use domain::member::{Spender, SpenderId};
use domain::{ApiKeyId, Credits, ErrorCode, Failure};
use store::{Started, StoreError};
use testkit::at_once;

use crate::world::{World, cancelled, completed, next_run};

const DAY_MS: i64 = 86_400_000;

fn key_id() -> SpenderId {
    SpenderId::Key(ApiKeyId::new(77_u128.into()))
}

async fn job_by_key(world: &World, held: u64, monthly: Option<u64>) -> Job {
    let project = world.customer.project().await;
    let spender = Spender {
        by: key_id(),
        monthly_credits: monthly.map(Credits::new),
        maker: None,
    };
    Job {
        spender: Some(spender),
        ..world.customer.job(&project, JobKind::GenerateScript, held)
    }
}

async fn spent(world: &World) -> u64 {
    let (id, now) = (world.customer.account_id, world.customer.now());
    let all = world.dynamo.store.spent_this_month(id, now).await.unwrap();
    all.get(&key_id()).map_or(0, |spent| spent.get())
}

#[tokio::test]
async fn a_key_takes_its_month_and_gets_back_what_was_not_charged() {
    let world = World::with_credits(100).await;
    let job = job_by_key(&world, 30, Some(50)).await;
    world.start(&job).await.unwrap();
    assert_eq!(spent(&world).await, 30);
    let too_much = job_by_key(&world, 21, Some(50)).await;
    let refused = Failure::from(world.start(&too_much).await.unwrap_err());
    assert_eq!(refused.code, ErrorCode::BudgetExceeded);
    let resets_at = world.customer.now().next_month();
    let details = serde_json::json!({"needed": 21, "monthly_credits": 50, "resets_at": resets_at});
    assert_eq!(refused.details, Some(details));
    assert_eq!(world.balance().await, (70, 30));
    world.write_script(&job).await;
    let job = world.stored(&job).await;
    world.end(&job, completed(&job)).await.unwrap();
    assert_eq!(spent(&world).await, 2);
    assert_eq!(world.start(&too_much).await.unwrap(), Started::New);
    world.balance().await;
}

#[tokio::test]
async fn a_hold_above_the_whole_month_is_refused_and_a_repeat_is_answered() {
    let world = World::with_credits(100).await;
    let job = job_by_key(&world, 30, Some(29)).await;
    assert!(matches!(
        world.start(&job).await,
        Err(StoreError::OverBudget { .. })
    ));
    let started = job_by_key(&world, 30, Some(30)).await;
    world.start(&started).await.unwrap();
    // The repeat of a request whose key was cut down meanwhile.
    let again = Job {
        spender: Some(Spender {
            by: key_id(),
            monthly_credits: Some(Credits::new(5)),
            maker: None,
        }),
        ..started
    };
    assert!(matches!(world.start(&again).await, Ok(Started::Already(_))));
}

#[tokio::test]
async fn a_cancelled_job_gives_its_key_everything_back_also_in_the_next_month() {
    let world = World::with_credits(100).await;
    let job = job_by_key(&world, 40, None).await;
    world.start(&job).await.unwrap();
    world.customer.clock.advance_ms(15 * DAY_MS);
    assert_eq!(spent(&world).await, 0, "another month has begun");
    world.end(&job, cancelled(&job)).await.unwrap();
    let again = Job {
        spender: job.spender,
        ..next_run(&world.stored(&job).await, 10)
    };
    let id = world.customer.transaction_id();
    let now = world.customer.now();
    world
        .dynamo
        .store
        .restart_job(&again, &ledger::Limits::none(), id, now)
        .await
        .unwrap();
    assert_eq!(spent(&world).await, 10);
    world.balance().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_jobs_of_a_key_at_once_exactly_as_many_start_as_its_month_covers() {
    let world = World::with_credits(100).await;
    let mut starts = Vec::new();
    for _ in 0..20 {
        let job = job_by_key(&world, 5, Some(60)).await;
        let store = world.dynamo.store.clone();
        let (id, now) = (world.customer.transaction_id(), world.customer.now());
        starts.push(async move { store.start_job(&job, &ledger::Limits::none(), id, now).await });
    }
    let answers = at_once(starts).await;
    let refused = answers.iter().filter_map(|answer| answer.as_ref().err());
    let codes: Vec<_> = refused.map(StoreError::code).collect();
    assert_eq!(codes, [ErrorCode::BudgetExceeded; 8]);
    assert_eq!((spent(&world).await, world.balance().await), (60, (40, 60)));
}
