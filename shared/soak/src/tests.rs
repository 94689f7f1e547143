//! A short soak with every test run, and the meetings in which longer ones have found something.

use store::{EndJob, JobEnding};
use tokio::runtime::Builder;

use super::customer::{self, Customer};
use super::plan::receipt;
use super::{Wire, grant_of, soak, store_on};
use crate::chance::Chance;
use crate::command::Command;
use crate::courier::Courier;
use crate::database::Database;
use crate::model::Model;
use domain::job::Job;
use domain::{Credits, Timestamp};
use ledger::ClawBack;

/// Runs of the short soak.
const RUNS: u64 = 120;
/// Orders in which commands at once are tried.
const ORDERS: u64 = 60;

#[test]
fn no_life_of_an_account_loses_charges_twice_or_leaves_credits_held() {
    let verdict = soak(1, RUNS);
    assert!(verdict.is_clean(), "{}", verdict.says.join("\n\n"));
    assert_eq!(verdict.runs, RUNS);
    assert!(verdict.crashes > verdict.runs / 2, "{}", verdict.crashes);
}

#[test]
fn a_seed_replays_its_run() {
    let (once, again) = (soak(1000, 3), soak(1000, 3));
    assert_eq!(once, again);
}

#[test]
fn a_start_delivered_twice_at_once_is_not_refused_for_itself() {
    meet(|customer, job| {
        let start = start(customer, job);
        vec![start.clone(), start]
    });
}

#[test]
fn an_end_beside_the_start_of_its_run_is_not_called_corrupt() {
    meet(|customer, job| {
        let end = EndJob {
            job: job.clone(),
            ending: JobEnding::Cancelled {
                receipt: receipt(job.held.get(), 0),
            },
        };
        let end = Command::End(Box::new(end), customer.transaction_id());
        vec![start(customer, job), end]
    });
}

#[test]
fn a_claw_back_beside_its_grant_takes_from_its_lot() {
    meet(|customer, _| {
        let grant = grant(customer, "invoice:2", 7);
        let back = ClawBack {
            key: "refund:1".to_owned(),
            credits: Credits::new(5),
            from_grant: Some("invoice:2".to_owned()),
            transaction_id: customer.transaction_id(),
            note: None,
        };
        vec![grant, Command::ClawBack(back)]
    });
}

fn start(customer: &mut Customer, job: &Job) -> Command {
    Command::Start(Box::new(job.clone()), customer.transaction_id())
}

fn grant(customer: &mut Customer, key: &str, credits: u64) -> Command {
    Command::Grant(grant_of(customer, key, credits))
}

/// Lets commands meet in many orders, on an account with twenty credits and one project.
fn meet(commands: impl Fn(&mut Customer, &Job) -> Vec<Command>) {
    let runtime = Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime");
    let wire = Wire::new();
    let store = store_on(&wire);
    let settings = customer::settings();
    for order in 1..=ORDERS {
        wire.database(Database::clear);
        runtime.block_on(async {
            let mut customer = Customer::of(order, &store).await;
            let project = customer.project(&settings, &store).await;
            wire.take_written();
            let job = customer.job(&project, 8);
            let first = grant(&mut customer, "invoice:1", 20);
            let at_once = commands(&mut customer, &job);
            let now: Timestamp = customer.now;
            let courier = Courier {
                store: &store,
                wire: &wire,
                account: customer.account,
                now,
            };
            let mut model = Model::default();
            let mut chance = Chance::of(order);
            for round in [vec![first], at_once] {
                let report = courier.deliver(&round, &mut model, &mut chance).await;
                assert!(report.problems.is_empty(), "{:#?}", report.problems);
            }
            let wallet = store.wallet(customer.account).await.expect("a wallet");
            assert_eq!(super::model::credits_of(&wallet, now), model.credits(now));
        });
    }
}
