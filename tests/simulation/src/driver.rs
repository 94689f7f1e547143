//! Delivers commands until each has a definite answer: beside each other, through faults, and again after a crash.
//!
//! What a command does, it does in one write: the driver sees each one go through, gives the model the same command
//! at that moment, and compares. So nobody has to guess in which order commands at once took effect, and an answer
//! must be one that the account could give at some moment while its command was on the way.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::task::{Context, Poll};

use domain::Timestamp;
use domain::ports::Work;
use store::StoreError;

use crate::command::{Act, Command, Executor, Outcome};
use crate::model::{Funds, Model};
use crate::rng::Rng;
use crate::tally::{Kind, Problem};
use crate::transport::{Stop, Transport, Written};

/// Calls after which a command that has no answer yet will never have one.
const CALLS_MAX: u32 = 400;

/// Calls of a command before one of which it may be stalled.
const STALL_CALLS: u64 = 8;

/// A command on its way.
#[expect(
    clippy::struct_excessive_bools,
    reason = "three facts of one attempt, not a state"
)]
struct Delivery<'a> {
    command: &'a Command,
    work: Option<Work<'a, Result<Outcome, StoreError>>>,
    answer: Option<Outcome>,
    /// Whether this attempt (one process) wrote what it is for.
    committed: bool,
    /// Whether the end of a job would have charged for its output when this attempt began.
    charged: bool,
    /// Whether the output that a step would make was there when this attempt began.
    is_stored: bool,
    /// What the model would have answered at each moment of this attempt.
    possible: Vec<Outcome>,
    /// What the account had at each moment of this attempt.
    funds: Vec<Funds>,
    calls: u32,
}

/// What a batch of deliveries came to.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Times a process died.
    pub(crate) crashes: u64,
    /// What was wrong.
    pub(crate) problems: Vec<Problem>,
}

/// Delivers batches of commands.
pub(crate) struct Driver<'a> {
    pub(crate) executor: Executor<'a>,
    pub(crate) transport: &'a Transport,
}

/// Deliveries that run at once, and the model beside them.
struct Batch<'a, 'm> {
    deliveries: Vec<Delivery<'a>>,
    model: &'m mut Model,
    report: Report,
    now: Timestamp,
    /// A delivery that waits for a timer goes on first when it wakes, so that no clock decides an order.
    waiting: Option<usize>,
    stalled: Option<Stalled>,
}

/// A delivery that stops after some of its calls until all others are done: what it has read is then as old as it can be.
#[derive(Debug, Clone, Copy)]
struct Stalled {
    turn: usize,
    calls: u32,
}

impl Stalled {
    /// In two batches of five, when there are other deliveries.
    fn among(deliveries: usize, rng: &mut Rng) -> Option<Self> {
        if deliveries < 2 || !rng.percent(40) {
            return None;
        }
        let turns: Vec<usize> = (0..deliveries).collect();
        let turn = rng.pick(&turns).copied()?;
        let calls = u32::try_from(rng.below(STALL_CALLS)).ok()?;
        Some(Self { turn, calls })
    }
}

