//! Check-and-consume: once, atomic, explained, and warned about once.

use std::collections::BTreeMap;

use domain::account::PlanId;
use domain::job::{Job, JobKind};
use domain::{ErrorCode, JobState, QuotaKind, QuotaResetId, Timestamp};
use ledger::AlertLevel;
use store::{Consumed, Consumption, PageRequest, QuotaReset, Started, StoreError, UsedFor};
use testkit::{Customer, Fault, at_once};

use crate::world::{World, cancelled, completed, failed, next_run};

fn one(kind: QuotaKind, id: &str) -> Consumption {
    Consumption {
        kind,
        quantity: 1,
        used_for: UsedFor::new("call", id),
    }
}

/// What the counter of the current period says.
async fn used(world: &World, kind: QuotaKind, now: Timestamp) -> u64 {
    used_by(world, &world.customer, kind, now).await
}

async fn used_by(world: &World, customer: &Customer, kind: QuotaKind, now: Timestamp) -> u64 {
    world.dynamo.assert_clean(customer.account_id).await;
    let states = world.dynamo.store.quotas(customer.account_id, now).await.unwrap();
    states.iter().find(|state| state.kind == kind).unwrap().used
}

async fn limit(world: &World, customer: &Customer, kind: QuotaKind, limit: u64) {
    let overrides = BTreeMap::from([(kind, Some(limit))]);
    let set = world.dynamo.store.set_overrides(customer.account_id, overrides);
    set.await.unwrap();
}

