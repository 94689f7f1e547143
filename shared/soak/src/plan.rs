//! What happens next in a run: new commands, old ones again, late ones, and time that passes.

use domain::job::{Job, JobFailure};
use domain::project::Project;
use domain::receipt::{Receipt, ReceiptLine, Resource};
use domain::{Credits, ErrorCode, JobState};
use ledger::{Adjustment, Change, ClawBack, Grant, Origin, Reversal};
use store::{EndJob, JobEnding, JobRun};

use crate::chance::Chance;
use crate::command::Command;
use crate::customer::{Customer, voice_of};
use crate::model::{Model, Voice};

/// An hour, in milliseconds.
const HOUR_MS: i64 = 3_600_000;
/// Most credits of a grant, of a claw back or a correction, and of a hold.
const CREDITS: (u64, u64, u64) = (40, 50, 30);

/// What happens next.
#[derive(Debug)]
pub(crate) enum Event {
    /// So many milliseconds pass.
    Pass(i64),
    /// Commands arrive at once: one, two or three.
    Arrive(Vec<Command>),
}

/// Draws the events of a run.
#[derive(Debug)]
pub(crate) struct Planner {
    chance: Chance,
    projects: Vec<Project>,
    jobs: Vec<Job>,
    sent: Vec<Command>,
    grants: u64,
    claw_backs: u64,
    adjustments: u64,
}

impl Planner {
    pub(crate) const fn new(chance: Chance, projects: Vec<Project>) -> Self {
        Self {
            chance,
            projects,
            jobs: Vec::new(),
            sent: Vec::new(),
            grants: 0,
            claw_backs: 0,
            adjustments: 0,
        }
    }

    pub(crate) fn next(&mut self, customer: &mut Customer, model: &Model) -> Event {
        let more = match self.chance.below(100) {
            0..12 => return Event::Pass(self.hours() * HOUR_MS),
            12..38 => 1,
            38..46 => 2,
            _ => 0,
        };
        let mut commands = vec![self.command(customer, model)];
        for _ in 0..more {
            let again = commands.first().filter(|_| self.chance.percent(30)).cloned();
            commands.push(again.unwrap_or_else(|| self.command(customer, model)));
        }
        Event::Arrive(commands)
    }

    /// Hours that pass: often a part of a day, sometimes past the end of a gift, of a grace or of a purchase.
    fn hours(&mut self) -> i64 {
        let bound = *self.chance.pick(&[2, 80, 800, 9000]).unwrap_or(&1);
        i64::try_from(self.chance.below(bound)).unwrap_or(1)
    }

    /// An old command again or a new one; some new ones are only kept, to come late.
    fn command(&mut self, customer: &mut Customer, model: &Model) -> Command {
        if self.chance.percent(20)
            && let Some(old) = self.chance.pick(&self.sent)
        {
            return old.clone();
        }
        let new = self.new_command(customer, model);
        self.sent.push(new.clone());
        if self.chance.percent(8) {
            // Its delivery comes when it is drawn as an old one.
            let other = self.new_command(customer, model);
            self.sent.push(other.clone());
            return other;
        }
        new
    }

    fn new_command(&mut self, customer: &mut Customer, model: &Model) -> Command {
        match self.chance.below(100) {
            0..18 => return self.grant(customer),
            18..24 => return self.claw_back(customer),
            24..28 => return self.reverse(customer),
            28..32 => return self.adjust(customer),
            32..56 => {}
            56..70 => {
                if let Some(job) = self.job(model, JobState::is_open) {
                    let at = JobRun::from(&job);
                    return match self.chance.below(4) {
                        0 => Command::Begin(at),
                        1 => Command::Done(at),
                        _ => Command::Keep(at),
                    };
                }
            }
            70..91 => {
                if let Some(job) = self.job(model, JobState::is_open) {
                    return self.end(customer, job);
                }
            }
            _ => {
                if let Some(job) = self.job(model, |state| !state.is_open()) {
                    return self.restart(customer, model, job);
                }
            }
        }
        self.start(customer)
    }

    /// One of so many, and one more: what has not come yet.
    fn number(&mut self, so_far: u64) -> u64 {
        1 + self.chance.below(so_far + 1)
    }

