//! One part of a long video.

use domain::job::Step;
use domain::ports::Work;
use domain::{ErrorCode, Failure};

use crate::chunks::chunks_of;
use crate::composer::Composer;
use crate::folder;
use crate::plan::VideoPlan;
use crate::step_deps::StepDeps;
use crate::task::ChunkTask;

/// Renders one chunk of the job's video, unless it is stored already.
///
/// # Promises
/// A repeat renders nothing again.
///
/// # Errors
/// Those of [`render_video`](crate::steps::render_video) but `quota_exceeded`; `internal` for a chunk that the video has
/// not.
pub fn render_chunk<'a>(
    deps: &'a StepDeps,
    composer: &'a dyn Composer,
    chunk: &'a ChunkTask,
) -> Work<'a, Result<(), Failure>> {
    Box::pin(async move {
        let task = &chunk.task;
        let job = deps.run.begin(task, Step::Composition).await?;
        let plan = VideoPlan::of(&job)?;
        let chunks = chunks_of(&deps.media, composer, task, &plan)?;
        let wanted = chunks.iter().find(|stored| stored.chunk.number == chunk.chunk);
        let wanted =
            wanted.ok_or_else(|| Failure::new(ErrorCode::Internal).because("the video has no such chunk"))?;
        let folder = folder::new()?;
        wanted.ensure(&deps.media, composer, &plan, folder.path()).await
    })
}
