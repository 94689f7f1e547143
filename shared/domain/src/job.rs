//! A job: one paid run of the pipeline, from the hold to its settlement or release.
//!
//! # Transitions
//!
//! | from | event | to |
//! |---|---|---|
//! | `Pending` | `Begin` | `Processing` |
//! | `Pending`, `Processing` | `Complete` | `Completed` |
//! | `Pending`, `Processing` | `Fail` | `Failed` |
//! | `Pending`, `Processing` | `Cancel` | `Cancelled` |
//! | `Failed`, `Cancelled` | `Resume` | `Pending`, with the next run number and a new hold |
//!
//! `Begin` on `Processing` is a repeat and changes nothing; every other pair is refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::execution::Machine;
use crate::member::Spender;
use crate::outputs::Outputs;
use crate::receipt::{QuoteLine, Receipt};
use crate::settings::Settings;
use crate::{AccountId, Credits, ErrorCode, JobId, ProjectId, Timestamp, TransactionId};

mod status;

pub use status::JobStatus;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Credits are held; the machine has not begun.
    Pending,
    /// A step has begun.
    Processing,
    /// Delivered and settled.
    Completed,
    /// Ended without delivery; the hold is released.
    Failed,
    /// Ended by the customer; the hold is released.
    Cancelled,
}

/// What can happen to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobEvent {
    /// The first step started.
    Begin,
    /// All asked steps were delivered.
    Complete,
    /// A step failed for good, or time ran out.
    Fail,
    /// The customer asked to stop.
    Cancel,
    /// The customer asked to try again.
    Resume,
}

/// How a run of a job ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobOutcome {
    /// All asked steps were delivered: the hold is charged as the receipt says.
    Completed,
    /// A step failed for good, or time ran out: the hold is released.
    Failed(JobFailure),
    /// The customer asked to stop: the hold is released.
    Cancelled,
}

impl JobOutcome {
    /// The event that ends the run so.
    pub const fn event(&self) -> JobEvent {
        match self {
            Self::Completed => JobEvent::Complete,
            Self::Failed(_) => JobEvent::Fail,
            Self::Cancelled => JobEvent::Cancel,
        }
    }

    /// Why it failed, if it did.
    pub const fn failure(&self) -> Option<&JobFailure> {
        match self {
            Self::Failed(failure) => Some(failure),
            Self::Completed | Self::Cancelled => None,
        }
    }
}

/// A job that cannot do that now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a job that is {from:?} cannot {event:?}")]
pub struct TransitionError {
    /// State it is in.
    pub from: JobState,
    /// What was asked.
    pub event: JobEvent,
}

impl JobState {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Processing,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// Whether credits are held.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Processing)
    }

    /// The state after `event`.
    ///
    /// # Errors
    /// [`TransitionError`] for every pair that the table above does not name.
    pub const fn after(self, event: JobEvent) -> Result<Self, TransitionError> {
        match (self, event) {
            (Self::Pending | Self::Processing, JobEvent::Begin) => Ok(Self::Processing),
            (Self::Pending | Self::Processing, JobEvent::Complete) => Ok(Self::Completed),
            (Self::Pending | Self::Processing, JobEvent::Fail) => Ok(Self::Failed),
            (Self::Pending | Self::Processing, JobEvent::Cancel) => Ok(Self::Cancelled),
            (Self::Failed | Self::Cancelled, JobEvent::Resume) => Ok(Self::Pending),
            (from, event) => Err(TransitionError { from, event }),
        }
    }

    /// The word on the wire; a cancelled job is `failed` there, with the error code `job_cancelled`.
    pub const fn as_status(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed | Self::Cancelled => "failed",
        }
    }
}

/// A stage of the pipeline that a customer sees and pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Keyword to script.
    Script,
    /// Script to images.
    Images,
    /// Script to voice.
    Voice,
    /// All of it to a video.
    Composition,
}

impl Step {
    /// In the order a customer sees them.
    pub const ALL: [Self; 4] = [Self::Script, Self::Images, Self::Voice, Self::Composition];

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Images => "images",
            Self::Voice => "voice",
            Self::Composition => "composition",
        }
    }
}

/// Which call started the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum JobKind {
    /// Everything from the keyword.
    GenerateAll,
    /// The script only.
    GenerateScript,
    /// Images for the project's script.
    GenerateImages,
    /// Voice for the project's script.
    GenerateVoice,
    /// A video from the project's script, images and voice.
    ComposeVideo,
}

impl JobKind {
    /// The steps it runs.
    pub const fn steps(self) -> &'static [Step] {
        match self {
            Self::GenerateAll => &Step::ALL,
            Self::GenerateScript => &[Step::Script],
            Self::GenerateImages => &[Step::Images],
            Self::GenerateVoice => &[Step::Voice],
            Self::ComposeVideo => &[Step::Composition],
        }
    }

    /// Whether it runs `step`.
    pub fn runs(self, step: Step) -> bool {
        self.steps().contains(&step)
    }
}

/// The model that a step calls: chosen when its job starts, and the same in all the job's runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JobModel {
    /// Provider, as in the catalogue.
    pub provider: String,
    /// The provider's name or version of the model.
    pub model: String,
}

/// The chosen model of each step that calls a provider.
pub type JobModels = BTreeMap<Step, JobModel>;

