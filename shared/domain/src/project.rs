//! A project: settings, the results a person may edit between steps, and the finished video.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::outputs::{Outputs, Produced};
use crate::script::Script;
use crate::script_version::{ScriptMark, ScriptVersion};
use crate::settings::{Language, Settings};
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
    /// The job that works on it or did so last, however it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_job: Option<JobId>,
    /// Which version of its script it has; none without a script, and of a script from before versions were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script_mark: Option<ScriptMark>,
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

impl Project {
    /// The version of the script that it has; a script from before versions were counted is the first.
    pub fn script_version(&self) -> Option<ScriptVersion> {
        let made = self.outputs.script.clone()?;
        let uncounted = ScriptMark {
            version: 1,
            language: None,
            made_at: self.updated_at,
        };
        Some(ScriptVersion {
            project_id: self.id,
            mark: self.script_mark.unwrap_or(uncounted),
            made,
        })
    }

    /// Gives it a script that was written for this language; answers with the versions that have to be stored with it.
    ///
    /// # Promises
    /// The same words by the same author are no new version.
    pub fn take_script(
        &mut self,
        made: Produced<Script>,
        language: Option<Language>,
        now: Timestamp,
    ) -> Vec<ScriptVersion> {
        let before = self.script_version();
        let is_counted = self.script_mark.is_some();
        let mark = match &before {
            Some(before) if before.made.value == made.value && before.made.provider == made.provider => {
                ScriptMark {
                    language,
                    ..before.mark
                }
            }
            before => ScriptMark {
                version: before
                    .as_ref()
                    .map_or(1, |before| before.mark.version.saturating_add(1)),
                language,
                made_at: now,
            },
        };
        self.script_mark = Some(mark);
        self.outputs.script = Some(made);
        let uncounted = before.filter(|before| !is_counted && before.mark.version != mark.version);
        uncounted.into_iter().chain(self.script_version()).collect()
    }
}

#[cfg(test)]
mod tests;
