//! Script, images and voice to an MP4 and its thumbnail, or to the numbers of its chunks.

use std::path::Path;

use domain::Failure;
use domain::job::{JobModel, Step};
use domain::media::Media;
use domain::outputs::{InputHash, Output, Produced, Video};
use domain::ports::Work;
use serde::{Deserialize, Serialize};
use store::OutputNote;

use crate::chunks::chunks_of;
use crate::composer::{Composer, Rendered, THUMBNAIL_FILE, VIDEO_FILE, VOICE_FILE, scene_file};
use crate::folder::{self, size_bytes};
use crate::hashes::{ModelRef, video_hash};
use crate::media_storage::MediaStorage;
use crate::output_cache::{fresh, reused};
use crate::plan::VideoPlan;
use crate::step_deps::StepDeps;
use crate::step_run::is_noted;
use crate::task::Task;

/// What the state machine does next: one task per chunk and then the join, or without any the check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunks {
    /// Numbers of the chunks that have to be there before the video.
    pub chunks: Vec<u32>,
}

/// Composes the job's video, or takes the stored one. The step ends with its check. A long one is left to
/// [`render_chunk`](crate::steps::render_chunk) and [`join_video`](crate::steps::join_video).
///
/// # Promises
/// A repeat composes nothing again once the video is noted, unless that one did not pass its check.
///
/// # Errors
/// `job_ended`, `input_missing`, `media_unusable`, `step_timed_out`, `render_engine_failed`, the store's and the bucket's.
pub fn render_video<'a>(
    deps: &'a StepDeps,
    composer: &'a dyn Composer,
    task: &'a Task,
) -> Work<'a, Result<Chunks, Failure>> {
    Box::pin(async move {
        let job = deps.run.begin(task, Step::Composition).await?;
        let plan = VideoPlan::of(&job)?;
        let hash = hash_of(composer, &plan)?;
        let none = Chunks { chunks: Vec::new() };
        if !task.again {
            if is_noted(job.outputs.video.as_ref(), &hash) {
                return Ok(none);
            }
            if let Some(made) = cached(deps, composer, task, &hash).await? {
                deps.run.note(task, OutputNote::Video(made)).await?;
                return Ok(none);
            }
        }
        let chunks = chunks_of(&deps.media, composer, task, &plan)?;
        if chunks.is_empty() {
            let made = rendered(&deps.media, composer, task, &plan, &hash).await?;
            deps.run.note(task, OutputNote::Video(made)).await?;
        }
        Ok(Chunks {
            chunks: chunks.iter().map(|stored| stored.chunk.number).collect(),
        })
    })
}

/// What the video is stored under.
pub(super) fn hash_of(composer: &dyn Composer, plan: &VideoPlan) -> Result<InputHash, Failure> {
    let by = ModelRef {
        provider: composer.provider(),
        model: composer.version(),
    };
    video_hash(by, plan)
}

/// The video of the same inputs that was made before, as this job delivers it.
async fn cached(
    deps: &StepDeps,
    composer: &dyn Composer,
    task: &Task,
    hash: &InputHash,
) -> Result<Option<Produced<Video>>, Failure> {
    let Some(cached) = deps.cache.find(task, hash).await? else {
        return Ok(None);
    };
    let Output::Video { video } = &cached.output else {
        return Ok(None);
    };
    let Some(key) = deps
        .media
        .copy_into_project(task, &video.key, Media::Video, hash)
        .await?
    else {
        return Ok(None);
    };
    let thumbnail = deps
        .media
        .copy_into_project(task, &video.thumbnail_key, Media::Thumbnail, hash);
    let Some(thumbnail_key) = thumbnail.await? else {
        return Ok(None);
    };
    let own = Video {
        key,
        thumbnail_key,
        ..video.clone()
    };
    Ok(Some(reused(own, hash, &cached, composer.version())))
}

async fn rendered(
    media: &MediaStorage,
    composer: &dyn Composer,
    task: &Task,
    plan: &VideoPlan,
    hash: &InputHash,
) -> Result<Produced<Video>, Failure> {
    let folder = folder::new()?;
    for (index, scene) in plan.scenes.iter().enumerate() {
        let file = folder.path().join(scene_file(index));
        media.fetch(&scene.image, &file).await?;
    }
    media.fetch(&plan.voice, &folder.path().join(VOICE_FILE)).await?;
    let rendered = composer.render(plan, folder.path()).await?;
    delivered(media, composer, (task, plan, hash), rendered, folder.path()).await
}

/// The finished video of a folder in the bucket; it is cached for other jobs only after its check.
pub(super) async fn delivered(
    media: &MediaStorage,
    composer: &dyn Composer,
    (task, plan, hash): (&Task, &VideoPlan, &InputHash),
    rendered: Rendered,
    folder: &Path,
) -> Result<Produced<Video>, Failure> {
    let (file, thumbnail) = (folder.join(VIDEO_FILE), folder.join(THUMBNAIL_FILE));
    let (width, height) = plan.aspect.pixels();
    let video = Video {
        key: media.key(task, Media::Video, hash),
        thumbnail_key: media.key(task, Media::Thumbnail, hash),
        duration_ms: rendered.duration_ms,
        width,
        height,
        size_bytes: size_bytes(&file).await?,
        loudness_centi_lufs: rendered.loudness_centi_lufs,
    };
    let thumbnail = (thumbnail.as_path(), size_bytes(&thumbnail).await?);
    media
        .put_file(task, &video.thumbnail_key, Media::Thumbnail, thumbnail)
        .await?;
    let file = (file.as_path(), video.size_bytes);
    media.put_file(task, &video.key, Media::Video, file).await?;
    let by = JobModel {
        provider: composer.provider().to_owned(),
        model: composer.version().to_owned(),
    };
    Ok(fresh(video, hash, by))
}
