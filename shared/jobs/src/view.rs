//! The generation routes' answer about a job that they started.

use domain::job::{Job, JobKind, JobStatus};
use domain::{Credits, JobId, ProjectId};
use serde::Serialize;
use utoipa::ToSchema;

/// A job that was taken on; its progress is at `generation-status/{job_id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AcceptedJob {
    /// Id of the job.
    #[schema(value_type = String, example = "job_01KAJ3V5T0M4W8Q2Z6X1C9B7N5")]
    pub job_id: JobId,
    /// Project that the job works on.
    #[schema(value_type = String, example = "prj_01KAJ3V5T0M4W8Q2Z6X1C9B7N5")]
    pub project_id: ProjectId,
    /// What it makes.
    pub kind: JobKind,
    /// 1, and one more for each resume.
    pub run: u32,
    /// `pending`, or where a repeated call finds it.
    pub status: JobStatus,
    /// Credits set aside: the most it may charge.
    pub held: Credits,
    /// The most that the customer lets it hold; absent when nothing was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_credits: Option<Credits>,
}

impl AcceptedJob {
    /// The view of a job.
    pub fn of(job: &Job) -> Self {
        Self {
            job_id: job.id,
            project_id: job.project_id,
            kind: job.kind,
            run: job.run,
            status: job.state.into(),
            held: job.held,
            max_credits: job.max_credits,
        }
    }
}
