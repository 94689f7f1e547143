//! Delivers commands until each has a definite answer: beside each other, through faults, and again after a crash.
//!
//! What a command does, it does in one transaction: the courier sees each one go through, gives the model the same
//! command at that moment, and compares. So nobody has to guess in which order commands at once took effect, and an
//! answer must be one that the account could give at some moment while its command was on the way.

use std::future::poll_fn;
use std::task::{Context, Poll};

use domain::ports::Work;
use domain::{AccountId, Timestamp};
use store::{Store, StoreError};

use crate::chance::Chance;
use crate::command::{Command, Outcome, deliver};
use crate::model::{Funds, Model};
use crate::verdict::{Kind, Problem};
use crate::wire::{Stop, Wire, Written};

/// Calls after which a command that has no answer yet will never have one.
const CALLS_MAX: u32 = 400;

/// A command on its way.
struct Delivery<'a> {
    command: &'a Command,
    work: Option<Work<'a, Result<Outcome, StoreError>>>,
    answer: Option<Outcome>,
    /// Whether this attempt, the life of one process, wrote what it is for.
    committed: bool,
    /// The model when this attempt began.
    before: Option<Model>,
    /// What the model would have answered at each moment of this attempt.
    possible: Vec<Outcome>,
    /// What the account had at each moment of this attempt.
    funds: Vec<Funds>,
    calls: u32,
}

/// What deliveries came to.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Times a process died.
    pub(crate) crashes: u64,
    /// What was wrong.
    pub(crate) problems: Vec<Problem>,
}

/// Where commands go to.
pub(crate) struct Courier<'a> {
    pub(crate) store: &'a Store,
    pub(crate) wire: &'a Wire,
    pub(crate) account: AccountId,
    pub(crate) now: Timestamp,
}

/// Deliveries at once, and the model beside them.
struct Round<'a, 'm> {
    deliveries: Vec<Delivery<'a>>,
    model: &'m mut Model,
    report: Report,
    /// One that waits for a time keeps its turn, so that no clock decides an order.
    waiting: Option<usize>,
}

impl Courier<'_> {
    /// Delivers all of them at once; after each call to the database chance decides whose turn it is.
    pub(crate) async fn deliver(
        &self,
        commands: &[Command],
        model: &mut Model,
        chance: &mut Chance,
    ) -> Report {
        let new = |command| Delivery {
            command,
            work: None,
            answer: None,
            committed: false,
            before: None,
            possible: Vec::new(),
            funds: Vec::new(),
            calls: 0,
        };
        let mut round = Round {
            deliveries: commands.iter().map(new).collect(),
            model,
            report: Report::default(),
            waiting: None,
        };
        poll_fn(|context| self.drive(&mut round, chance, context)).await;
        round.report
    }

    fn drive<'a>(
        &'a self,
        round: &mut Round<'a, '_>,
        chance: &mut Chance,
        context: &mut Context<'_>,
    ) -> Poll<()> {
        loop {
            let open: Vec<usize> = (0..round.deliveries.len())
                .filter(|place| round.deliveries[*place].answer.is_none())
                .collect();
            let drawn = round.waiting.take().or_else(|| chance.pick(&open).copied());
            let Some(turn) = drawn else {
                return Poll::Ready(());
            };
            if self.go_on(round, turn, context).is_pending() {
                round.waiting = Some(turn);
                return Poll::Pending;
            }
        }
    }

    /// Up to the next call of the database; pending only when it waits for a time.
    fn go_on<'a>(&'a self, round: &mut Round<'a, '_>, turn: usize, context: &mut Context<'_>) -> Poll<()> {
        round.begin(turn, self.now, |command| {
            Box::pin(deliver(self.store, self.account, command, self.now))
        });
        let delivery = &mut round.deliveries[turn];
        let work = delivery.work.as_mut().expect("a delivery that has begun");
        let polled = work.as_mut().poll(context);
        for written in self.wire.take_written() {
            round.committed(turn, written, self.now);
        }
        let delivery = &mut round.deliveries[turn];
        match polled {
            Poll::Ready(Ok(outcome)) => {
                delivery.work = None;
                round.answered(turn, outcome);
            }
            Poll::Ready(Err(_unclear)) => delivery.work = None,
            Poll::Pending => match self.wire.take_stop() {
                Some(Stop::Call) => {
                    delivery.calls += 1;
                    if delivery.calls > CALLS_MAX {
                        delivery.work = None;
                        round.answered(turn, Outcome::Odd("it does not end".to_owned()));
                    }
                }
                Some(Stop::Death) => {
                    delivery.work = None;
                    round.report.crashes += 1;
                }
                None => return Poll::Pending,
            },
        }
        Poll::Ready(())
    }
}

