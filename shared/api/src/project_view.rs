//! A project on the wire, as lists and single answers show it.

use domain::project::{Project, ProjectStatus};
use domain::settings::{Aspect, Brand, Keyword, Language, Settings, Template, Tone};
use domain::{Credits, JobId, ProjectId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// A project without its results.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectView {
    /// Unique id of the project.
    #[schema(value_type = String, example = "prj_01J0000000000000000000000A")]
    id: ProjectId,
    /// Name of the project, as its owner wrote it.
    name: String,
    /// Where it stands.
    status: ProjectStatus,
    /// What is wanted.
    settings: SettingsView,
    /// The job that works on it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "job_01J0000000000000000000000A")]
    active_job_id: Option<JobId>,
    /// The job that works on it or did so last, however it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "job_01J0000000000000000000000A")]
    last_job_id: Option<JobId>,
    /// Credits charged for it so far.
    generation_cost: Credits,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// Settings, with every default filled in; the same fields as in a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingsView {
    /// Topic of the video.
    keyword: Keyword,
    /// Tone of the script.
    tone: Tone,
    /// Language of script, voice and captions.
    language: Language,
    /// Seconds, 5 to 180.
    duration_s: u32,
    /// Shape of the image.
    aspect: Aspect,
    /// Voice; absent for the language's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    voice_id: Option<String>,
    /// Speech speed, 0.5 to 2.0.
    speed: f64,
    /// Look of the composed video.
    template: Template,
    /// How the brand looks and speaks.
    brand: Brand,
}

impl From<Project> for ProjectView {
    fn from(project: Project) -> Self {
        Self {
            id: project.id,
            name: project.name,
            status: project.status,
            settings: project.settings.into(),
            active_job_id: project.active_job,
            last_job_id: project.last_job,
            generation_cost: project.generation_cost,
            created_at: project.created_at,
            updated_at: project.updated_at,
        }
    }
}

impl From<Settings> for SettingsView {
    fn from(settings: Settings) -> Self {
        Self {
            keyword: settings.keyword,
            tone: settings.tone,
            language: settings.language,
            duration_s: settings.duration_s,
            aspect: settings.aspect,
            voice_id: settings.voice_id,
            speed: f64::from(settings.speed_percent) / 100.0,
            template: settings.template,
            brand: settings.brand,
        }
    }
}
