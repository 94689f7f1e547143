//! The stored video against its plan: what fails here is not delivered and not charged.

use domain::job::{JobModel, Step};
use domain::media::Media;
use domain::outputs::{Output, Source};
use domain::ports::Work;
use domain::{ErrorCode, Failure};
use serde::Serialize;

use crate::chunks::chunks_of;
use crate::composer::{Composer, Finding, THUMBNAIL_FILE, VIDEO_FILE};
use crate::folder;
use crate::output_cache::NewOutput;
use crate::plan::VideoPlan;
use crate::step_deps::StepDeps;
use crate::task::Task;

/// Checks the job's video as it is in the bucket, caches it for later jobs, and ends the composition.
///
/// # Promises
/// A repeat checks again and says the same.
/// The findings are stored beside the video, also when it fails its check. The chunks of a video that fails are deleted,
/// so that the next try, in this run or a later one, renders them again.
///
/// # Errors
/// `job_ended`, `quality_check_failed`, `render_engine_failed`, the store's and the bucket's.
pub fn check_video<'a>(
    deps: &'a StepDeps,
    composer: &'a dyn Composer,
    task: &'a Task,
) -> Work<'a, Result<(), Failure>> {
    Box::pin(async move {
        let job = deps.run.begin(task, Step::Composition).await?;
        let plan = VideoPlan::of(&job)?;
        let made = job
            .outputs
            .video
            .as_ref()
            .ok_or_else(|| Failure::new(ErrorCode::Internal).because("the job has no video"))?;
        let folder = folder::new()?;
        let [video, thumbnail] = [VIDEO_FILE, THUMBNAIL_FILE].map(|name| folder.path().join(name));
        deps.media.fetch(&made.value.key, &video).await?;
        deps.media.fetch(&made.value.thumbnail_key, &thumbnail).await?;
        let findings = composer.check(&plan, folder.path()).await?;
        let key = deps.media.key(task, Media::CheckReport, &made.input_hash);
        deps.media.put_report(&key, &Report::of(&findings)).await?;
        if let Err(failure) = passes(&findings) {
            for chunk in chunks_of(&deps.media, composer, task, &plan)? {
                chunk.delete(&deps.media).await?;
            }
            return Err(failure);
        }
        let output = Output::Video {
            video: made.value.clone(),
        };
        let stored = deps.cache.find(task, &made.input_hash).await?;
        // An entry that is older than this composition and was not reused has lost its file.
        let began = job.steps.get(&Step::Composition).and_then(|step| step.started_at);
        let lost = stored.filter(|stored| {
            let was_there = began.is_some_and(|began| stored.made_at < began);
            was_there && made.source == Source::Fresh && stored.output != output
        });
        let new = NewOutput {
            output: &output,
            by: JobModel {
                provider: made.provider.clone(),
                model: composer.version().to_owned(),
            },
            lost: lost.as_ref(),
        };
        deps.cache.cache(task, &made.input_hash, new).await?;
        deps.run.end(task, Step::Composition).await
    })
}

/// The JSON that is stored beside the video.
#[derive(Debug, Serialize)]
struct Report<'a> {
    passed: bool,
    findings: &'a [Finding],
}

impl<'a> Report<'a> {
    fn of(findings: &'a [Finding]) -> Self {
        let passed = findings.iter().all(|finding| finding.ok);
        Self { passed, findings }
    }
}

/// A video that breaks a rule is not delivered; the customer reads which.
fn passes(findings: &[Finding]) -> Result<(), Failure> {
    let mut broken = Vec::new();
    for finding in findings.iter().filter(|finding| !finding.ok) {
        tracing::error!(
            finding.code = finding.code,
            finding.measured = finding.measured,
            finding.wanted = finding.wanted,
            "the video does not pass"
        );
        broken.push(finding.code.as_str());
    }
    if broken.is_empty() {
        return Ok(());
    }
    let broken = broken.join(", ");
    Err(Failure::new(ErrorCode::QualityCheckFailed)
        .saying(&format!(
            "The finished video did not pass these checks: {broken}."
        ))
        .because(broken))
}
