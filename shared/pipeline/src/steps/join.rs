//! The chunks of a long video to an MP4 and its thumbnail.

use domain::Failure;
use domain::job::Step;
use domain::ports::Work;
use store::OutputNote;

use crate::chunks::chunks_of;
use crate::composer::{Composer, VOICE_FILE};
use crate::folder;
use crate::plan::VideoPlan;
use crate::step_deps::StepDeps;
use crate::step_run::is_noted;
use crate::steps::video::{delivered, hash_of};
use crate::task::Task;

/// Joins the job's video out of its chunks; the sound is mixed here, once for the whole. The step ends with its check.
///
/// # Promises
/// A repeat joins nothing again once the video is noted, unless that one did not pass its check.
///
/// # Errors
/// Those of [`render_video`](crate::steps::render_video).
pub fn join_video<'a>(
    deps: &'a StepDeps,
    composer: &'a dyn Composer,
    task: &'a Task,
) -> Work<'a, Result<(), Failure>> {
    Box::pin(async move {
        let job = deps.run.begin(task, Step::Composition).await?;
        let plan = VideoPlan::of(&job)?;
        let hash = hash_of(composer, &plan)?;
        if !task.again && is_noted(job.outputs.video.as_ref(), &hash) {
            return Ok(());
        }
        let stored = chunks_of(&deps.media, composer, task, &plan)?;
        let folder = folder::new()?;
        for chunk in &stored {
            chunk.fetch(&deps.media, composer, &plan, folder.path()).await?;
        }
        deps.media
            .fetch(&plan.voice, &folder.path().join(VOICE_FILE))
            .await?;
        let chunks: Vec<_> = stored.into_iter().map(|stored| stored.chunk).collect();
        let rendered = composer.join(&plan, &chunks, folder.path()).await?;
        let made = delivered(
            &deps.media,
            composer,
            (task, &plan, &hash),
            rendered,
            folder.path(),
        )
        .await?;
        deps.run.note(task, OutputNote::Video(made)).await
    })
}
