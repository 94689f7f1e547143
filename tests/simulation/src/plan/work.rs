//! Jobs: their starts, steps, extensions, ends and next runs.

use domain::job::{Job, JobFailure, JobKind, JobOutcome};
use domain::member::{Spender, SpenderId};
use domain::outputs::Source;
use domain::receipt::{Receipt, ReceiptLine, Resource};
use domain::{Credits, ErrorCode, JobState};
use store::{EndJob, JobRun};

use super::Planner;
use crate::command::Command;
use crate::customer::Customer;
use crate::model::Model;

/// Most credits of a hold, and of what is added to it.
const CREDITS: (u64, u64) = (30, 12);
/// Most credits that a key may take in a month.
const BUDGET: u64 = 60;

impl Planner<'_> {
    pub(super) fn start(&mut self, customer: &mut Customer) -> Command {
        let Some(project) = self.rng.pick(&self.projects).cloned() else {
            return Command::ExpireCredits;
        };
        let kinds = [
            JobKind::GenerateVoice,
            JobKind::GenerateVoice,
            JobKind::GenerateAll,
        ];
        let kind = *self.rng.pick(&kinds).unwrap_or(&JobKind::GenerateVoice);
        let held = self.credits(CREDITS.0);
        let mut job = customer.job(&project, kind, held.get());
        if self.rng.percent(50) {
            job.spender = Some(Spender {
                by: SpenderId::Key(customer.key()),
                monthly_credits: self.rng.percent(85).then(|| self.credits(BUDGET)),
                maker: None,
            });
        }
        if self.rng.percent(20) {
            job.max_credits = Some(self.credits(CREDITS.0 + CREDITS.1));
        }
        self.jobs.push(job.clone());
        Command::Start(Box::new(job), customer.transaction_id())
    }

    pub(super) fn restart(&mut self, customer: &mut Customer, model: &Model) -> Command {
        let Some(job) = self.job(model, |state| !state.is_open()) else {
            return self.start(customer);
        };
        let is_noted = model.jobs.get(&job.id).is_some_and(|known| known.is_noted);
        // Now and then the start of the run that has ended since, late and from another process.
        let is_late = job.run > 1 && self.rng.percent(30);
        let mut next = Job {
            run: if is_late { job.run } else { job.run + 1 },
            held: self.credits(CREDITS.0),
            ..job
        };
        next.outputs.voice = is_noted.then(|| self.fixture.voice_of(next.id, Source::Reused));
        Command::Restart(Box::new(next), customer.transaction_id())
    }

    pub(super) fn extend(&mut self, customer: &mut Customer, model: &Model) -> Command {
        let Some(job) = self.job(model, JobState::is_open) else {
            return self.start(customer);
        };
        let to = Credits::new(job.held.get() + self.credits(CREDITS.1).get());
        Command::Extend(JobRun::from(&job), to, customer.transaction_id())
    }

    /// A step of an open job; sometimes of its run before, late.
    pub(super) fn step(&mut self, model: &Model) -> Command {
        let Some(job) = self.job(model, JobState::is_open) else {
            return Command::ExpireCredits;
        };
        let mut at = JobRun::from(&job);
        if at.run > 1 && self.rng.percent(40) {
            at.run -= 1;
        }
        match self.rng.below(6) {
            0..2 => Command::BeginStep(at),
            2..4 => Command::EndStep(at),
            _ => Command::Produce(at),
        }
    }

    /// One of the run's jobs, mostly one in a state, in its latest run and with the hold of it.
    fn job(&mut self, model: &Model, is_wanted: impl Fn(JobState) -> bool) -> Option<Job> {
        let wanted = |job: &&Job| {
            model
                .jobs
                .get(&job.id)
                .is_some_and(|known| is_wanted(known.state))
        };
        let some: Vec<Job> = self.jobs.iter().filter(wanted).cloned().collect();
        let from = if self.rng.percent(90) && !some.is_empty() {
            &some
        } else {
            &self.jobs
        };
        let mut job = self.rng.pick(from)?.clone();
        if let Some(known) = model.jobs.get(&job.id) {
            job.run = known.run;
            job.held = Credits::new(known.held);
            // As whoever prices it finds its output, or has found it before somebody else paid.
            let paid = model.outputs.get(&known.hash) == Some(&true);
            let free =
                (paid && self.rng.percent(60)).then(|| self.fixture.voice_of(job.id, Source::AlreadyPaid));
            job.outputs.voice = free;
        }
        Some(job)
    }

    pub(super) fn end(&mut self, customer: &mut Customer, model: &Model) -> Command {
        let Some(job) = self.job(model, JobState::is_open) else {
            return self.start(customer);
        };
        let held = job.held.get();
        let (outcome, charged) = match self.rng.below(10) {
            0..3 => (JobOutcome::Failed(failure()), 0),
            3..5 => (JobOutcome::Cancelled, 0),
            kind => {
                // One in ten charges more than was held.
                let charged = if kind == 9 {
                    held + 1
                } else {
                    self.rng.below(held + 1)
                };
                (JobOutcome::Completed, charged)
            }
        };
        let end = EndJob {
            receipt: receipt(held, charged),
            project_outputs: (outcome == JobOutcome::Completed).then(|| job.outputs.clone()),
            outcome,
            job,
        };
        Command::End(Box::new(end), customer.transaction_id())
    }
}

/// Why a run failed.
pub(super) fn failure() -> JobFailure {
    JobFailure {
        code: ErrorCode::VoiceEngineFailed,
        step: None,
        message: "The voice engine did not run.".to_owned(),
    }
}

/// A receipt of one line.
pub(crate) fn receipt(held: u64, charged: u64) -> Receipt {
    Receipt {
        held: Credits::new(held),
        charged: Credits::new(charged),
        released: Credits::new(held.saturating_sub(charged)),
        lines: vec![ReceiptLine {
            resource: Resource::VoiceSynthesis,
            provider: "local".to_owned(),
            quantity: 10,
            unit_quantity: Some(10),
            units: Some(1),
            unit_credits: Credits::new(1),
            charged: Credits::new(charged),
            not_charged: None,
        }],
    }
}