impl Driver<'_> {
    /// Delivers all of them at once; after each call to the database a random one goes on.
    pub(crate) async fn deliver(&self, commands: &[Command], model: &mut Model, rng: &mut Rng) -> Report {
        let new = |command| Delivery {
            command,
            work: None,
            answer: None,
            committed: false,
            charged: false,
            is_stored: false,
            possible: Vec::new(),
            funds: Vec::new(),
            calls: 0,
        };
        let mut batch = Batch {
            deliveries: commands.iter().map(new).collect(),
            model,
            report: Report::default(),
            now: self.executor.now,
            waiting: None,
            stalled: Stalled::among(commands.len(), rng),
        };
        poll_fn(|context| self.drive(&mut batch, rng, context)).await;
        batch.report
    }

    fn drive<'a>(&'a self, batch: &mut Batch<'a, '_>, rng: &mut Rng, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let open = batch.open();
            let drawn = batch.waiting.take().or_else(|| rng.pick(&open).copied());
            let Some(turn) = drawn else {
                return Poll::Ready(());
            };
            if self.advance(batch, turn, context).is_pending() {
                batch.waiting = Some(turn);
                return Poll::Pending;
            }
        }
    }

    /// Runs one delivery up to its next call of the database; pending only when it waits for a timer.
    fn advance<'a>(&'a self, batch: &mut Batch<'a, '_>, turn: usize, context: &mut Context<'_>) -> Poll<()> {
        let Some(mut work) = batch.work(turn, |command| Box::pin(self.executor.execute(command))) else {
            return Poll::Ready(());
        };
        let polled = work.as_mut().poll(context);
        for written in self.transport.take_written() {
            batch.committed(turn, &written);
        }
        match polled {
            Poll::Ready(Ok(outcome)) => batch.answered(turn, outcome),
            Poll::Ready(Err(_unclear)) => {}
            Poll::Pending => match self.transport.take_stop() {
                Some(Stop::Call) => batch.called(turn, work),
                Some(Stop::Death) => batch.report.crashes += 1,
                None => {
                    batch.put_back(turn, work);
                    return Poll::Pending;
                }
            },
        }
        Poll::Ready(())
    }
}

