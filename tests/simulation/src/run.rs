//! One run: an account, a random sequence of commands, and the model beside it.

use std::sync::Arc;

use domain::AccountId;
use store::Store;

use crate::chance::Chance;
use crate::command::{Command, Counter};
use crate::courier::Courier;
use crate::customer::{Customer, Setting};
use crate::model::{Credits, Model, credits_of};
use crate::plan::{Event, Planner};
use crate::rows;
use crate::verdict::{Kind, Problem, Verdict};
use crate::wire::Wire;

/// Fewest events of a run besides those that every life begins with, and how many there may be on top.
const EVENTS: (u64, u64) = (8, 10);
/// Most faults of one round: then it gets through.
const FAULTS_MAX: u64 = 4;

/// Where lives take place.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) wire: Wire,
    pub(crate) setting: Arc<Setting>,
}

/// A run as it goes on.
struct Run<'a> {
    world: &'a World,
    customer: Customer,
    chance: Chance,
    model: Model,
    verdict: Verdict,
}

/// Lets a new account live, until the end or the first thing that is wrong; then audits it.
pub(crate) async fn play(seed: u64, world: &World) -> Verdict {
    let mut chance = Chance::of(seed);
    world.wire.be_good();
    let mut customer = Customer::of(seed);
    let account = customer.account;
    let mut planner = Planner::new(chance.fork(), &world.setting, &mut customer);
    let events = EVENTS.0 + chance.below(EVENTS.1);
    let mut run = Run {
        world,
        customer,
        chance,
        model: Model::of(account, Arc::clone(&world.setting)),
        verdict: Verdict::default(),
    };
    for _ in 0..events {
        match planner.next(&mut run.customer, &run.model) {
            Event::Pass(ms) => run.customer.now = run.customer.now.plus_ms(ms),
            Event::Arrive(commands) => run.arrive(&commands).await,
        }
        if !run.verdict.is_clean() {
            break;
        }
    }
    run.audit(account).await;
    let mut verdict = run.verdict;
    verdict.runs = 1;
    if !verdict.says.is_empty() {
        verdict.says = vec![format!("SEED={seed}: {}", verdict.says.join("\n"))];
    }
    verdict
}

impl Run<'_> {
    async fn arrive(&mut self, commands: &[Command]) {
        let faults = self.chance.below(FAULTS_MAX + 1);
        let wire = &self.world.wire;
        wire.allow_faults(faults, self.chance.fork());
        let courier = Courier {
            wire,
            counter: Counter {
                store: &self.world.store,
                setting: &self.world.setting,
                account: self.customer.account,
                now: self.customer.now,
            },
        };
        let report = courier.deliver(commands, &mut self.model, &mut self.chance).await;
        wire.be_good();
        self.verdict.operations += u64::try_from(commands.len()).unwrap_or_default();
        self.verdict.crashes += report.crashes;
        for problem in report.problems {
            self.verdict.add_problem(problem);
        }
        self.compare(commands).await;
    }

    async fn compare(&mut self, commands: &[Command]) {
        let now = self.customer.now;
        let real = match self.world.store.wallet(self.customer.account).await {
            Ok(wallet) => credits_of(&wallet, now),
            Err(error) => {
                let says = format!("the wallet cannot be read: {error:?}");
                self.verdict.add_problem(Problem {
                    kind: Kind::Lost,
                    says,
                });
                return;
            }
        };
        let expected = self.model.credits(now);
        if real != expected {
            let says = format!("{commands:?}\nleft {real:?}\nexpected was {expected:?}");
            let kind = blame(&expected, &real);
            self.verdict.add_problem(Problem { kind, says });
        }
    }

    /// The store's own audit, then every row beside the model.
    async fn audit(&mut self, account: AccountId) {
        match self.world.store.audit(account).await {
            Ok(audit) => {
                // Lives end jobs with any receipt, also for work that none of their steps has made.
                let is_theirs = |code: &str| code != store::audit::CHARGED_NOT_DELIVERED;
                for finding in audit.findings.into_iter().filter(|one| is_theirs(&one.code)) {
                    self.verdict.add_finding(finding.text);
                }
            }
            Err(error) => self.verdict.add_finding(format!("no audit: {error:?}")),
        }
        let model = &self.model;
        let differences = self
            .world
            .wire
            .database(|database| rows::differences(database, &account.to_string(), model));
        for problem in differences {
            self.verdict.add_problem(problem);
        }
    }
}

/// Sorts a difference between the model and a wallet.
fn blame(expected: &Credits, real: &Credits) -> Kind {
    if real.used > expected.used {
        Kind::DoubleCharged
    } else if real.held != expected.held {
        Kind::OrphanHold
    } else {
        Kind::Lost
    }
}