/// Where one step stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not begun.
    #[default]
    Waiting,
    /// It began and has not ended.
    Running,
    /// Its output is stored.
    Done,
    /// It had begun, and the job failed in it. Never stored: see [`Job::told_steps`].
    Failed,
    /// It had begun when the job was cancelled, or failed in another step. Never stored.
    Cancelled,
}

/// A step's place in time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepProgress {
    /// Where it stands.
    pub state: StepState,
    /// First begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// Why a job ended without delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFailure {
    /// Stable code.
    pub code: ErrorCode,
    /// Step that failed, when one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// Public sentence.
    pub message: String,
}

/// One paid run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Id; also the name of the first execution.
    pub id: JobId,
    /// Account that owns the job.
    pub account_id: AccountId,
    /// Project it works for.
    pub project_id: ProjectId,
    /// Which call started it.
    pub kind: JobKind,
    /// 1 for the first run, one more for each resume.
    pub run: u32,
    /// Where it stands.
    pub state: JobState,
    /// The project's settings when the job started; later edits do not reach a running job.
    pub settings: Settings,
    /// Credits held for this run; the most it may charge.
    pub held: Credits,
    /// What the hold of this run was made of, line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quoted: Vec<QuoteLine>,
    /// The most that the customer lets it hold, in any of its runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_credits: Option<Credits>,
    /// Whether the customer let it replace a script of their own, in all its runs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rewrite_script: bool,
    /// Whose budget this run is counted on, besides the account's wallet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spender: Option<Spender>,
    /// History row of this run's hold: a repeat of the call that began the run knows its own run by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_row: Option<TransactionId>,
    /// What the project had when the job started, for the steps that it does not run.
    #[serde(default)]
    pub inputs: Outputs,
    /// What this job has made so far, over all its runs.
    #[serde(default)]
    pub outputs: Outputs,
    /// The models that its steps call. A job without one for a step is older than the choice and calls `local`.
    #[serde(default, skip_serializing_if = "JobModels::is_empty")]
    pub models: JobModels,
    /// Progress by step; only the steps of its kind.
    pub steps: BTreeMap<Step, StepProgress>,
    /// Set when it ended without delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<JobFailure>,
    /// Set when it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// When the customer asked.
    pub created_at: Timestamp,
    /// When the first step of this run began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

impl Job {
    /// Name of the run's execution: a repeated start of the same run is the same execution.
    ///
    /// # Limits
    /// 80 characters of letters, digits, `-` and `_` (Step Functions).
    pub fn execution_name(&self) -> String {
        if self.run <= 1 {
            self.id.to_string()
        } else {
            format!("{}-r{}", self.id, self.run)
        }
    }

    /// The machine that runs it.
    pub const fn machine(&self) -> Machine {
        match self.kind {
            JobKind::GenerateAll
            | JobKind::GenerateScript
            | JobKind::GenerateImages
            | JobKind::GenerateVoice
            | JobKind::ComposeVideo => Machine::Shortform,
        }
    }

    /// The script that this job works from.
    pub fn script(&self) -> Option<&crate::script::Script> {
        self.outputs
            .script
            .as_ref()
            .or(self.inputs.script.as_ref())
            .map(|made| &made.value)
    }

    /// Progress 0 to 100: the done steps in equal shares, images counted one by one.
    pub fn progress(&self) -> u32 {
        if self.state == JobState::Completed {
            return 100;
        }
        let share = 100_u32
            .checked_div(u32::try_from(self.steps.len()).unwrap_or(1))
            .unwrap_or(100);
        let scenes = self.script().map_or(0, crate::script::Script::scenes);
        let sum: u32 = self
            .steps
            .iter()
            .map(|(step, progress)| match (progress.state, step) {
                (StepState::Done, _) => share,
                (StepState::Running, Step::Images) => {
                    let made = u32::try_from(self.outputs.images.len()).unwrap_or(0).min(scenes);
                    share.saturating_mul(made).checked_div(scenes).unwrap_or(0)
                }
                (StepState::Running | StepState::Waiting | StepState::Failed | StepState::Cancelled, _) => 0,
            })
            .sum();
        // 100 is said only when the video is paid and delivered.
        sum.min(99)
    }

    /// Each step as it is told: what ran when the job ended without delivery has ended with it.
    pub fn told_steps(&self) -> BTreeMap<Step, StepProgress> {
        let told = |(step, progress): (&Step, &StepProgress)| (*step, self.told(*step, *progress));
        self.steps.iter().map(told).collect()
    }

    fn told(&self, step: Step, progress: StepProgress) -> StepProgress {
        let failed_in = self.failure.as_ref().and_then(|failure| failure.step);
        let state = match (self.state, progress.state) {
            (JobState::Cancelled, StepState::Running) => StepState::Cancelled,
            (JobState::Failed, StepState::Running) if failed_in.is_some_and(|failed| failed != step) => {
                StepState::Cancelled
            }
            (JobState::Failed, StepState::Running) => StepState::Failed,
            (_, state) => return StepProgress { state, ..progress },
        };
        StepProgress {
            state,
            ended_at: self.ended_at,
            ..progress
        }
    }

    /// The first step that is not done, in the customer's order; none once the job has ended.
    pub fn current_step(&self) -> Option<Step> {
        if !self.state.is_open() {
            return None;
        }
        self.steps
            .iter()
            .find(|(_, progress)| progress.state != StepState::Done)
            .map(|(step, _)| *step)
    }
}

#[cfg(test)]
mod tests;
