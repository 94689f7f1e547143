//! One run: an account, a random sequence of commands, and the model beside it.

use std::collections::BTreeSet;

use domain::settings::Settings;
use store::Store;

use crate::chance::Chance;
use crate::command::Command;
use crate::courier::Courier;
use crate::customer::{Customer, voice_of};
use crate::model::{Credits, Model, Voice, credits_of};
use crate::plan::{Event, Planner};
use crate::verdict::{Kind, Problem, Verdict};
use crate::wire::Wire;

/// Projects of an account: few, so that jobs meet on one.
const PROJECTS: usize = 2;
/// Fewest events of a run, and how many there may be on top.
const EVENTS: (u64, u64) = (5, 9);
/// Most faults of one round: then it gets through.
const FAULTS_MAX: u64 = 4;

/// A run as it goes on.
struct Run<'a> {
    store: &'a Store,
    wire: &'a Wire,
    customer: Customer,
    chance: Chance,
    model: Model,
    verdict: Verdict,
}

/// Lets a new account live, until the end or the first thing that is wrong; then audits it.
pub(crate) async fn play(seed: u64, store: &Store, wire: &Wire, settings: &Settings) -> Verdict {
    let mut chance = Chance::of(seed);
    wire.allow_faults(0, Chance::of(0));
    let mut customer = Customer::of(seed, store).await;
    let mut projects = Vec::new();
    for _ in 0..PROJECTS {
        projects.push(customer.project(settings, store).await);
    }
    wire.take_written();
    let mut planner = Planner::new(chance.fork(), projects);
    let events = EVENTS.0 + chance.below(EVENTS.1);
    let mut run = Run {
        store,
        wire,
        customer,
        chance,
        model: Model::default(),
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
    run.audit().await;
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
        self.wire.allow_faults(faults, self.chance.fork());
        let courier = Courier {
            store: self.store,
            wire: self.wire,
            account: self.customer.account,
            now: self.customer.now,
        };
        let report = courier.deliver(commands, &mut self.model, &mut self.chance).await;
        self.wire.allow_faults(0, Chance::of(0));
        self.verdict.operations += u64::try_from(commands.len()).unwrap_or_default();
        self.verdict.crashes += report.crashes;
        for problem in report.problems {
            self.verdict.add_problem(problem);
        }
        self.compare(commands).await;
    }

    async fn compare(&mut self, commands: &[Command]) {
        let now = self.customer.now;
        let real = match self.store.wallet(self.customer.account).await {
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

    /// The store's own audit, then what it does not look at: which outputs are paid for.
    async fn audit(&mut self) {
        let account = self.customer.account;
        match self.store.audit(account).await {
            Ok(audit) => {
                for finding in audit.findings {
                    self.verdict.add_finding(finding);
                }
                let open = self.model.jobs.values().filter(|job| job.state.is_open());
                let open = open.count();
                if audit.open_holds != open {
                    let finding = format!("{} open holds, {open} open jobs", audit.open_holds);
                    self.verdict.add_finding(finding);
                }
            }
            Err(error) => self.verdict.add_finding(format!("no audit: {error:?}")),
        }
        let mut paid = BTreeSet::new();
        for job in &self.model.kept {
            let hash = voice_of(*job).input_hash;
            let stored = self.store.output(account, &hash, self.customer.now).await;
            if stored.ok().flatten().is_some_and(|output| output.paid) {
                paid.insert(*job);
            }
        }
        let least = self.model.with_voice(&[Voice::Paid]);
        let most = self.model.with_voice(&[Voice::Paid, Voice::PerhapsPaid]);
        if !(least.is_subset(&paid) && paid.is_subset(&most)) {
            // The next job with the same inputs would be charged for it once more, or not at all.
            let says = format!("paid are {paid:?}, expected {least:?} to {most:?}");
            let kind = Kind::DoubleCharged;
            self.verdict.add_problem(Problem { kind, says });
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
