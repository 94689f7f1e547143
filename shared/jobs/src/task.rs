//! What the state machine hands to a step: ids only.

use domain::{AccountId, JobId, ProjectId};
use serde::{Deserialize, Serialize};

/// The input of every task of `statemachines/shortform.asl.json`.
///
/// # Shape
/// `events/write-script/first-run.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Account that owns the job.
    pub account_id: AccountId,
    /// Project the job works for.
    pub project_id: ProjectId,
    /// Job that the task works for.
    pub job_id: JobId,
    /// Run of the job that this execution belongs to.
    pub run: u32,
    /// Whether what this step made before did not pass: it is made anew, whatever is stored.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

/// A task about one scene.
///
/// # Shape
/// `events/render-image/first-scene.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SceneTask {
    /// The run of a job that the task works for.
    #[serde(flatten)]
    pub task: Task,
    /// Scene, from 0.
    pub scene: u32,
}

/// A task about one part of a long video.
///
/// # Shape
/// `events/render-chunk/first-chunk.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkTask {
    /// The run of a job that the task works for.
    #[serde(flatten)]
    pub task: Task,
    /// Chunk, from 0.
    pub chunk: u32,
}

/// An error as Step Functions hands it to a Catch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StateError {
    /// Name: one of our codes, or one of AWS.
    pub error: String,
    /// Text; the JSON of a function's error when a function failed.
    #[serde(default)]
    pub cause: String,
}

/// A task about a failure.
///
/// # Shape
/// `events/fail-job/timed-out.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailTask {
    /// The run of a job that the task works for.
    #[serde(flatten)]
    pub task: Task,
    /// What went wrong.
    pub error: StateError,
}