impl<'a> Batch<'a, '_> {
    /// Indices of the deliveries without an answer that are not stalled; the stalled one's when it is the last.
    fn open(&self) -> Vec<usize> {
        let deliveries = self.deliveries.iter().enumerate();
        let open = deliveries.filter(|(_, delivery)| delivery.answer.is_none());
        let is_stalled = |place: usize, calls: u32| {
            self.stalled
                .is_some_and(|stalled| stalled.turn == place && calls >= stalled.calls)
        };
        let (stalled, running): (Vec<_>, Vec<_>) = open
            .map(|(place, delivery)| (place, delivery.calls))
            .partition(|(place, calls)| is_stalled(*place, *calls));
        let turns = if running.is_empty() { stalled } else { running };
        turns.into_iter().map(|(place, _)| place).collect()
    }

    /// The work of a delivery, begun when there is none.
    fn work(
        &mut self,
        turn: usize,
        begin: impl FnOnce(&'a Command) -> Work<'a, Result<Outcome, StoreError>>,
    ) -> Option<Work<'a, Result<Outcome, StoreError>>> {
        let delivery = self.deliveries.get_mut(turn)?;
        if let Some(work) = delivery.work.take() {
            return Some(work);
        }
        delivery.committed = false;
        delivery.charged = charges(self.model, delivery.command);
        delivery.is_stored = matches!(delivery.command, Command::Produce(at) if self.model.is_stored(at));
        delivery.possible = vec![self.model.would(delivery.command, self.now)];
        delivery.funds = vec![self.model.funds(self.now)];
        Some(begin(delivery.command))
    }

    fn put_back(&mut self, turn: usize, work: Work<'a, Result<Outcome, StoreError>>) {
        if let Some(delivery) = self.deliveries.get_mut(turn) {
            delivery.work = Some(work);
        }
    }

    /// Another call of the database is on its way.
    fn called(&mut self, turn: usize, work: Work<'a, Result<Outcome, StoreError>>) {
        let Some(delivery) = self.deliveries.get_mut(turn) else {
            return;
        };
        delivery.calls += 1;
        if delivery.calls > CALLS_MAX {
            self.answered(turn, Outcome::Odd("it does not end".to_owned()));
        } else {
            delivery.work = Some(work);
        }
    }

    /// The model does what was just written, and every command on its way may be answered from it.
    fn committed(&mut self, turn: usize, written: &Written) {
        let Some(delivery) = self.deliveries.get_mut(turn) else {
            return;
        };
        let command = delivery.command;
        if let (Command::Produce(at), Act::Put) = (command, written.act) {
            if !self.model.store_output(at) {
                let message = format!("{command:?}\nstored an output where one is stored");
                let kind = Kind::DoubleCharged;
                self.report.problems.push(Problem { kind, message });
            }
        } else if written.act == command.act() {
            delivery.committed = true;
            // It charges for what it has read, and the output may have come after that.
            let may_pay = [delivery.charged, charges(self.model, command)];
            self.effect(command, may_pay, written);
        } else {
            let message = format!("{command:?}\nwrote {written:?}");
            let kind = Kind::Lost;
            self.report.problems.push(Problem { kind, message });
        }
        let (model, now) = (&*self.model, self.now);
        let on_their_way = self.deliveries.iter_mut().enumerate();
        for (_, other) in on_their_way.filter(|(place, other)| *place == turn || other.work.is_some()) {
            other.possible.push(model.would(other.command, now));
            other.funds.push(model.funds(now));
        }
    }

    fn effect(&mut self, command: &Command, may_pay: [bool; 2], written: &Written) {
        let pays = written.begins_with("OUT#");
        let outcome = self.model.apply(command, Some(pays), self.now);
        let alerted_now: BTreeSet<String> = written.after("ALERT#").collect();
        let mut wrong = Vec::new();
        if outcome != Outcome::Done {
            wrong.push(format!("was written where the answer is {outcome:?}"));
        }
        if !may_pay.contains(&pays) {
            wrong.push(format!("charged for its output: {pays}"));
        }
        if alerted_now != self.model.quotas.alerted_now {
            wrong.push(format!(
                "sent alerts {alerted_now:?}, expected was {:?}",
                self.model.quotas.alerted_now
            ));
        }
        for what in wrong {
            let kind = match outcome {
                Outcome::Insufficient(..)
                | Outcome::Corrupt
                | Outcome::InDebt(_)
                | Outcome::AboveMax
                | Outcome::OverBudget
                | Outcome::Exceeded(..) => Kind::Negative,
                Outcome::JobActive => Kind::OrphanHold,
                Outcome::Already | Outcome::PaidMeanwhile | Outcome::JobEnded(_) => Kind::DoubleCharged,
                _ => Kind::Lost,
            };
            let message = format!("{command:?}\n{what}");
            self.report.problems.push(Problem { kind, message });
        }
    }

    /// A definite answer: done now only by who wrote it, anything else only if it was true while it was on its way.
    fn answered(&mut self, turn: usize, outcome: Outcome) {
        let Some(delivery) = self.deliveries.get_mut(turn) else {
            return;
        };
        let limit_of = |kind| self.model.quotas.limit(kind);
        let is_right = match &outcome {
            Outcome::Done if delivery.command.tells_now() => delivery.committed,
            // Which of several writes was the first, it does not tell.
            Outcome::Done => {
                let same = [Outcome::Done, Outcome::Already];
                delivery.possible.iter().any(|possible| same.contains(possible))
            }
            // It is looked for before its job is.
            Outcome::Produced => {
                let noted = [Outcome::Done, Outcome::Produced];
                !delivery.is_stored && delivery.possible.iter().any(|possible| noted.contains(possible))
            }
            Outcome::Insufficient(needed, available) => {
                // The wallet is read before job and project: both were true, perhaps not at once.
                let of_then = |funds: &Funds| funds.debt == 0 && funds.available == *available;
                available < needed && delivery.funds.iter().any(of_then)
            }
            Outcome::InDebt(debt) => delivery.funds.iter().any(|funds| funds.debt == *debt),
            // As with credits; nobody changes a limit at the same time.
            Outcome::Exceeded(kind, limit, used, wanted) => {
                let of_then = |funds: &Funds| funds.used(*kind) == Some(*used);
                limit_of(*kind) == Some(*limit)
                    && used + wanted > *limit
                    && delivery.funds.iter().any(of_then)
            }
            other => delivery.possible.contains(other),
        };
        if !is_right {
            let message = format!(
                "{:?}\nwas answered {outcome:?}, possible were {:?}",
                delivery.command, delivery.possible
            );
            let kind = Kind::Lost;
            self.report.problems.push(Problem { kind, message });
        }
        delivery.answer = Some(outcome);
    }
}

fn charges(model: &Model, command: &Command) -> bool {
    matches!(command, Command::End(end, _) if model.charges(end))
}
