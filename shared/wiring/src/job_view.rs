//! A job as its owner sees it: alone with its results, and in a list.

use std::collections::BTreeMap;

use domain::job::{Job, JobKind, JobState, JobStatus, Step, StepProgress, StepState};
use domain::media::Media;
use domain::outputs::{MediaKey, Video};
use domain::ports::{LINK_S, Objects};
use domain::{Credits, ErrorCode, Failure, JobId, ProjectId, Timestamp};
use objects::keys;
use serde::Serialize;
use utoipa::ToSchema;

/// A job.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobView {
    /// The job.
    #[schema(value_type = String)]
    job_id: JobId,
    /// Its project.
    #[schema(value_type = String)]
    project_id: ProjectId,
    /// What it makes.
    kind: JobKind,
    /// 1, and one more for each resume.
    run: u32,
    /// `pending|processing|completed|failed`; a cancelled job is `failed` with the code `job_cancelled`.
    status: JobStatus,
    /// 0 to 100; 100 only when it is delivered and paid.
    progress: u32,
    /// The first step that is not done; null once the job has ended.
    current_step: Option<Step>,
    /// Each step of the job.
    steps: BTreeMap<&'static str, StepView>,
    /// The video, once it is completed and made one.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<JobResult>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<JobError>,
    /// What the check of the finished video measured, rule by rule, for an hour: JSON with `passed` and `findings`
    /// of `code`, `ok`, `measured`, `wanted`. It is there for a delivered video and for `quality_check_failed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    check_url: Option<String>,
    /// What it held and charged.
    receipt: ReceiptView,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

/// A step.
#[derive(Debug, Serialize, ToSchema)]
struct StepView {
    /// Where it stands.
    state: StepState,
    /// First begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

/// The finished video.
#[derive(Debug, Serialize, ToSchema)]
struct JobResult {
    /// MP4, for an hour.
    video_url: String,
    /// JPEG, for an hour.
    thumbnail_url: String,
    /// Seconds, to the millisecond.
    duration_s: f64,
    /// Width in pixels.
    width: u32,
    /// Height in pixels.
    height: u32,
    /// Size of the file in bytes.
    size_bytes: u64,
}

/// Why a job failed.
#[derive(Debug, Serialize, ToSchema)]
struct JobError {
    /// A code of the error catalogue.
    #[schema(value_type = String)]
    code: ErrorCode,
    /// A sentence for people.
    message: String,
    /// Step that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<Step>,
}

/// The receipt; while the job is open only what is held says something.
#[derive(Debug, Serialize, ToSchema)]
struct ReceiptView {
    /// Credits that its latest run set aside: the same as `held_at_start`.
    held: Credits,
    /// Credits that its latest run set aside: the most that it may cost.
    held_at_start: Credits,
    /// Credits that it holds now; none once it has ended.
    held_now: Credits,
    /// The most that the customer lets it hold; absent when nothing was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_credits: Option<Credits>,
    /// Credits charged; none while the job is open.
    charged: Option<Credits>,
    /// Credits given back; none while the job is open.
    released: Option<Credits>,
    /// Line by line, also those that cost nothing and why.
    lines: Vec<domain::receipt::ReceiptLine>,
}

/// A job in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobSummary {
    /// The job.
    #[schema(value_type = String)]
    job_id: JobId,
    /// Its project.
    #[schema(value_type = String)]
    project_id: ProjectId,
    /// What it makes.
    kind: JobKind,
    /// 1, and one more for each resume.
    run: u32,
    /// Where it stands; a cancelled job is `failed` with the code `job_cancelled`.
    status: JobStatus,
    /// 0 to 100; 100 only when it is delivered and paid.
    progress: u32,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<JobError>,
    /// Credits that its latest run set aside: the most that it may cost.
    held_at_start: Credits,
    /// Credits charged; absent while the job is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    charged: Option<Credits>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

/// Where the report lies on the video of a job that was delivered, or was not because of it.
fn check_report(job: &Job) -> Option<MediaKey> {
    let told = job.state == JobState::Completed
        || job
            .failure
            .as_ref()
            .is_some_and(|failure| failure.code == ErrorCode::QualityCheckFailed);
    let made = job.outputs.video.as_ref().filter(|_| told)?;
    let (account, project) = (job.account_id, job.project_id);
    Some(keys::media(
        account,
        project,
        Media::CheckReport,
        &made.input_hash,
    ))
}

/// The video of a job that was delivered.
fn finished_video(job: &Job) -> Option<&Video> {
    let video = job.outputs.video.as_ref().map(|made| &made.value);
    video.filter(|_| job.state == JobState::Completed)
}

impl JobView {
    /// The view of a job, with links that are good for an hour.
    ///
    /// # Errors
    /// [`Failure`] when a link cannot be signed.
    pub async fn of(job: &Job, objects: &dyn Objects) -> Result<Self, Failure> {
        let check_url = match check_report(job) {
            Some(report) => Some(objects.link(&report, LINK_S).await?),
            None => None,
        };
        let result = match finished_video(job) {
            Some(video) => Some(JobResult::of(
                video,
                objects.link(&video.key, LINK_S).await?,
                objects.link(&video.thumbnail_key, LINK_S).await?,
            )),
            None => None,
        };
        Ok(Self {
            job_id: job.id,
            project_id: job.project_id,
            kind: job.kind,
            run: job.run,
            status: job.state.into(),
            progress: job.progress(),
            current_step: job.current_step(),
            steps: job
                .told_steps()
                .into_iter()
                .map(|(step, at)| (step.as_str(), StepView::of(at)))
                .collect(),
            result,
            error: JobError::of(job),
            check_url,
            receipt: ReceiptView::of(job),
            created_at: job.created_at,
            ended_at: job.ended_at,
        })
    }
}

impl From<Job> for JobSummary {
    fn from(job: Job) -> Self {
        Self {
            job_id: job.id,
            project_id: job.project_id,
            kind: job.kind,
            run: job.run,
            status: job.state.into(),
            progress: job.progress(),
            error: JobError::of(&job),
            held_at_start: job.held,
            charged: job.receipt.as_ref().map(|receipt| receipt.charged),
            created_at: job.created_at,
            ended_at: job.ended_at,
        }
    }
}

impl StepView {
    fn of(progress: StepProgress) -> Self {
        Self {
            state: progress.state,
            started_at: progress.started_at,
            ended_at: progress.ended_at,
        }
    }
}

impl JobResult {
    fn of(video: &Video, video_url: String, thumbnail_url: String) -> Self {
        Self {
            video_url,
            thumbnail_url,
            duration_s: f64::from(video.duration_ms) / 1000.0,
            width: video.width,
            height: video.height,
            size_bytes: video.size_bytes,
        }
    }
}

impl JobError {
    fn of(job: &Job) -> Option<Self> {
        if job.state == JobState::Cancelled {
            return Some(Self {
                code: ErrorCode::JobCancelled,
                message: ErrorCode::JobCancelled.meaning().to_owned(),
                step: None,
            });
        }
        job.failure.clone().map(|failure| Self {
            code: failure.code,
            message: failure.message,
            step: failure.step,
        })
    }
}

impl ReceiptView {
    fn of(job: &Job) -> Self {
        let receipt = job.receipt.clone();
        let (charged, released) = receipt.as_ref().map(|r| (r.charged, r.released)).unzip();
        Self {
            held: job.held,
            held_at_start: job.held,
            held_now: if job.state.is_open() {
                job.held
            } else {
                Credits::ZERO
            },
            max_credits: job.max_credits,
            charged,
            released,
            lines: receipt.map_or_else(Vec::new, |receipt| receipt.lines),
        }
    }
}
