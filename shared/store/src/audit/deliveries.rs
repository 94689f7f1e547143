//! What was charged against what was delivered: every settled hold has its completed job, and the job has made what
//! its receipt charges for.

use std::collections::BTreeMap;

use domain::JobState;
use domain::job::Job;
use domain::receipt::Resource;
use ledger::HoldState;

use super::AccountRows;

impl AccountRows {
    /// Every settled hold is of the last run of a job that is completed.
    pub(super) fn check_charges(&self, findings: &mut Vec<String>) {
        for hold in &self.holds {
            let HoldState::Settled { charged, .. } = hold.state else {
                continue;
            };
            let name = format!("{} run {}", hold.job_id, hold.run);
            match self.jobs.iter().find(|job| job.id == hold.job_id) {
                None => findings.push(format!("{name} was charged {charged}, and there is no such job")),
                Some(job) if job.run != hold.run || job.state != JobState::Completed => {
                    let (state, run) = (job.state, job.run);
                    findings.push(format!(
                        "{name} was charged {charged}, and the job is {state:?} in run {run}"
                    ));
                }
                Some(_) => {}
            }
        }
    }

    /// Lines that charge for more than their job has made.
    pub(super) fn not_delivered(&self) -> Vec<String> {
        let completed = self.jobs.iter().filter(|job| job.state == JobState::Completed);
        completed.flat_map(missing).collect()
    }
}

fn missing(job: &Job) -> Vec<String> {
    let made = ledger::made(job);
    let mut charged: BTreeMap<Resource, u64> = BTreeMap::new();
    let lines = job.receipt.iter().flat_map(|receipt| &receipt.lines);
    for line in lines.filter(|line| !line.charged.is_zero()) {
        let sum = charged.entry(line.resource).or_default();
        *sum = sum.saturating_add(line.quantity);
    }
    let delivered = |resource| made.get(resource).copied().unwrap_or(0);
    charged
        .iter()
        .filter(|(resource, quantity)| **quantity > delivered(resource))
        .map(|(resource, quantity)| {
            let has = delivered(resource);
            format!(
                "{} was charged for {quantity} of {resource:?} and has made {has}",
                job.id
            )
        })
        .collect()
}
