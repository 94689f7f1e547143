//! One run: an account, a random sequence of commands, and the model beside it.

use std::sync::Arc;

use domain::AccountId;
use ledger::{Grant, Origin};
use store::Store;

use crate::command::{Command, Executor};
use crate::customer::{Customer, Fixture};
use crate::driver::Driver;
use crate::model::{Credits, Mailbox, Model, credits_of};
use crate::plan::{Event, Planner};
use crate::rng::Rng;
use crate::rows;
use crate::tally::{Kind, Problem, Tally};
use crate::transport::Transport;

/// Fewest events of a run besides those that every history begins with, and how many there may be on top.
const EVENTS: (u64, u64) = (8, 10);
/// Most faults of one batch: then it gets through.
const FAULTS_MAX: u64 = 4;

/// In every history of so many, another account of the same mailbox has had the gift.
const ALIAS_EVERY: u64 = 4;

/// What runs share: the store, its transport and the fixture.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) transport: Transport,
    pub(crate) fixture: Arc<Fixture>,
}

/// A run as it goes on.
struct Run<'a> {
    world: &'a World,
    customer: Customer,
    rng: Rng,
    model: Model,
    tally: Tally,
}

/// Runs the history of a new account, until its end or the first problem; then audits it.
pub(crate) async fn run_one(seed: u64, world: &World) -> Tally {
    let mut rng = Rng::of(seed);
    world.transport.stop_faults();
    let mut customer = Customer::of(seed);
    let account = customer.account;
    let mut planner = Planner::new(rng.fork(), &world.fixture, &mut customer);
    let events = EVENTS.0 + rng.below(EVENTS.1);
    let mut run = Run {
        world,
        customer,
        rng,
        model: Model::of(account, Arc::clone(&world.fixture)),
        tally: Tally::default(),
    };
    if seed.is_multiple_of(ALIAS_EVERY) {
        run.sign_up_alias().await;
    }
    for _ in 0..events {
        match planner.next(&mut run.customer, &run.model) {
            Event::Pass(ms) => run.customer.now = run.customer.now.plus_ms(ms),
            Event::Arrive(commands) => run.arrive(&commands).await,
        }
        if !run.tally.is_clean() {
            break;
        }
    }
    run.audit(account).await;
    let mut tally = run.tally;
    tally.runs = 1;
    if !tally.messages.is_empty() {
        tally.messages = vec![format!("SEED={seed}: {}", tally.messages.join("\n"))];
    }
    tally
}

impl Run<'_> {
    /// Signs up another account of the customer's mailbox, which is given the gift of a sign-up.
    async fn sign_up_alias(&mut self) {
        let now = self.customer.now;
        let gift = Grant {
            key: "signup".to_owned(),
            lot_id: self.customer.lot_id(),
            transaction_id: self.customer.transaction_id(),
            origin: Origin::Gift,
            credits: domain::Credits::new(1),
            expires_at: now.plus_days(Origin::Gift.days()),
            note: None,
        };
        let alias = self.customer.alias();
        if let Err(error) = self.world.store.ensure_account(alias, Some(gift), now).await {
            let message = format!("another account of the mailbox could not sign up: {error:?}");
            let kind = Kind::Lost;
            self.tally.add_problem(Problem { kind, message });
        }
        self.model.mailbox = Mailbox::HadTheGift;
        // What this wrote is no part of the first batch.
        drop(self.world.transport.take_written());
    }

    async fn arrive(&mut self, commands: &[Command]) {
        let faults = self.rng.below(FAULTS_MAX + 1);
        let transport = &self.world.transport;
        transport.allow_faults(faults, self.rng.fork());
        let driver = Driver {
            transport,
            executor: Executor {
                store: &self.world.store,
                fixture: &self.world.fixture,
                account: self.customer.account,
                now: self.customer.now,
            },
        };
        let report = driver.deliver(commands, &mut self.model, &mut self.rng).await;
        transport.stop_faults();
        self.tally.operations += u64::try_from(commands.len()).unwrap_or_default();
        self.tally.crashes += report.crashes;
        for problem in report.problems {
            self.tally.add_problem(problem);
        }
        self.compare(commands).await;
    }

    async fn compare(&mut self, commands: &[Command]) {
        let now = self.customer.now;
        let real = match self.world.store.wallet(self.customer.account).await {
            Ok(wallet) => credits_of(&wallet, now),
            Err(error) => {
                let message = format!("the wallet cannot be read: {error:?}");
                self.tally.add_problem(Problem {
                    kind: Kind::Lost,
                    message,
                });
                return;
            }
        };
        let expected = self.model.credits(now);
        if real != expected {
            let message = format!("{commands:?}\nleft {real:?}\nexpected was {expected:?}");
            let kind = blame(&expected, &real);
            self.tally.add_problem(Problem { kind, message });
        }
    }

    /// The store's own audit, then every row beside the model.
    async fn audit(&mut self, account: AccountId) {
        match self.world.store.audit(account).await {
            Ok(audit) => {
                // Histories end jobs with any receipt, also for work that none of their steps has made.
                let is_theirs = |code: &str| code != store::audit::CHARGED_NOT_DELIVERED;
                for finding in audit.findings.into_iter().filter(|one| is_theirs(&one.code)) {
                    self.tally.add_finding(finding.text);
                }
            }
            Err(error) => self.tally.add_finding(format!("no audit: {error:?}")),
        }
        let model = &self.model;
        let differences = self
            .world
            .transport
            .database(|database| rows::differences(database, &account.to_string(), model));
        for problem in differences {
            self.tally.add_problem(problem);
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
