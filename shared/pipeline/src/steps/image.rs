//! One scene's picture.

use domain::job::Step;
use domain::media::Media;
use domain::outputs::{InputHash, MediaKey, Output, Picture, Produced};
use domain::ports::Work;
use domain::{ErrorCode, Failure};
use providers::{ImageBrief, ImageMaker};
use store::OutputNote;

use crate::bench::{Ask, Bench, Repeat, call, fresh, is_noted, reused};
use crate::hashes::{ModelRef, picture_hash};
use crate::inputs::has;
use crate::steps::script_of;
use crate::task::{SceneTask, Task};

/// Makes the picture of one scene, or takes the stored one, or the customer's own.
///
/// # Promises
/// A repeat makes no second picture. Whoever notes the last picture ends the step.
///
/// # Errors
/// `job_ended`, the vendor's, the store's and the bucket's; `internal` for a scene that the script has not.
pub fn render_image<'a>(
    bench: &'a Bench,
    maker: &'a dyn ImageMaker,
    scene: &'a SceneTask,
) -> Work<'a, Result<(), Failure>> {
    Box::pin(async move {
        let task = &scene.task;
        let job = bench.begin(task, Step::Images).await?;
        if let Some(own) = job.inputs.images.get(&scene.scene) {
            // The customer brought it.
            let own = OutputNote::Picture(scene.scene, own.clone());
            bench.note(task, own).await?;
            return end_with_the_last(bench, task).await;
        }
        let brief = ImageBrief::of(&job.settings, script_of(&job)?, scene.scene)
            .ok_or_else(|| Failure::new(ErrorCode::Internal).because("the script has no such scene"))?;
        let by = ModelRef {
            vendor: maker.vendor(),
            model: maker.model(),
        };
        let hash = picture_hash(by, &brief)?;
        if !is_noted(job.outputs.images.get(&scene.scene), &hash) {
            let made = made(bench, maker, task, &brief, &hash).await?;
            bench.note(task, OutputNote::Picture(scene.scene, made)).await?;
        }
        end_with_the_last(bench, task).await
    })
}

async fn end_with_the_last(bench: &Bench, task: &Task) -> Result<(), Failure> {
    let job = bench.job(task).await?;
    if has(&job.outputs, job.script(), Step::Images) {
        bench.end(task, Step::Images).await?;
    }
    Ok(())
}

async fn made(
    bench: &Bench,
    maker: &dyn ImageMaker,
    task: &Task,
    brief: &ImageBrief,
    hash: &InputHash,
) -> Result<Produced<Picture>, Failure> {
    let stored = bench.stored(task, hash).await?;
    if let Some(stored) = &stored
        && let Output::Picture { picture } = &stored.output
        && let Some(key) = bench
            .adopt(task, &picture.key, media_of(&picture.key), hash)
            .await?
    {
        let own = Picture {
            key,
            ..picture.clone()
        };
        return Ok(reused(own, hash, stored));
    }
    let ask = bench
        .ask(task, hash, Repeat::from(maker.repeatable()), stored.as_ref())
        .await?;
    let answer = match &ask {
        Ask::Start => maker.draw(&call(hash), brief).await,
        Ask::Poll(id) => maker.poll(id, brief).await,
    };
    let drawing = bench.answered(task, hash, &ask, answer).await?;
    let media = if drawing.content_type == Media::Photo.content_type() {
        Media::Photo
    } else {
        Media::Picture
    };
    let picture = Picture {
        key: bench.key(task, media, hash),
        width: drawing.width,
        height: drawing.height,
    };
    bench.put(task, &picture.key, media, drawing.bytes).await?;
    let output = Output::Picture {
        picture: picture.clone(),
    };
    let by = (maker.vendor(), stored.as_ref());
    bench.keep(task, hash, &output, by).await?;
    bench.settle_call(task, hash).await?;
    Ok(fresh(picture, hash, maker.vendor()))
}

/// The kind that a stored picture's key was built with.
fn media_of(key: &MediaKey) -> Media {
    let is_jpeg = std::path::Path::new(key.as_str())
        .extension()
        .is_some_and(|extension| extension == "jpg");
    if is_jpeg { Media::Photo } else { Media::Picture }
}