impl<'a> Round<'a, '_> {
    fn begin(
        &mut self,
        turn: usize,
        now: Timestamp,
        work: impl FnOnce(&'a Command) -> Work<'a, Result<Outcome, StoreError>>,
    ) {
        let delivery = &mut self.deliveries[turn];
        if delivery.work.is_none() {
            delivery.work = Some(work(delivery.command));
            delivery.committed = false;
            delivery.before = Some(self.model.clone());
            delivery.possible = vec![self.model.would(delivery.command, now)];
            delivery.funds = vec![self.model.funds(now)];
        }
    }

    /// The model does what was just written, and every command on its way may be answered from it.
    fn committed(&mut self, turn: usize, written: Written, now: Timestamp) {
        let delivery = &mut self.deliveries[turn];
        let command = delivery.command;
        let is_effect = match written {
            Written::Transaction => command.moves_credits(),
            Written::Update => !command.moves_credits(),
            Written::Put => {
                self.model.keep(command);
                false
            }
        };
        if !is_effect {
            return;
        }
        delivery.committed = true;
        let outcome = self.model.apply(command, now);
        // Its end charges for what it has read, and the output may have come after that.
        if delivery
            .before
            .as_ref()
            .is_some_and(|before| !before.is_noted(command))
        {
            self.model.doubt(command);
        }
        if outcome != Outcome::Done {
            let kind = match outcome {
                Outcome::Insufficient(..) | Outcome::Corrupt | Outcome::InDebt(_) => Kind::Negative,
                Outcome::JobActive => Kind::OrphanHold,
                _ if command.moves_credits() => Kind::DoubleCharged,
                _ => Kind::Lost,
            };
            let says = format!("{command:?}\nwas written where the answer is {outcome:?}");
            self.report.problems.push(Problem { kind, says });
        }
        for other in self.deliveries.iter_mut().filter(|other| other.work.is_some()) {
            other.possible.push(self.model.would(other.command, now));
            other.funds.push(self.model.funds(now));
        }
    }

    /// A definite answer: done now only by who wrote it, anything else only if it was true while it was on its way.
    fn answered(&mut self, turn: usize, outcome: Outcome) {
        let delivery = &mut self.deliveries[turn];
        let is_right = match &outcome {
            Outcome::Done if delivery.command.moves_credits() => delivery.committed,
            Outcome::Insufficient(needed, available) => {
                // The wallet is read first and the obstacles after it: both were true, perhaps not at once.
                let of_then = |funds: &Funds| funds.debt == 0 && funds.available == *available;
                available < needed && delivery.funds.iter().any(of_then)
            }
            Outcome::InDebt(debt) => delivery.funds.iter().any(|funds| funds.debt == *debt),
            other => delivery.possible.contains(other),
        };
        if !is_right {
            let says = format!(
                "{:?}\nwas answered {outcome:?}, possible were {:?}",
                delivery.command, delivery.possible
            );
            let kind = Kind::Lost;
            self.report.problems.push(Problem { kind, says });
        }
        delivery.answer = Some(outcome);
    }
}
