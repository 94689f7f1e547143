//! What happens next in a run: new commands, old ones again, late ones, and time that passes.

use domain::job::Job;
use domain::project::Project;
use store::{AssetRef, Consumption, UsedFor};

use crate::chance::Chance;
use crate::command::Command;
use crate::customer::{Customer, Setting};
use crate::model::Model;

mod consumption;
mod credits;
mod files;
mod stories;
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
    setting: &'a Setting,
    chance: Chance,
    /// What a life begins with, the last first.
    first: Vec<Event>,
    projects: Vec<Project>,
    jobs: Vec<Job>,
    sent: Vec<Command>,
    files: Vec<AssetRef>,
    grants: u64,
    claw_backs: u64,
    adjustments: u64,
    resources: u64,
}

impl<'a> Planner<'a> {
    /// A life begins with the account, its projects and its limits, and sometimes with a story.
    pub(crate) fn new(mut chance: Chance, setting: &'a Setting, customer: &mut Customer) -> Self {
        let mut planner = Self {
            setting,
            chance: chance.fork(),
            first: Vec::new(),
            projects: (0..PROJECTS)
                .map(|_| customer.project(&setting.settings))
                .collect(),
            jobs: Vec::new(),
            sent: Vec::new(),
            files: Vec::new(),
            grants: 0,
            claw_backs: 0,
            adjustments: 0,
            resources: 0,
        };
        let sign_up = planner.sign_up(customer);
        let made = planner.projects.iter().cloned().map(Box::new);
        let made: Vec<Command> = made.map(Command::Create).collect();
        let limit = planner.limit(customer.account);
        planner.sent.push(sign_up.clone());
        planner.sent.extend(made.iter().cloned());
        let story = planner.story(customer, &limit);
        let mut first = vec![vec![sign_up], made, vec![limit]];
        first.extend(story);
        planner.first = first.into_iter().rev().map(Event::Arrive).collect();
        planner
    }

    pub(crate) fn next(&mut self, customer: &mut Customer, model: &Model) -> Event {
        if let Some(event) = self.first.pop() {
            return event;
        }
        let more = match self.chance.below(100) {
            0..12 => return Event::Pass(self.hours() * HOUR_MS),
            12..40 => 1,
            40..52 => 2,
            _ => 0,
        };
        let mut commands = vec![self.command(customer, model)];
        // What happens once per key meets itself more often than anything else: a webhook that comes twice.
        let (more, again) = match commands.first() {
            Some(Command::Reverse(_) | Command::Reset(..)) if self.chance.percent(60) => (more.max(1), 70),
            _ => (more, 35),
        };
        for _ in 0..more {
            let again = commands.first().filter(|_| self.chance.percent(again)).cloned();
            commands.push(again.unwrap_or_else(|| self.companion(customer, model, &commands)));
        }
        // Which limits hold while another command is on its way, nobody can say.
        if let Some(alone) = commands.iter().position(|one| matches!(one, Command::Limit(..))) {
            return Event::Arrive(vec![commands.swap_remove(alone)]);
        }
        Event::Arrive(commands)
    }

    /// Hours that pass: often a part of a day, sometimes past the end of a gift, of a grace or of a purchase.
    fn hours(&mut self) -> i64 {
        let bound = *self.chance.pick(&[2, 80, 800, 9000]).unwrap_or(&1);
        i64::try_from(self.chance.below(bound)).unwrap_or(1)
    }

    /// What comes beside a command: often of the same family, so that they meet on one item.
    fn companion(&mut self, customer: &mut Customer, model: &Model, others: &[Command]) -> Command {
        match others.first() {
            Some(Command::Consume(_)) if self.chance.percent(60) => {
                if self.chance.percent(70) {
                    self.reach(customer, model)
                } else {
                    self.give_back(model)
                }
            }
            Some(Command::GiveBack(kind, _)) if self.chance.percent(40) => reset(customer, vec![*kind]),
            Some(Command::Consume(_) | Command::Note(_) | Command::GiveBack(..) | Command::Reset(..))
                if self.chance.percent(70) =>
            {
                self.consumption(customer, model)
            }
            Some(Command::Start(..) | Command::Restart(..)) if self.chance.percent(40) => {
                self.use_up(customer, model)
            }
            Some(Command::Happen(at, _) | Command::Discard(at)) if self.chance.percent(60) => {
                self.beside_a_file(customer, *at)
            }
            Some(Command::End(..)) if self.chance.percent(40) => self.end(customer, model),
            Some(Command::Edit(_) | Command::Delete(_) | Command::Start(..)) if self.chance.percent(30) => {
                self.project(model)
            }
            _ => self.command(customer, model),
        }
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
            0..22 => self.move_credits(customer),
            22..39 => self.start(customer),
            39..43 => self.extend(customer, model),
            43..54 => self.step(model),
            54..67 => self.end(customer, model),
            67..76 => self.restart(customer, model),
            76..85 => self.consumption(customer, model),
            85..91 => self.file(customer),
            91..97 => self.project(model),
            97 => self.limit(customer.stranger()),
            _ => self.limit(customer.account),
        }
    }

    /// One of so many, and one more: what has not come yet.
    fn number(&mut self, so_far: u64) -> u64 {
        1 + self.chance.below(so_far + 1)
    }

    /// Another name, or the end, for a project.
    fn project(&mut self, model: &Model) -> Command {
        let Some(project) = self.chance.pick(&self.projects).cloned() else {
            return Command::Sweep;
        };
        if self.chance.percent(15) {
            return Command::Delete(project.id);
        }
        if self.chance.percent(15) {
            return Command::Create(Box::new(project));
        }
        let version = model.projects.get(&project.id).map_or(1, |draft| draft.version);
        let name = format!("Bees {}", self.chance.below(1 << 32));
        Command::Edit(Box::new(Project {
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
