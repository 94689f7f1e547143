//! Projects and jobs of the model: their versions, holds and outputs.

use domain::job::{Job, JobOutcome, Step, StepState};
use domain::member::Spender;
use domain::outputs::{InputHash, Source};
use domain::project::Project;
use domain::{JobId, JobState, LotId, ProjectId, QuotaKind, Timestamp};
use store::{EndJob, JobRun};

use super::Model;
use crate::command::{Outcome, ended};

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModelProject {
    pub(crate) version: u64,
    pub(crate) active: Option<JobId>,
    pub(crate) name: String,
}

/// A job in its latest run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModelJob {
    pub(crate) run: u32,
    pub(crate) held: u64,
    pub(crate) state: JobState,
    pub(crate) step: StepState,
    /// What its ended run was charged.
    pub(crate) charged: Option<u64>,
    /// Hash of the voice that it makes.
    pub(crate) hash: InputHash,
    /// Whether the voice is in the job.
    pub(crate) is_noted: bool,
    project: ProjectId,
    held_at: Timestamp,
    legs: Vec<(LotId, u64)>,
    spender: Option<Spender>,
    max: Option<u64>,
    /// Name under which the run is in the log of short forms, when it composes a video.
    short_form: Option<String>,
}

impl Model {
    pub(super) fn create(&mut self, project: &Project) -> Outcome {
        if self.projects.contains_key(&project.id) {
            return Outcome::Already;
        }
        let known = ModelProject {
            version: project.version,
            active: None,
            name: project.name.clone(),
        };
        self.projects.insert(project.id, known);
        Outcome::Done
    }

    pub(super) fn edit(&mut self, read: &Project) -> Outcome {
        let Some(known) = self.projects.get_mut(&read.id) else {
            return Outcome::NotFound;
        };
        let next = read.version + 1;
        if known.active.is_none() && known.version == next && known.name == read.name {
            return Outcome::Already;
        }
        if known.active.is_some() {
            return Outcome::JobActive;
        }
        if known.version != read.version {
            return Outcome::Conflict;
        }
        known.version = next;
        known.name.clone_from(&read.name);
        Outcome::Done
    }

    pub(super) fn delete(&mut self, project: ProjectId) -> Outcome {
        match self.projects.get(&project) {
            None => Outcome::NotFound,
            Some(known) if known.active.is_some() => Outcome::JobActive,
            Some(_) => {
                self.projects.remove(&project);
                Outcome::Done
            }
        }
    }

    pub(super) fn open_jobs(&self) -> u64 {
        let open = self.jobs.values().filter(|job| job.state.is_open());
        u64::try_from(open.count()).unwrap_or(u64::MAX)
    }

    /// Why the job or the project does not allow this start.
    fn start_refusal(&self, job: &Job) -> Option<Outcome> {
        let Some(known) = self.projects.get(&job.project_id) else {
            return Some(Outcome::NotFound);
        };
        match self.jobs.get(&job.id) {
            Some(known) if known.run == job.run => return Some(Outcome::Already),
            Some(known) => {
                let is_next = known.run + 1 == job.run;
                let may = matches!(known.state, JobState::Failed | JobState::Cancelled);
                if !(is_next && may) {
                    return Some(Outcome::NotResumable(known.state));
                }
            }
            None if job.run > 1 => return Some(Outcome::NotFound),
            None => {}
        }
        known.active.map(|_| Outcome::JobActive)
    }

    pub(super) fn start(&mut self, job: &Job, now: Timestamp) -> Outcome {
        let held = job.held.get();
        let max = job.max_credits.map(domain::Credits::get);
        if max.is_some_and(|max| held > max) {
            return Outcome::AboveMax;
        }
        if let Some(start_refusal) = self.start_refusal(job) {
            return start_refusal;
        }
        if let Some(refusal) = self.cannot_hold(held, now) {
            return refusal;
        }
        let short_form = job.kind.runs(Step::Composition).then(|| job.execution_name());
        if let Some(refusal) = self.exceeds(short_form.as_deref(), now) {
            return refusal;
        }
        if !self.spend(job.spender, held, now) {
            return Outcome::OverBudget;
        }
        if let Some(run) = &short_form {
            self.quotas.add(QuotaKind::ShortForm, 1, ("job", run), now);
        }
        let legs = self.lots.hold(held);
        let known = ModelJob {
            run: job.run,
            held,
            state: JobState::Pending,
            step: StepState::Waiting,
            charged: None,
            hash: self.fixture.hash_of(job.id),
            is_noted: job.outputs.voice.is_some(),
            project: job.project_id,
            held_at: now,
            legs,
            spender: job.spender,
            max,
            short_form,
        };
        self.jobs.insert(job.id, known);
        if let Some(known) = self.projects.get_mut(&job.project_id) {
            known.active = Some(job.id);
            known.version += 1;
        }
        Outcome::Done
    }

    fn cannot_hold(&self, more: u64, now: Timestamp) -> Option<Outcome> {
        let available = self.lots.available_at(now);
        if self.debt > 0 {
            return Some(Outcome::InDebt(self.debt));
        }
        (available < more).then_some(Outcome::Insufficient(more, available))
    }

    /// Which limit keeps another job from starting.
    fn exceeds(&self, short_form: Option<&str>, now: Timestamp) -> Option<Outcome> {
        let short_form = short_form.map(|_run| QuotaKind::ShortForm);
        [QuotaKind::ConcurrentJobs]
            .into_iter()
            .chain(short_form)
            .chain([QuotaKind::ApiCostUsdMicros])
            .find_map(|kind| {
                let used = match kind {
                    QuotaKind::ConcurrentJobs => self.open_jobs(),
                    other => self.quotas.used(other, now),
                };
                let limit = self.quotas.limit(kind)?;
                (used + 1 > limit).then_some(Outcome::Exceeded(kind, limit, used, 1))
            })
    }

