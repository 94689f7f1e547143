//! A short simulation with every test run, and the races in which longer ones have found something.

use std::sync::Arc;

use store::EndJob;
use tokio::runtime::Builder;

use super::customer::Customer;
use super::plan::receipt;
use super::run::World;
use super::simulate;
use crate::command::{Command, Executor};
use crate::database::Database;
use crate::driver::Driver;
use crate::model::{Model, credits_of};
use crate::rng::Rng;
use domain::Credits;
use domain::job::{Job, JobKind, JobOutcome};
use domain::project::Project;
use ledger::{ClawBack, Grant, Origin};

/// Runs of the short simulation.
const RUNS: u64 = 120;
/// Orders in which commands at once are tried.
const ORDERS: u64 = 60;

#[test]
fn no_history_of_an_account_loses_charges_twice_or_leaves_credits_held() {
    let tally = simulate(1, RUNS).unwrap();
    assert!(tally.is_clean(), "{}", tally.messages.join("\n\n"));
    assert_eq!(tally.runs, RUNS);
    assert!(tally.crashes > tally.runs / 2, "{}", tally.crashes);
}

#[test]
fn a_seed_replays_its_run() {
    let (once, again) = (simulate(1000, 3).unwrap(), simulate(1000, 3).unwrap());
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
            outcome: JobOutcome::Cancelled,
            receipt: receipt(job.held.get(), 0),
            project_outputs: None,
        };
        let end = Command::End(Box::new(end), customer.transaction_id());
        vec![start(customer, job), end]
    });
}

#[test]
fn an_edit_or_a_deletion_beside_the_creation_of_its_project_is_not_refused_by_what_it_would_pass() {
    meet(|customer, job| {
        let project = customer.project(&job.settings);
        let renamed = Project {
            name: "Bees in winter".to_owned(),
            ..project.clone()
        };
        let edit = Command::EditProject(Box::new(renamed));
        vec![Command::CreateProject(Box::new(project)), edit.clone(), edit]
    });
    meet(|customer, job| {
        let project = customer.project(&job.settings);
        let delete = Command::DeleteProject(project.id);
        vec![Command::CreateProject(Box::new(project)), delete]
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
    Command::Grant(Grant {
        key: key.to_owned(),
        lot_id: customer.lot_id(),
        transaction_id: customer.transaction_id(),
        origin: Origin::Purchase,
        credits: Credits::new(credits),
        expires_at: customer.now.plus_days(Origin::Purchase.days()),
        note: None,
    })
}

/// Lets commands meet in many orders, on an account with twenty credits and one project.
fn meet(commands: impl Fn(&mut Customer, &Job) -> Vec<Command>) {
    let runtime = Builder::new_current_thread().enable_time().build();
    let runtime = runtime.unwrap();
    let world = World::new().unwrap();
    for order in 1..=ORDERS {
        world.transport.database(Database::clear);
        runtime.block_on(async {
            let mut customer = Customer::of(order);
            let (account, now) = (customer.account, customer.now);
            let project = customer.project(&world.fixture.settings);
            let job = customer.job(&project, JobKind::GenerateVoice, 8);
            let sign_up = Command::SignUp(Box::new(customer.profile()), None);
            let create = Command::CreateProject(Box::new(project));
            let first = grant(&mut customer, "invoice:1", 20);
            let at_once = commands(&mut customer, &job);
            let driver = Driver {
                transport: &world.transport,
                executor: Executor {
                    store: &world.store,
                    fixture: &world.fixture,
                    account,
                    now,
                },
            };
            let mut model = Model::of(account, Arc::clone(&world.fixture));
            let mut rng = Rng::of(order);
            for batch in [vec![sign_up], vec![create, first], at_once] {
                let report = driver.deliver(&batch, &mut model, &mut rng).await;
                assert!(report.problems.is_empty(), "{:#?}", report.problems);
            }
            let wallet = world.store.wallet(account).await.unwrap();
            assert_eq!(credits_of(&wallet, now), model.credits(now));
        });
    }
}
