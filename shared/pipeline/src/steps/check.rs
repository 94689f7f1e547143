//! The stored video against its plan: what fails here is not delivered and not charged.

use domain::job::Step;
use domain::media::Media;
use domain::outputs::{Output, Source};
use domain::ports::Work;
use domain::{ErrorCode, Failure};
use serde::Serialize;

use crate::bench::Bench;
use crate::chunks::chunks_of;
use crate::composer::{Composer, Finding, THUMBNAIL_FILE, VIDEO_FILE};
use crate::folder;
use crate::plan::VideoPlan;
use crate::task::Task;

/// Checks the job's video as it lies in the bucket, keeps it for later jobs, and ends the composition.
///
/// # Promises
/// A repeat checks again and says the same.
/// What was found lies beside the video, also when it does not pass; the chunks of such a one are forgotten, so that the
/// next one, in this run or a later one, is rendered anew.
///
/// # Errors
/// `job_ended`, `quality_check_failed`, `render_engine_failed`, the store's and the bucket's.
pub fn check_video<'a>(
    bench: &'a Bench,
    composer: &'a dyn Composer,
    task: &'a Task,
) -> Work<'a, Result<(), Failure>> {
    Box::pin(async move {
        let job = bench.begin(task, Step::Composition).await?;
        let plan = VideoPlan::of(&job)?;
        let made = job
            .outputs
            .video
            .as_ref()
            .ok_or_else(|| Failure::new(ErrorCode::Internal).because("the job has no video"))?;
        let folder = folder::new()?;
        let [video, thumbnail] = [VIDEO_FILE, THUMBNAIL_FILE].map(|name| folder.path().join(name));
        bench.fetch(&made.value.key, &video).await?;
        bench.fetch(&made.value.thumbnail_key, &thumbnail).await?;
        let findings = composer.check(&plan, folder.path()).await?;
        let key = bench.key(task, Media::CheckReport, &made.input_hash);
        bench.put_report(&key, &Report::of(&findings)).await?;
        if let Err(failure) = passes(&findings) {
            for chunk in chunks_of(bench, composer, task, &plan)? {
                chunk.forget(bench).await?;
            }
            return Err(failure);
        }
        let output = Output::Video {
            video: made.value.clone(),
        };
        let stored = bench.stored(task, &made.input_hash).await?;
        // Another that was there before the composition began, and was not taken, has lost its file.
        let began = job.steps.get(&Step::Composition).and_then(|step| step.started_at);
        let lost = stored.filter(|stored| {
            let was_there = began.is_some_and(|began| stored.made_at < began);
            was_there && made.source == Source::Fresh && stored.output != output
        });
        let by = (made.provider.as_str(), lost.as_ref());
        bench.keep(task, &made.input_hash, &output, by).await?;
        bench.end(task, Step::Composition).await
    })
}

/// What lies beside the video.
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
