//! A project: settings, the results a person may edit between steps, and the finished video.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::outputs::Outputs;
use crate::settings::Settings;
use crate::{AccountId, Credits, JobId, ProjectId, Timestamp};

/// Longest name, in characters.
pub const NAME_CHARS_MAX: usize = 120;

/// Where a project stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProjectStatus {
    /// Being set up; results of single steps may be there.
    Draft,
    /// A job works on it.
    Processing,
    /// It has a finished video.
    Ready,
    /// Its last job failed; what it had before is still there.
    Failed,
    /// Published on a channel.
    Published,
}

/// A video being made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Unique id of the project.
    pub id: ProjectId,
    /// Account that owns the project.
    pub account_id: AccountId,
    /// Name, 1 to [`NAME_CHARS_MAX`] characters.
    pub name: String,
    /// Where it stands.
    pub status: ProjectStatus,
    /// What is wanted.
    pub settings: Settings,
    /// What has been made.
    #[serde(default)]
    pub outputs: Outputs,
    /// The job that works on it now; at most one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_job: Option<JobId>,
    /// Credits charged for it so far.
    #[serde(default)]
    pub generation_cost: Credits,
    /// Counts the changes; a write names the version it read.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
