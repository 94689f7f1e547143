//! The reference: what an account must look like after a sequence of commands, without rows, versions or conditions.

use std::collections::{BTreeMap, BTreeSet};

use domain::job::Job;
use domain::{JobId, JobState, LotId, ProjectId, Timestamp};
use ledger::{Adjustment, ClawBack, Grant, Reversal, Wallet};
use store::EndJob;

use crate::command::{Command, Outcome, ended};
use lots::{Lots, Parcel};

mod lots;

/// A job's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// Not in the job.
    Missing,
    /// In the job.
    Noted,
    /// Delivered and charged for.
    Paid,
    /// Noted while the end that charges was on the way: it charges for what it has read.
    PerhapsPaid,
}

/// A job in its latest run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) run: u32,
    pub(crate) held: u64,
    pub(crate) state: JobState,
    pub(crate) voice: Voice,
    project: ProjectId,
    held_at: Timestamp,
    legs: Vec<(LotId, u64)>,
}

/// What can be held, and what is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Funds {
    pub(crate) available: u64,
    pub(crate) debt: u64,
}

/// Sums of an account, and its lots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credits {
    pub(crate) funds: Funds,
    pub(crate) held: u64,
    pub(crate) used: u64,
    pub(crate) expired: u64,
    pub(crate) granted: u64,
    pub(crate) revoked: u64,
    lots: Vec<Parcel>,
}

/// An account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Model {
    lots: Lots,
    /// Lots of grants, by the key.
    granted_lots: BTreeMap<String, LotId>,
    /// Credits of claw backs, by the key.
    clawed: BTreeMap<String, u64>,
    reversed: BTreeSet<String>,
    adjusted: BTreeSet<String>,
    pub(crate) jobs: BTreeMap<JobId, Known>,
    pub(crate) kept: BTreeSet<JobId>,
    used: u64,
    granted: u64,
    revoked: u64,
    debt: u64,
}

impl Model {
    /// Does a command once more; the answer is the one that the store has to give.
    pub(crate) fn apply(&mut self, command: &Command, now: Timestamp) -> Outcome {
        self.lots.expire(now);
        let outcome = match command {
            Command::Grant(grant) => self.grant(grant, now),
            Command::ClawBack(back) => self.claw_back(back),
            Command::Reverse(reversal) => self.reverse(reversal, now),
            Command::Adjust(adjustment) => self.adjust(adjustment, now),
            Command::Start(job, _) | Command::Restart(job, _) => self.start(job, now),
            Command::Begin(at) | Command::Done(at) => self.in_run(at.job_id, at.run, |_| {}),
            Command::Keep(at) => self.in_run(at.job_id, at.run, |job| job.voice = Voice::Noted),
            Command::End(end, _) => self.end(end, now),
        };
        self.lots.sort();
        // What came pays what is owed.
        let paid = self.lots.revoke(self.debt, None);
        self.debt -= paid;
        self.revoked += paid;
        outcome
    }

    /// What [`Self::apply`] would answer.
    pub(crate) fn would(&self, command: &Command, now: Timestamp) -> Outcome {
        self.clone().apply(command, now)
    }

    /// The output of a step is kept, whatever becomes of its job.
    pub(crate) fn keep(&mut self, command: &Command) {
        if let Command::Keep(at) = command {
            self.kept.insert(at.job_id);
        }
    }

    pub(crate) fn funds(&self, now: Timestamp) -> Funds {
        Funds {
            available: self.lots.available_at(now),
            debt: self.debt,
        }
    }

    /// What the account has at an instant.
    pub(crate) fn credits(&self, now: Timestamp) -> Credits {
        let mut lots = self.lots.clone();
        lots.expire(now);
        Credits {
            funds: self.funds(now),
            held: lots.held(),
            used: self.used,
            expired: lots.expired,
            granted: self.granted,
            revoked: self.revoked,
            lots: lots.parcels,
        }
    }

    /// Whether the output that an end would charge for is noted.
    pub(crate) fn is_noted(&self, command: &Command) -> bool {
        let Command::End(end, _) = command else {
            return true;
        };
        let job = self.jobs.get(&end.job.id);
        job.is_some_and(|job| job.voice == Voice::Noted)
    }

    /// The end of a job, that just charged for an output, may have come before the output.
    pub(crate) fn doubt(&mut self, command: &Command) {
        if let Command::End(end, _) = command
            && let Some(job) = self.jobs.get_mut(&end.job.id)
            && job.voice == Voice::Paid
        {
            job.voice = Voice::PerhapsPaid;
        }
    }

    /// Jobs whose output is in one of these states.
    pub(crate) fn with_voice(&self, states: &[Voice]) -> BTreeSet<JobId> {
        let jobs = self.jobs.iter().filter(|(_, job)| states.contains(&job.voice));
        jobs.map(|(id, _)| *id).collect()
    }

    fn grant(&mut self, grant: &Grant, now: Timestamp) -> Outcome {
        if self.granted_lots.contains_key(&grant.key) {
            return Outcome::Already;
        }
        self.granted_lots.insert(grant.key.clone(), grant.lot_id);
        self.granted += grant.credits.get();
        let credits = grant.credits.get();
        self.lots
            .push(Parcel::of(grant.lot_id, credits, grant.expires_at, now));
        Outcome::Done
    }

