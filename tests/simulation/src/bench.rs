//! What the ledger costs: the store and the SDK on the database in memory, without a network and without faults.
//!
//! A hold is `start_job`: wallet, hold, row, job and project in one transaction. A settlement is `end_job`.

use std::time::Instant;

use domain::job::{JobKind, JobOutcome};
use domain::{Credits, QuotaKind};
use ledger::{Grant, Origin};
use serde_json::{Value, json};
use store::{Consumption, EndJob, Store, UsedFor};

use crate::customer::Customer;
use crate::plan::receipt;
use crate::run::World;
use crate::{SimulationError, runtime};

mod lock;

/// Credits of each hold.
const HELD: u64 = 8;
/// Wallets that take turns in the second measurement.
const WALLETS: u64 = 100;

/// Holds and settles so many times on one wallet and on a hundred; answers with the figures by name.
///
/// With the address of a Redis server also how many times as fast the store is as a lock there.
///
/// # Errors
/// When the store refuses what nothing stands against, or Redis does not answer.
pub fn bench(pairs: u64, redis: Option<&str>) -> Result<Value, SimulationError> {
    let mut figures = costs(pairs)?;
    if let (Some(address), Some(all)) = (redis, figures.as_object_mut())
        && let Value::Object(beside) = lock::against(address)?
    {
        all.extend(beside);
    }
    Ok(figures)
}

fn costs(pairs: u64) -> Result<Value, SimulationError> {
    let world = World::new()?;
    runtime()?.block_on(async {
        let (one, holds, calls) = hold_and_settle(&world, (1, pairs)).await?;
        let (hundred, _, _) = hold_and_settle(&world, (WALLETS, pairs)).await?;
        let checks = quota_checks(&world.store, pairs).await?;
        Ok(json!({
            "ledger.database": "in memory, in the process of the store; no network",
            "ledger.pairs": pairs,
            "ledger.hold_settle_per_s_one_wallet": one,
            "ledger.hold_settle_per_s_100_wallets": hundred,
            "ledger.hold_p50_ms": percentile(&holds, 50),
            "ledger.hold_p99_ms": percentile(&holds, 99),
            "ledger.store_calls_per_hold": calls,
            "quota.check_p99_ms": percentile(&checks, 99),
        }))
    })
}

/// Pairs per second, milliseconds of each hold in order, and calls of one hold.
async fn hold_and_settle(
    world: &World,
    (wallets, pairs): (u64, u64),
) -> Result<(f64, Vec<f64>, u64), SimulationError> {
    let World {
        store,
        transport,
        fixture,
    } = world;
    let mut customers = Vec::new();
    for wallet in 0..wallets {
        // Numbers of their own: the measurements share the database.
        let mut customer = Customer::of(wallets * 1000 + wallet);
        store
            .ensure_account(customer.profile(), None, customer.now)
            .await?;
        let project = customer.project(&fixture.settings);
        store.create_project(&project).await?;
        let grant = purchase(&mut customer, pairs * HELD);
        store.grant(customer.account, grant, customer.now).await?;
        customers.push((customer, project));
    }
    let mut holds = Vec::new();
    let mut calls = 0;
    let began = Instant::now();
    for pair in 0..pairs {
        let place = usize::try_from(pair % wallets).unwrap_or_default();
        let Some((customer, project)) = customers.get_mut(place) else {
            continue;
        };
        let job = customer.job(project, JobKind::GenerateVoice, HELD);
        let (hold, end) = (customer.transaction_id(), customer.transaction_id());
        let (before, hold_began) = (transport.calls(), Instant::now());
        store
            .start_job(&job, &ledger::Limits::none(), hold, customer.now)
            .await?;
        holds.push(hold_began.elapsed().as_secs_f64() * 1000.0);
        calls = transport.calls() - before;
        let end_job = EndJob {
            outcome: JobOutcome::Completed,
            receipt: receipt(HELD, HELD / 2),
            project_outputs: Some(job.outputs.clone()),
            job,
        };
        store.end_job(&end_job, end, customer.now).await?;
    }
    let seconds = began.elapsed().as_secs_f64();
    holds.sort_by(f64::total_cmp);
    Ok((per_second(pairs, seconds), holds, calls))
}

/// Milliseconds of each check-and-consume, in order; an account of its own for each ten, far below its limit.
async fn quota_checks(store: &Store, checks: u64) -> Result<Vec<f64>, SimulationError> {
    let mut times = Vec::new();
    for account in 0..checks / 10 {
        let customer = Customer::of(1_000_000 + account);
        store
            .ensure_account(customer.profile(), None, customer.now)
            .await?;
        for number in 0..10_u64 {
            let wanted = [Consumption {
                kind: QuotaKind::AiRequest,
                quantity: 1,
                used_for: UsedFor::new("call", number.to_string()),
            }];
            let began = Instant::now();
            store.consume(customer.account, &wanted, customer.now).await?;
            times.push(began.elapsed().as_secs_f64() * 1000.0);
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// A purchase.
fn purchase(customer: &mut Customer, credits: u64) -> Grant {
    Grant {
        key: "invoice:1".to_owned(),
        lot_id: customer.lot_id(),
        transaction_id: customer.transaction_id(),
        origin: Origin::Purchase,
        credits: Credits::new(credits),
        expires_at: customer.now.plus_days(Origin::Purchase.days()),
        note: None,
    }
}

fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let place = sorted.len().saturating_sub(1) * percent / 100;
    rounded(sorted.get(place).copied().unwrap_or_default())
}

fn per_second(count: u64, seconds: f64) -> f64 {
    let count = u32::try_from(count).map_or(f64::from(u32::MAX), f64::from);
    rounded(count / seconds)
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