    /// Takes from the key's month; whether it fits.
    fn spend(&mut self, spender: Option<Spender>, credits: u64, held_at: Timestamp) -> bool {
        let Some(spender) = spender else {
            return true;
        };
        let spent = self.spent.entry((held_at.month(), spender.by)).or_default();
        let fits = spender
            .monthly_credits
            .is_none_or(|most| *spent + credits <= most.get());
        if fits {
            *spent += credits;
        }
        fits
    }

    pub(super) fn extend(&mut self, at: &JobRun, to: u64, now: Timestamp) -> Outcome {
        let Some(job) = self.jobs.get(&at.job_id).cloned() else {
            return Outcome::NotFound;
        };
        if job.run != at.run || !job.state.is_open() {
            return Outcome::JobEnded(job.state);
        }
        let more = to.saturating_sub(job.held);
        if more == 0 {
            return Outcome::Already;
        }
        if job.max.is_some_and(|max| to > max) {
            return Outcome::AboveMax;
        }
        if let Some(refusal) = self.cannot_hold(more, now) {
            return refusal;
        }
        if !self.spend(job.spender, more, job.held_at) {
            return Outcome::OverBudget;
        }
        let added = self.lots.hold(more);
        let order = self.lots.order();
        if let Some(job) = self.jobs.get_mut(&at.job_id) {
            job.held = to;
            let all = job.legs.iter().chain(&added);
            let sum = |lot: LotId| all.clone().filter(|leg| leg.0 == lot).map(|leg| leg.1).sum();
            let legs = order.into_iter().map(|lot| (lot, sum(lot)));
            job.legs = legs.filter(|(_, credits)| *credits > 0).collect();
        }
        Outcome::Done
    }

    fn in_run(&mut self, at: &JobRun, act: impl FnOnce(&mut ModelJob) -> Outcome) -> Outcome {
        match self.jobs.get_mut(&at.job_id) {
            None => Outcome::NotFound,
            Some(job) if job.run == at.run && job.state.is_open() => act(job),
            Some(job) => Outcome::JobEnded(job.state),
        }
    }

    pub(super) fn begin(&mut self, at: &JobRun) -> Outcome {
        self.in_run(at, |job| {
            if job.step == StepState::Done {
                return Outcome::Already;
            }
            job.step = StepState::Running;
            Outcome::Done
        })
    }

    pub(super) fn done(&mut self, at: &JobRun) -> Outcome {
        self.in_run(at, |job| {
            job.step = StepState::Done;
            Outcome::Done
        })
    }

    pub(super) fn note(&mut self, at: &JobRun) -> Outcome {
        let hash = self.fixture.hash_of(at.job_id);
        let is_stored = self.outputs.contains_key(&hash);
        self.in_run(at, |job| {
            job.is_noted = true;
            if is_stored {
                Outcome::Done
            } else {
                Outcome::Produced
            }
        })
    }

    /// Stores the output that a job makes; whether there was none.
    pub(crate) fn store_output(&mut self, at: &JobRun) -> bool {
        self.outputs
            .insert(self.fixture.hash_of(at.job_id), false)
            .is_none()
    }

    /// Whether the output that a job makes is stored.
    pub(crate) fn is_stored(&self, at: &JobRun) -> bool {
        self.outputs.contains_key(&self.fixture.hash_of(at.job_id))
    }

    /// Whether an end would charge for the job's output.
    pub(crate) fn charges(&self, end: &EndJob) -> bool {
        let is_noted = self.jobs.get(&end.job.id).is_some_and(|job| job.is_noted);
        let priced = end.job.outputs.voice.as_ref();
        let is_free = priced.is_some_and(|voice| voice.source == Source::AlreadyPaid);
        is_noted && !is_free && end.outcome == JobOutcome::Completed
    }

    pub(super) fn end(&mut self, end: &EndJob, pays: Option<bool>, now: Timestamp) -> Outcome {
        let pays = pays.unwrap_or_else(|| self.charges(end));
        let Some(job) = self.jobs.get_mut(&end.job.id) else {
            return Outcome::NotFound;
        };
        if job.run != end.job.run || !job.state.is_open() {
            return Outcome::Already;
        }
        if job.held != end.job.held.get() {
            return Outcome::HoldGrown;
        }
        let (state, charged) = ended(end);
        if charged > job.held {
            return Outcome::Corrupt;
        }
        if pays && self.outputs.insert(job.hash.clone(), true) == Some(true) {
            return Outcome::PaidMeanwhile;
        }
        job.state = state;
        job.charged = Some(charged);
        self.used += charged;
        if let Some(spender) = job.spender {
            let month = (job.held_at.month(), spender.by);
            let spent = self.spent.entry(month).or_default();
            *spent = spent.saturating_sub(job.held - charged);
        }
        let mut to_charge = charged;
        for (lot, credits) in job.legs.drain(..) {
            let part = to_charge.min(credits);
            to_charge -= part;
            self.lots.give_back(lot, (credits, part), job.held_at, now);
        }
        if let Some(known) = self.projects.get_mut(&job.project) {
            known.active = None;
            known.version += 1;
        }
        if state == JobState::Completed {
            self.quotas
                .day(now, "credits", i64::try_from(charged).unwrap_or(i64::MAX));
        } else if let Some(run) = &job.short_form {
            self.quotas.back(QuotaKind::ShortForm, ("job", run));
        }
        Outcome::Done
    }
}
