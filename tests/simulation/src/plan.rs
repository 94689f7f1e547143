//! What happens next in a run: new commands, old ones again, late ones, and time that passes.

use domain::job::Job;
use domain::project::Project;
use store::{AssetRef, Consumption, UsedFor};

use crate::command::Command;
use crate::customer::{Customer, Fixture};
use crate::model::Model;
use crate::rng::Rng;

mod assets;
mod consumption;
mod credits;
mod scenarios;
mod work;

use consumption::reset;

pub(crate) use work::receipt;

/// An hour, in milliseconds.
const HOUR_MS: i64 = 3_600_000;
/// Projects of an account: few, so that jobs meet on one.
const PROJECTS: usize = 2;

/// What happens next.
#[derive(Debug)]
pub(crate) enum Event {
    /// So many milliseconds pass.
    Pass(i64),
    /// Commands arrive at once: one, two or three.
    Arrive(Vec<Command>),
}

/// Draws the events of a run.
pub(crate) struct Planner<'a> {
    fixture: &'a Fixture,
    rng: Rng,
    /// What a history begins with, the last first.
    first: Vec<Event>,
    projects: Vec<Project>,
    jobs: Vec<Job>,
    sent: Vec<Command>,
    assets: Vec<AssetRef>,
    grants: u64,
    claw_backs: u64,
    adjustments: u64,
    resources: u64,
}

impl<'a> Planner<'a> {
    /// A history begins with the account, its projects and its limits, and sometimes with a scenario.
    pub(crate) fn new(mut rng: Rng, fixture: &'a Fixture, customer: &mut Customer) -> Self {
        let mut planner = Self {
            fixture,
            rng: rng.fork(),
            first: Vec::new(),
            projects: (0..PROJECTS)
                .map(|_| customer.project(&fixture.settings))
                .collect(),
            jobs: Vec::new(),
            sent: Vec::new(),
            assets: Vec::new(),
            grants: 0,
            claw_backs: 0,
            adjustments: 0,
            resources: 0,
        };
        let sign_up = planner.sign_up(customer);
        let made = planner.projects.iter().cloned().map(Box::new);
        let made: Vec<Command> = made.map(Command::CreateProject).collect();
        let limit = planner.limit(customer.account);
        planner.sent.push(sign_up.clone());
        planner.sent.extend(made.iter().cloned());
        let scenario = planner.scenario(customer, &limit);
        let mut first = vec![vec![sign_up], made, vec![limit]];
        first.extend(scenario);
        planner.first = first.into_iter().rev().map(Event::Arrive).collect();
        planner
    }

    pub(crate) fn next(&mut self, customer: &mut Customer, model: &Model) -> Event {
        if let Some(event) = self.first.pop() {
            return event;
        }
        let more = match self.rng.below(100) {
            0..12 => return Event::Pass(self.hours() * HOUR_MS),
            12..40 => 1,
            40..52 => 2,
            _ => 0,
        };
        let mut commands = vec![self.command(customer, model)];
        // What happens once per key meets itself more often than anything else: a webhook that comes twice.
        let (more, again) = match commands.first() {
            Some(Command::Reverse(_) | Command::Reset(..)) if self.rng.percent(60) => (more.max(1), 70),
            _ => (more, 35),
        };
        for _ in 0..more {
            let again = commands.first().filter(|_| self.rng.percent(again)).cloned();
            commands.push(again.unwrap_or_else(|| self.companion(customer, model, &commands)));
        }
        // Which limits hold while another command is on its way, nobody can say.
        if let Some(alone) = commands
            .iter()
            .position(|one| matches!(one, Command::SetLimits(..)))
        {
            return Event::Arrive(vec![commands.swap_remove(alone)]);
        }
        Event::Arrive(commands)
    }

    /// Hours that pass: often a part of a day, sometimes past the end of a gift, of a grace or of a purchase.
    fn hours(&mut self) -> i64 {
        let bound = *self.rng.pick(&[2, 80, 800, 9000]).unwrap_or(&1);
        i64::try_from(self.rng.below(bound)).unwrap_or(1)
    }

    /// What comes beside a command: often of the same family, so that they meet on one item.
    fn companion(&mut self, customer: &mut Customer, model: &Model, others: &[Command]) -> Command {
        match others.first() {
            Some(Command::Consume(_)) if self.rng.percent(60) => {
                if self.rng.percent(70) {
                    self.reach(customer, model)
                } else {
                    self.give_back(model)
                }
            }
            Some(Command::GiveBack(kind, _)) if self.rng.percent(40) => reset(customer, vec![*kind]),
            Some(Command::Consume(_) | Command::NoteUse(_) | Command::GiveBack(..) | Command::Reset(..))
                if self.rng.percent(70) =>
            {
                self.consumption(customer, model)
            }
            Some(Command::Start(..) | Command::Restart(..)) if self.rng.percent(40) => {
                self.use_up(customer, model)
            }
            Some(Command::MoveAsset(at, _) | Command::DeleteAsset(at)) if self.rng.percent(60) => {
                self.beside_an_asset(customer, *at)
            }
            Some(Command::End(..)) if self.rng.percent(40) => self.end(customer, model),
            Some(Command::EditProject(_) | Command::DeleteProject(_) | Command::Start(..))
                if self.rng.percent(30) =>
            {
                self.project(model)
            }
            _ => self.command(customer, model),
        }
    }

    /// An old command again or a new one; some new ones are set aside, to come late.
    fn command(&mut self, customer: &mut Customer, model: &Model) -> Command {
        if self.rng.percent(20)
            && let Some(old) = self.rng.pick(&self.sent)
        {
            return old.clone();
        }
        let new = self.new_command(customer, model);
        self.sent.push(new.clone());
        if self.rng.percent(8) {
            // Its delivery comes when it is drawn as an old one.
            let other = self.new_command(customer, model);
            self.sent.push(other.clone());
            return other;
        }
        new
    }

    fn new_command(&mut self, customer: &mut Customer, model: &Model) -> Command {
        match self.rng.below(100) {
            0..22 => self.move_credits(customer),
            22..39 => self.start(customer),
            39..43 => self.extend(customer, model),
            43..54 => self.step(model),
            54..67 => self.end(customer, model),
            67..76 => self.restart(customer, model),
            76..85 => self.consumption(customer, model),
            85..91 => self.asset(customer),
            91..97 => self.project(model),
            97 => self.limit(customer.stranger()),
            _ => self.limit(customer.account),
        }
    }

    /// One of so many, and one more: what has not come yet.
    fn number(&mut self, so_far: u64) -> u64 {
        1 + self.rng.below(so_far + 1)
    }

    /// Another name, or the end, for a project.
    fn project(&mut self, model: &Model) -> Command {
        let Some(project) = self.rng.pick(&self.projects).cloned() else {
            return Command::ExpireCredits;
        };
        if self.rng.percent(15) {
            return Command::DeleteProject(project.id);
        }
        if self.rng.percent(15) {
            return Command::CreateProject(Box::new(project));
        }
        let version = model.projects.get(&project.id).map_or(1, |known| known.version);
        let name = format!("Bees {}", self.rng.below(1 << 32));
        Command::EditProject(Box::new(Project {
            name,
            version,
            ..project
        }))
    }
}

/// Something to be consumed for a resource.
fn consumption(kind: domain::QuotaKind, quantity: u64, (resource, number): (&str, u64)) -> Consumption {
    Consumption {
        kind,
        quantity,
        // Of equal length: none begins with another.
        used_for: UsedFor::new(resource, format!("{resource}{number:03}")),
    }
}