    fn claw_back(&mut self, back: &ClawBack) -> Outcome {
        if self.clawed.contains_key(&back.key) {
            return Outcome::Already;
        }
        let credits = back.credits.get();
        self.clawed.insert(back.key.clone(), credits);
        let first = back
            .from_grant
            .as_ref()
            .and_then(|key| self.granted_lots.get(key));
        self.take_back(credits, first.copied());
        Outcome::Done
    }

    /// What is not there is owed.
    fn take_back(&mut self, credits: u64, first: Option<LotId>) {
        let taken = self.lots.revoke(credits, first);
        self.revoked += taken;
        self.debt += credits - taken;
    }

    fn reverse(&mut self, reversal: &Reversal, now: Timestamp) -> Outcome {
        let Some(credits) = self.clawed.get(&reversal.key).copied() else {
            return Outcome::NotFound;
        };
        if !self.reversed.insert(reversal.key.clone()) {
            return Outcome::Already;
        }
        let lifted = credits.min(self.debt);
        self.debt -= lifted;
        let back = credits - lifted;
        self.revoked -= back;
        self.lots
            .push(Parcel::of(reversal.lot_id, back, reversal.expires_at, now));
        Outcome::Done
    }

    fn adjust(&mut self, adjustment: &Adjustment, now: Timestamp) -> Outcome {
        if !self.adjusted.insert(adjustment.key.clone()) {
            return Outcome::Already;
        }
        let credits = adjustment.change.get().unsigned_abs();
        if adjustment.change.get() < 0 {
            self.take_back(credits, None);
        } else {
            self.granted += credits;
            let lot = Parcel::of(adjustment.lot_id, credits, adjustment.expires_at, now);
            self.lots.push(lot);
        }
        Outcome::Done
    }

    fn start(&mut self, job: &Job, now: Timestamp) -> Outcome {
        match self.jobs.get(&job.id) {
            Some(known) if known.run == job.run => return Outcome::Already,
            Some(known) => {
                let is_next = known.run + 1 == job.run;
                let may = matches!(known.state, JobState::Failed | JobState::Cancelled);
                if !(is_next && may) {
                    return Outcome::NotResumable(known.state);
                }
            }
            None if job.run > 1 => return Outcome::NotFound,
            None => {}
        }
        let is_taken = |known: &Known| known.project == job.project_id && known.state.is_open();
        if self.jobs.values().any(is_taken) {
            return Outcome::JobActive;
        }
        if self.debt > 0 {
            return Outcome::InDebt(self.debt);
        }
        let (available, held) = (self.lots.available_at(now), job.held.get());
        if available < held {
            return Outcome::Insufficient(held, available);
        }
        let known = Known {
            run: job.run,
            held,
            state: JobState::Pending,
            voice: match job.outputs.voice {
                Some(_) => Voice::Noted,
                None => Voice::Missing,
            },
            project: job.project_id,
            held_at: now,
            legs: self.lots.hold(held),
        };
        self.jobs.insert(job.id, known);
        Outcome::Done
    }

    fn in_run(&mut self, id: JobId, run: u32, act: impl FnOnce(&mut Known)) -> Outcome {
        match self.jobs.get_mut(&id) {
            None => Outcome::NotFound,
            Some(job) if job.run == run && job.state.is_open() => {
                act(job);
                Outcome::Done
            }
            Some(job) => Outcome::JobEnded(job.state),
        }
    }

    fn end(&mut self, end: &EndJob, now: Timestamp) -> Outcome {
        let Some(job) = self.jobs.get_mut(&end.job.id) else {
            return Outcome::NotFound;
        };
        if job.run != end.job.run || !job.state.is_open() {
            return Outcome::Already;
        }
        let (state, charged) = ended(&end.ending);
        if charged > job.held {
            return Outcome::Corrupt;
        }
        job.state = state;
        if job.voice == Voice::Noted && state == JobState::Completed {
            job.voice = Voice::Paid;
        }
        self.used += charged;
        let mut to_charge = charged;
        for (lot, credits) in job.legs.drain(..) {
            let part = to_charge.min(credits);
            to_charge -= part;
            self.lots.give_back(lot, (credits, part), job.held_at, now);
        }
        Outcome::Done
    }
}

/// What a wallet says, in the model's words: credits whose time is over are gone, whether or not a row says so yet.
pub(crate) fn credits_of(wallet: &Wallet, now: Timestamp) -> Credits {
    let lots = wallet.lots().iter().map(|lot| Parcel {
        remaining: lot.remaining.get(),
        held: lot.held.get(),
        own_end: lot.grace_since.unwrap_or(lot.expires_at),
        ..Parcel::of(lot.id, 0, lot.expires_at, lot.created_at)
    });
    let mut lots = Lots {
        parcels: lots.collect(),
        expired: wallet.expired().get(),
    };
    lots.expire(now);
    Credits {
        funds: Funds {
            available: wallet.available_at(now).get(),
            debt: wallet.debt().get(),
        },
        held: wallet.held().get(),
        used: wallet.used().get(),
        expired: lots.expired,
        granted: wallet.granted().get(),
        revoked: wallet.revoked().get(),
        lots: lots.parcels,
    }
}
