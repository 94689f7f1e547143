//! Script, pictures and voice to an MP4 and its thumbnail.

use std::path::Path;

use domain::Failure;
use domain::job::Step;
use domain::media::Media;
use domain::outputs::{InputHash, Made, Output, Video};
use domain::ports::Work;
use store::OutputNote;

use crate::bench::{Bench, fresh, is_noted, reused};
use crate::composer::{Composer, THUMBNAIL_FILE, VIDEO_FILE, VOICE_FILE, scene_file};
use crate::folder::{self, read, write};
use crate::hashes::{Maker, video_hash};
use crate::plan::VideoPlan;
use crate::task::Task;

/// Composes the job's video, or takes the stored one. The step ends with its check.
///
/// # Promises
/// A repeat composes nothing again once the video is noted, unless that one did not pass its check.
///
/// # Errors
/// `job_ended`, `input_missing`, `media_unusable`, `step_timed_out`, `render_engine_failed`, the store's and the bucket's.
pub fn render_video<'a>(
    bench: &'a Bench,
    composer: &'a dyn Composer,
    task: &'a Task,
) -> Work<'a, Result<(), Failure>> {
    Box::pin(async move {
        let job = bench.begin(task, Step::Composition).await?;
        let plan = VideoPlan::of(&job)?;
        let by = Maker {
            vendor: composer.vendor(),
            model: composer.version(),
        };
        let hash = video_hash(by, &plan)?;
        if task.again || !is_noted(job.outputs.video.as_ref(), &hash) {
            let made = made(bench, composer, task, &plan, &hash).await?;
            bench.note(task, OutputNote::Video(made)).await?;
        }
        Ok(())
    })
}

async fn made(
    bench: &Bench,
    composer: &dyn Composer,
    task: &Task,
    plan: &VideoPlan,
    hash: &InputHash,
) -> Result<Made<Video>, Failure> {
    if !task.again
        && let Some(stored) = bench.stored(task, hash).await?
        && let Output::Video { video } = &stored.output
        && let Some(key) = bench.adopt(task, &video.key, Media::Video, hash).await?
        && let Some(thumbnail_key) = bench
            .adopt(task, &video.thumbnail_key, Media::Thumbnail, hash)
            .await?
    {
        let own = Video {
            key,
            thumbnail_key,
            ..video.clone()
        };
        return Ok(reused(own, hash, &stored));
    }
    let folder = folder::new()?;
    download(bench, plan, folder.path()).await?;
    let rendered = composer.render(plan, folder.path()).await?;
    let bytes = read(&folder.path().join(VIDEO_FILE)).await?;
    let thumbnail = read(&folder.path().join(THUMBNAIL_FILE)).await?;
    let (width, height) = plan.aspect.pixels();
    let video = Video {
        key: bench.key(task, Media::Video, hash),
        thumbnail_key: bench.key(task, Media::Thumbnail, hash),
        duration_ms: rendered.duration_ms,
        width,
        height,
        size_bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        loudness_centi_lufs: rendered.loudness_centi_lufs,
    };
    bench
        .put(task, &video.thumbnail_key, Media::Thumbnail, thumbnail)
        .await?;
    bench.put(task, &video.key, Media::Video, bytes).await?;
    // It is kept for other jobs only after its check.
    Ok(fresh(video, hash, composer.vendor()))
}

async fn download(bench: &Bench, plan: &VideoPlan, folder: &Path) -> Result<(), Failure> {
    for (index, scene) in plan.scenes.iter().enumerate() {
        write(&folder.join(scene_file(index)), bench.get(&scene.picture).await?).await?;
    }
    write(&folder.join(VOICE_FILE), bench.get(&plan.voice).await?).await
}