    fn credits(&mut self, most: u64) -> Credits {
        Credits::new(1 + self.chance.below(most))
    }

    fn grant(&mut self, customer: &mut Customer) -> Command {
        self.grants += 1;
        let origins = [Origin::Gift, Origin::Subscription, Origin::Purchase];
        let origin = *self.chance.pick(&origins).unwrap_or(&Origin::Gift);
        Command::Grant(Grant {
            key: format!("invoice:{}", self.grants),
            lot_id: customer.lot_id(),
            transaction_id: customer.transaction_id(),
            origin,
            credits: self.credits(CREDITS.0),
            expires_at: customer.now.plus_days(origin.days()),
            note: None,
        })
    }

    fn claw_back(&mut self, customer: &mut Customer) -> Command {
        self.claw_backs += 1;
        let grant = self.number(self.grants);
        Command::ClawBack(ClawBack {
            key: format!("refund:{}", self.claw_backs),
            credits: self.credits(CREDITS.1),
            from_grant: self.chance.percent(80).then(|| format!("invoice:{grant}")),
            transaction_id: customer.transaction_id(),
            note: None,
        })
    }

    fn reverse(&mut self, customer: &mut Customer) -> Command {
        Command::Reverse(Reversal {
            key: format!("refund:{}", self.number(self.claw_backs)),
            lot_id: customer.lot_id(),
            transaction_id: customer.transaction_id(),
            expires_at: customer.now.plus_days(Origin::Refund.days()),
            note: None,
        })
    }

    fn adjust(&mut self, customer: &mut Customer) -> Command {
        self.adjustments += 1;
        let size = self.credits(CREDITS.1);
        Command::Adjust(Adjustment {
            key: format!("correction:{}", self.adjustments),
            change: if self.chance.percent(50) {
                Change::plus(size)
            } else {
                Change::minus(size)
            },
            lot_id: customer.lot_id(),
            transaction_id: customer.transaction_id(),
            expires_at: customer.now.plus_days(Origin::Adjustment.days()),
            note: "a correction".to_owned(),
        })
    }

    fn start(&mut self, customer: &mut Customer) -> Command {
        let held = self.credits(CREDITS.2).get();
        let project = self.chance.pick(&self.projects).expect("a run has projects");
        let job = customer.job(project, held);
        self.jobs.push(job.clone());
        Command::Start(Box::new(job), customer.transaction_id())
    }

    fn restart(&mut self, customer: &mut Customer, model: &Model, job: Job) -> Command {
        let known = model.jobs.get(&job.id);
        let mut next = Job {
            run: job.run + 1,
            held: self.credits(CREDITS.2),
            ..job
        };
        next.outputs.voice = known
            .is_some_and(|job| job.voice != Voice::Missing)
            .then(|| voice_of(next.id));
        Command::Restart(Box::new(next), customer.transaction_id())
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
        let from = if self.chance.percent(90) && !some.is_empty() {
            &some
        } else {
            &self.jobs
        };
        let mut job = self.chance.pick(from)?.clone();
        if let Some(known) = model.jobs.get(&job.id) {
            job.run = known.run;
            job.held = Credits::new(known.held);
        }
        Some(job)
    }

    fn end(&mut self, customer: &mut Customer, job: Job) -> Command {
        let held = job.held.get();
        let ending = match self.chance.below(10) {
            0..3 => JobEnding::Failed {
                failure: JobFailure {
                    code: ErrorCode::VoiceEngineFailed,
                    step: None,
                    message: "The voice engine did not run.".to_owned(),
                },
                receipt: receipt(held, 0),
            },
            3..5 => JobEnding::Cancelled {
                receipt: receipt(held, 0),
            },
            kind => {
                // One in ten charges more than was held.
                let charged = if kind == 9 {
                    held + 1
                } else {
                    self.chance.below(held + 1)
                };
                JobEnding::Completed {
                    receipt: receipt(held, charged),
                    outputs: job.outputs.clone(),
                }
            }
        };
        Command::End(Box::new(EndJob { job, ending }), customer.transaction_id())
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
            unit_credits: Credits::new(1),
            charged: Credits::new(charged),
            not_charged: None,
        }],
    }
}
