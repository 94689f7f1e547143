//! What an execution of the state machine begins with: ids and which steps to run, never a payload.

use serde::{Deserialize, Serialize};

use crate::job::Step;
use crate::{AccountId, Job, JobId, ProjectId};

/// A state machine, by the name of its file in `statemachines/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Machine {
    /// Keyword to video.
    Shortform,
}

impl Machine {
    /// Its name after the stack's prefix.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shortform => "shortform",
        }
    }
}

/// The input of an execution; the same for every start of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a Choice state reads one Boolean variable per step"
)]
pub struct ExecutionInput {
    /// Account that owns the job.
    pub account_id: AccountId,
    /// Id of the project.
    pub project_id: ProjectId,
    /// Id of the job.
    pub job_id: JobId,
    /// Run of the job; a step of an older run answers `job_ended`.
    pub run: u32,
    /// Whether to write a script.
    pub script: bool,
    /// Whether to make images.
    pub images: bool,
    /// Whether to speak.
    pub voice: bool,
    /// Whether to compose.
    pub composition: bool,
    /// Scenes of the script that is there already, from 0; `write-script` answers with them otherwise.
    pub scenes: Vec<u32>,
}

impl ExecutionInput {
    /// The input of the job's present run.
    pub fn of(job: &Job) -> Self {
        let scenes = job.script().map_or(0, crate::script::Script::scenes);
        Self {
            account_id: job.account_id,
            project_id: job.project_id,
            job_id: job.id,
            run: job.run,
            script: job.kind.runs(Step::Script),
            images: job.kind.runs(Step::Images),
            voice: job.kind.runs(Step::Voice),
            composition: job.kind.runs(Step::Composition),
            scenes: (0..scenes).collect(),
        }
    }
}
