//! Beginnings of lives that chance alone seldom leads to, because several commands have to be made for each other.

use domain::job::{Job, JobKind, JobOutcome};
use domain::{Credits, QuotaKind};
use store::{EndJob, JobRun};

use super::work::{failure, receipt};
use super::{Planner, consumption};
use crate::command::Command;
use crate::customer::Customer;

/// What a story has to spend, and what each of its jobs holds.
const CREDITS: (u64, u64) = (40, 8);

impl Planner<'_> {
    /// What arrives first after the limits, round by round: in four lives of eight.
    pub(super) fn story(&mut self, customer: &mut Customer, limit: &Command) -> Vec<Vec<Command>> {
        let story = match self.chance.below(8) {
            0 => self.late_restart(customer),
            1 => self.one_output_of_two(customer),
            2 => self.alert_that_does_not_come(limit),
            3 => self.judged_file(customer),
            _ => return Vec::new(),
        };
        let grant = self.grant_of(customer, Credits::new(CREDITS.0));
        let mut rounds = vec![vec![grant]];
        rounds.extend(story);
        self.sent.extend(rounds.iter().flatten().cloned());
        rounds
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
        let mut rounds = vec![
            vec![Command::Start(Box::new(first.clone()), customer.transaction_id())],
            vec![end(customer, &first, JobOutcome::Failed(failure()))],
            vec![restart(customer)],
        ];
        let last = [end(customer, &second, JobOutcome::Cancelled), restart(customer)];
        if self.chance.percent(50) {
            rounds.push(last.to_vec());
        } else {
            rounds.extend(last.map(|command| vec![command]));
        }
        rounds
    }

    /// Two jobs that make the same, both of which were priced before either was charged for it.
    fn one_output_of_two(&mut self, customer: &mut Customer) -> Vec<Vec<Command>> {
        let jobs: Vec<Job> = (0..2)
            .filter_map(|project| self.voice_job(customer, project))
            .collect();
        let each = |make: &mut dyn FnMut(&Job) -> Command| jobs.iter().map(make).collect::<Vec<_>>();
        vec![
            each(&mut |job| Command::Start(Box::new(job.clone()), customer.transaction_id())),
            each(&mut |job| Command::Keep(JobRun::from(job))),
            each(&mut |job| end(customer, job, JobOutcome::Completed)),
        ]
    }

    /// What would reach a level of alerts, beside what is given back below it.
    fn alert_that_does_not_come(&mut self, limit: &Command) -> Vec<Vec<Command>> {
        let kind = QuotaKind::StorageBytes;
        let Command::Limit(_, limits) = limit else {
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
