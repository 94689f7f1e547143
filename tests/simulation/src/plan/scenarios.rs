//! Beginnings of a history that random commands seldom lead to, because several have to fit each other.

use domain::job::{Job, JobKind, JobOutcome};
use domain::{Credits, QuotaKind};
use store::{EndJob, JobRun};

use super::work::{failure, receipt};
use super::{Planner, consumption};
use crate::command::Command;
use crate::customer::Customer;

/// Credits that a scenario begins with, and credits that each of its jobs holds.
const CREDITS: (u64, u64) = (40, 8);

impl Planner<'_> {
    /// The batches that arrive first after the limits: in four histories of eight.
    pub(super) fn scenario(&mut self, customer: &mut Customer, limit: &Command) -> Vec<Vec<Command>> {
        let scenario = match self.rng.below(8) {
            0 => self.late_restart(customer),
            1 => self.one_output_of_two(customer),
            2 => self.alert_that_does_not_come(limit),
            3 => self.checked_asset(customer),
            _ => return Vec::new(),
        };
        let grant = self.grant_of(customer, Credits::new(CREDITS.0));
        let mut batches = vec![vec![grant]];
        batches.extend(scenario);
        self.sent.extend(batches.iter().flatten().cloned());
        batches
    }

    /// A job that ended twice, and the start of its second run that comes from another process when that is over.
    fn late_restart(&mut self, customer: &mut Customer) -> Vec<Vec<Command>> {
        let Some(first) = self.voice_job(customer, 0) else {
            return Vec::new();
        };
        let second = Job {
            run: 2,
            ..first.clone()
        };
        let restart =
            |customer: &mut Customer| Command::Restart(Box::new(second.clone()), customer.transaction_id());
        let mut batches = vec![
            vec![Command::Start(Box::new(first.clone()), customer.transaction_id())],
            vec![end(customer, &first, JobOutcome::Failed(failure()))],
            vec![restart(customer)],
        ];
        let last = [end(customer, &second, JobOutcome::Cancelled), restart(customer)];
        if self.rng.percent(50) {
            batches.push(last.to_vec());
        } else {
            batches.extend(last.map(|command| vec![command]));
        }
        batches
    }

    /// Two jobs that make the same, both of which were priced before either was charged for it.
    fn one_output_of_two(&mut self, customer: &mut Customer) -> Vec<Vec<Command>> {
        let jobs: Vec<Job> = (0..2)
            .filter_map(|project| self.voice_job(customer, project))
            .collect();
        let each = |make: &mut dyn FnMut(&Job) -> Command| jobs.iter().map(make).collect::<Vec<_>>();
        vec![
            each(&mut |job| Command::Start(Box::new(job.clone()), customer.transaction_id())),
            each(&mut |job| Command::Produce(JobRun::from(job))),
            each(&mut |job| end(customer, job, JobOutcome::Completed)),
        ]
    }

    /// What would reach a level of alerts, beside what is given back below it.
    fn alert_that_does_not_come(&mut self, limit: &Command) -> Vec<Vec<Command>> {
        let kind = QuotaKind::StorageBytes;
        let Command::SetLimits(_, limits) = limit else {
            return Vec::new();
        };
        let Some(limit) = limits.get(&kind).copied().flatten() else {
            return Vec::new();
        };
        let level = (limit * 4).div_ceil(5);
        let mut bytes = |quantity| consumption(kind, quantity, ("media", self.resource()));
        let (first, second) = (bytes(1), bytes(level - 1));
        let back = Command::GiveBack(kind, first.used_for.clone());
        vec![
            vec![Command::Consume(vec![first])],
            vec![Command::Consume(vec![second]), back],
        ]
    }

    /// A job on one of the projects; most work from the same inputs.
    fn voice_job(&mut self, customer: &mut Customer, project: usize) -> Option<Job> {
        let project = self.projects.get(project)?;
        let job = customer.job(project, JobKind::GenerateVoice, CREDITS.1);
        self.jobs.push(job.clone());
        Some(job)
    }
}

/// An end of a run, charged in full when it is completed.
fn end(customer: &mut Customer, job: &Job, outcome: JobOutcome) -> Command {
    let held = job.held.get();
    let is_completed = outcome == JobOutcome::Completed;
    let end = EndJob {
        job: job.clone(),
        outcome,
        receipt: receipt(held, if is_completed { held } else { 0 }),
        project_outputs: is_completed.then(|| job.outputs.clone()),
    };
    Command::End(Box::new(end), customer.transaction_id())
}
