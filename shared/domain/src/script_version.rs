//! Versions of a project's script: whatever replaces a script keeps the one before.

use serde::{Deserialize, Serialize};

use crate::outputs::Produced;
use crate::script::Script;
use crate::settings::Language;
use crate::{ProjectId, Timestamp};

/// Versions that are kept of a project's script, the newest: as many as a day's editing makes, and at most 4 MB.
pub const SCRIPT_VERSIONS_MAX: u32 = 20;

/// A version of a project's script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptVersion {
    /// Project that has it.
    pub project_id: ProjectId,
    /// Which version it is, and since when.
    pub mark: ScriptMark,
    /// The script, and who made it.
    pub made: Produced<Script>,
}

/// Which version of its script a project has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptMark {
    /// Counted from 1; it only rises.
    pub version: u32,
    /// Language that it was written for; none of a script that is older than the count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// When the project got it.
    pub made_at: Timestamp,
}