/// Consumes one `ai_request` for each of `count` calls, all at once; answers with how many were refused.
async fn consume_at_once(world: &World, customer: &Customer, count: usize) -> usize {
    let (account, now) = (customer.account_id, customer.now());
    let calls = (0..count).map(|number| {
        let store = world.dynamo.store.clone();
        async move {
            let wanted = [one(QuotaKind::AiRequest, &number.to_string())];
            store.consume(account, &wanted, now).await
        }
    });
    let mut refused = 0;
    for answer in at_once(calls.collect::<Vec<_>>()).await {
        match answer {
            Ok(consumed) => assert_eq!(consumed, Consumed::Now),
            Err(StoreError::QuotaExceeded(refusal)) => {
                assert_eq!((refusal.limit, refusal.used), (50, 50));
                refused += 1;
            }
            Err(other) => assert_eq!(other.code(), ErrorCode::QuotaExceeded, "{other:?}"),
        }
    }
    refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_consumptions_at_once_inside_the_limit_all_succeed() {
    let (world, faults) = World::with_faults(0).await;
    limit(&world, &world.customer, QuotaKind::AiRequest, 100).await;
    faults.plan("TransactWriteItems", [Fault::Conflict; 40]);
    assert_eq!(consume_at_once(&world, &world.customer, 50).await, 0);
    assert_eq!(used(&world, QuotaKind::AiRequest, world.customer.now()).await, 50);
    assert_eq!(faults.left(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_seventy_consumptions_at_once_against_fifty_exactly_fifty_succeed() {
    let (world, faults) = World::with_faults(0).await;
    faults.plan("TransactWriteItems", [Fault::Conflict; 20]);
    assert_eq!(consume_at_once(&world, &world.customer, 70).await, 20);
    assert_eq!(used(&world, QuotaKind::AiRequest, world.customer.now()).await, 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_accounts_at_once_never_mix() {
    let world = World::with_credits(0).await;
    let second = Customer::with_credits(&world.dynamo.store, 2, 0).await;
    let third = Customer::with_credits(&world.dynamo.store, 3, 0).await;
    let (a, b, c) = tokio::join!(
        consume_at_once(&world, &world.customer, 30),
        consume_at_once(&world, &second, 20),
        consume_at_once(&world, &third, 10),
    );
    assert_eq!((a, b, c), (0, 0, 0));
    for (customer, expected) in [(&world.customer, 30), (&second, 20), (&third, 10)] {
        let now = customer.now();
        assert_eq!(
            used_by(&world, customer, QuotaKind::AiRequest, now).await,
            expected
        );
    }
}

#[tokio::test]
async fn the_same_resource_consumes_once_and_is_not_refused_when_the_limit_is_reached() {
    let world = World::with_credits(0).await;
    let (account, now) = (world.customer.account_id, world.customer.now());
    limit(&world, &world.customer, QuotaKind::Upload, 1).await;
    let wanted = [one(QuotaKind::Upload, "file")];
    let store = &world.dynamo.store;
    assert_eq!(store.consume(account, &wanted, now).await.unwrap(), Consumed::Now);
    assert_eq!(
        store.consume(account, &wanted, now).await.unwrap(),
        Consumed::Already
    );
    let other = store
        .consume(account, &[one(QuotaKind::Upload, "other")], now)
        .await;
    assert_eq!(other.unwrap_err().code(), ErrorCode::QuotaExceeded);
    assert_eq!(used(&world, QuotaKind::Upload, now).await, 1);
}

#[tokio::test]
async fn a_resource_that_a_caller_names_again_with_another_quantity_is_refused_and_all_that_came_with_it() {
    let world = World::with_credits(0).await;
    let (account, now) = (world.customer.account_id, world.customer.now());
    let store = &world.dynamo.store;
    let three = Consumption {
        quantity: 3,
        ..one(QuotaKind::AiRequest, "chat")
    };
    let first = [three.clone()];
    for expected in [Consumed::Now, Consumed::Already] {
        assert_eq!(store.consume_named(account, &first, now).await.unwrap(), expected);
    }
    let four = Consumption { quantity: 4, ..three };
    let both = [one(QuotaKind::AiRequest, "another"), four];
    let refused = store.consume_named(account, &both, now).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Conflict);
    assert_eq!(used(&world, QuotaKind::AiRequest, now).await, 3);
}

#[tokio::test]
async fn a_consumption_whose_answer_was_lost_is_found_by_its_repeat() {
    let (world, faults) = World::with_faults(0).await;
    let (account, now) = (world.customer.account_id, world.customer.now());
    let wanted = [one(QuotaKind::Upload, "file")];
    faults.plan("TransactWriteItems", [Fault::LostAnswer]);
    let store = &world.dynamo.store;
    let lost = store.consume(account, &wanted, now).await.unwrap_err();
    assert_eq!(lost.code(), ErrorCode::Unavailable);
    assert_eq!(
        store.consume(account, &wanted, now).await.unwrap(),
        Consumed::Already
    );
    assert_eq!(used(&world, QuotaKind::Upload, now).await, 1);
}

#[tokio::test]
async fn a_batch_is_consumed_as_a_whole_or_not_at_all() {
    let world = World::with_credits(0).await;
    let (account, now) = (world.customer.account_id, world.customer.now());
    limit(&world, &world.customer, QuotaKind::StorageBytes, 100).await;
    let bytes = |id: &str, quantity| Consumption {
        kind: QuotaKind::StorageBytes,
        quantity,
        used_for: UsedFor::new("media", id),
    };
    let store = &world.dynamo.store;
    let too_much = [one(QuotaKind::Upload, "a"), bytes("a", 60), bytes("b", 41)];
    let refused = store.consume(account, &too_much, now).await.unwrap_err();
    assert!(matches!(refused, StoreError::QuotaExceeded(refusal) if refusal.kind == QuotaKind::StorageBytes));
    assert_eq!(used(&world, QuotaKind::Upload, now).await, 0);
    let fits = [one(QuotaKind::Upload, "a"), bytes("a", 60), bytes("b", 40)];
    assert_eq!(store.consume(account, &fits, now).await.unwrap(), Consumed::Now);
    assert_eq!(used(&world, QuotaKind::StorageBytes, now).await, 100);
    store
        .give_back_all(account, QuotaKind::StorageBytes, &UsedFor::new("media", "a"), now)
        .await
        .unwrap();
    assert_eq!(used(&world, QuotaKind::StorageBytes, now).await, 40);
}

#[tokio::test]
async fn a_new_day_begins_at_midnight_without_anything_having_run() {
    let world = World::with_credits(0).await;
    let (account, store) = (world.customer.account_id, &world.dynamo.store);
    limit(&world, &world.customer, QuotaKind::Upload, 1).await;
    let evening: Timestamp = "2026-11-30T23:59:59.999Z".parse().unwrap();
    store
        .consume(account, &[one(QuotaKind::Upload, "a")], evening)
        .await
        .unwrap();
    let refused = store
        .consume(account, &[one(QuotaKind::Upload, "b")], evening)
        .await;
    let StoreError::QuotaExceeded(refusal) = refused.unwrap_err() else {
        panic!("another refusal")
    };
    assert_eq!(refusal.retry_after_s, Some(1));
    let midnight = refusal.resets_at.unwrap();
    assert_eq!(midnight, "2026-12-01T00:00:00Z".parse().unwrap());
    store
        .consume(account, &[one(QuotaKind::Upload, "b")], midnight)
        .await
        .unwrap();
    let days = store.usage(account, "2026-11-01", "2026-12-31").await.unwrap();
    let days: Vec<_> = days
        .iter()
        .map(|day| (day.day.as_str(), day.by_kind[&QuotaKind::Upload]))
        .collect();
    assert_eq!(days, [("2026-11-30", 1), ("2026-12-01", 1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_level_is_told_once_by_whoever_reaches_it() {
    let world = World::with_credits(0).await;
    assert_eq!(consume_at_once(&world, &world.customer, 70).await, 20);
    let store = &world.dynamo.store;
    let page = store
        .alerts(world.customer.account_id, &PageRequest::default())
        .await
        .unwrap();
    let told: Vec<_> = page
        .items
        .iter()
        .map(|alert| (alert.level, alert.used, alert.limit))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|(level, _, _)| *level == AlertLevel::Warning));
    assert!(told.iter().any(|(level, _, _)| *level == AlertLevel::Critical));
    assert!(
        told.iter()
            .all(|(_, used, limit)| (40..=50).contains(used) && *limit == 50)
    );
}

#[tokio::test]
async fn a_reset_is_recorded_and_what_was_before_is_not_given_back() {
    let world = World::with_credits(100).await;
    let (account, now, store) = (
        world.customer.account_id,
        world.customer.now(),
        &world.dynamo.store,
    );
    let job = started(&world, JobKind::GenerateAll).await;
    let reset = QuotaReset {
        id: QuotaResetId::new(7_u128.into()),
        account_id: account,
        counters: Vec::new(),
        note: "a wrong bill".to_owned(),
        by: account,
        at: now,
    };
    let done = store
        .reset_quotas(&reset, &[QuotaKind::ShortForm, QuotaKind::Upload])
        .await
        .unwrap();
    let before: Vec<u64> = done.counters.iter().map(|counter| counter.used_before).collect();
    assert_eq!(before, [1, 0]);
    assert_eq!(used(&world, QuotaKind::ShortForm, now).await, 0);
    store
        .consume(account, &[one(QuotaKind::ShortForm, "a")], now)
        .await
        .unwrap();
    let again = store.reset_quotas(&reset, &[QuotaKind::ShortForm]).await.unwrap();
    assert_eq!(again, done);
    world.end(&job, cancelled(&job)).await.unwrap();
    assert_eq!(used(&world, QuotaKind::ShortForm, now).await, 1);
}

/// Starts a job within the limits of the customer's plan.
async fn start_within(world: &World, job: &Job) -> Result<Started, StoreError> {
    let store = &world.dynamo.store;
    let limits = store.limits(job.account_id).await.unwrap();
    let id = world.customer.transaction_id();
    store.start_job(job, &limits, id, world.customer.now()).await
}

async fn started(world: &World, kind: JobKind) -> Job {
    let project = world.customer.project().await;
    let job = world.customer.job(&project, kind, 5);
    assert_eq!(start_within(world, &job).await.unwrap(), Started::New);
    job
}

#[tokio::test]
async fn a_job_consumes_at_its_start_and_gives_back_when_it_fails() {
    let world = World::with_credits(100).await;
    let now = world.customer.now();
    let job = started(&world, JobKind::GenerateAll).await;
    assert!(matches!(
        start_within(&world, &job).await.unwrap(),
        Started::Already(_)
    ));
    assert_eq!(used(&world, QuotaKind::ShortForm, now).await, 1);
    world.end(&job, failed(&job)).await.unwrap();
    world.end(&job, failed(&job)).await.unwrap();
    assert_eq!(used(&world, QuotaKind::ShortForm, now).await, 0);
    let store = &world.dynamo.store;
    let limits = store.limits(job.account_id).await.unwrap();
    let next = next_run(&job, 5);
    let id = world.customer.transaction_id();
    store.restart_job(&next, &limits, id, now).await.unwrap();
    assert_eq!(used(&world, QuotaKind::ShortForm, now).await, 1);
}

#[tokio::test]
async fn a_step_of_its_own_is_no_short_form_and_its_credits_are_in_the_day() {
    let world = World::with_credits(100).await;
    let now = world.customer.now();
    let job = started(&world, JobKind::GenerateScript).await;
    world.write_script(&job).await;
    let job = world.stored(&job).await;
    world.end(&job, completed(&job)).await.unwrap();
    assert_eq!(used(&world, QuotaKind::ShortForm, now).await, 0);
    let charged = world.stored(&job).await.receipt.unwrap().charged.get();
    let days = world
        .dynamo
        .store
        .usage(job.account_id, &now.day(), &now.day())
        .await
        .unwrap();
    assert_eq!((days[0].credits, days[0].videos), (charged, 0));
    assert!(charged > 0);
}

#[tokio::test]
async fn the_plan_allows_so_many_open_jobs_and_an_end_makes_room() {
    let world = World::with_credits(100).await;
    let first = started(&world, JobKind::GenerateScript).await;
    started(&world, JobKind::GenerateScript).await;
    let project = world.customer.project().await;
    let third = world.customer.job(&project, JobKind::GenerateScript, 5);
    let StoreError::QuotaExceeded(refusal) = start_within(&world, &third).await.unwrap_err() else {
        panic!("another refusal")
    };
    assert_eq!(
        (refusal.kind, refusal.limit, refusal.used),
        (QuotaKind::ConcurrentJobs, 2, 2)
    );
    // The first is there all the same: a repeat of its start is not refused.
    assert!(matches!(
        start_within(&world, &first).await.unwrap(),
        Started::Already(_)
    ));
    world.end(&first, cancelled(&first)).await.unwrap();
    assert_eq!(start_within(&world, &third).await.unwrap(), Started::New);
    assert_eq!(
        used(&world, QuotaKind::ConcurrentJobs, world.customer.now()).await,
        2
    );
}

#[tokio::test]
async fn a_month_whose_provider_cost_is_used_up_starts_nothing_new() {
    let world = World::with_credits(100).await;
    let (account, now) = (world.customer.account_id, world.customer.now());
    let bill = Consumption {
        kind: QuotaKind::ApiCostUsdMicros,
        quantity: 5_000_001,
        used_for: UsedFor::new("output", "hash"),
    };
    let store = &world.dynamo.store;
    store
        .note_use(account, std::slice::from_ref(&bill), now)
        .await
        .unwrap();
    assert_eq!(
        store.note_use(account, &[bill], now).await.unwrap(),
        Consumed::Already
    );
    let project = world.customer.project().await;
    let job = world.customer.job(&project, JobKind::GenerateScript, 5);
    let StoreError::QuotaExceeded(refusal) = start_within(&world, &job).await.unwrap_err() else {
        panic!("another refusal")
    };
    assert_eq!(refusal.kind, QuotaKind::ApiCostUsdMicros);
    assert_eq!(refusal.resets_at, Some(now.next_month()));
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn a_video_longer_than_the_plan_allows_is_refused_before_anything_is_held() {
    let world = World::with_credits(100).await;
    let project = world.customer.project().await;
    let mut job = world.customer.job(&project, JobKind::GenerateAll, 5);
    job.settings.duration_s = 61;
    let refused = start_within(&world, &job).await.unwrap_err();
    assert!(matches!(
        refused,
        StoreError::PlanLimit {
            limit: 60,
            wanted: 61,
            ..
        }
    ));
    let (store, now) = (&world.dynamo.store, world.customer.now());
    store
        .set_standing(job.account_id, Some(PlanId::Basic), None, now)
        .await
        .unwrap();
    assert_eq!(start_within(&world, &job).await.unwrap(), Started::New);
    assert_eq!(world.stored(&job).await.state, JobState::Pending);
}
