//! One scene's image.

use std::sync::Arc;

use catalogue::{Capability, Model};
use domain::job::Step;
use domain::media::Media;
use domain::outputs::{Image, InputHash, MediaKey, Output};
use domain::ports::Work;
use domain::{ErrorCode, Failure};
use providers::{Call, Clients, ImageBrief, ImageFile, ImageMaker, ProviderError, ProviderReply};
use store::OutputNote;

use crate::hashes::image_hash;
use crate::inputs::has;
use crate::media_storage::MediaStorage;
use crate::produce::{PaidStep, produce};
use crate::step_deps::StepDeps;
use crate::step_run::{StepRun, is_noted};
use crate::steps::script_of;
use crate::task::{SceneTask, Task};

/// Makes the image of one scene, or takes the stored one, or the customer's own.
///
/// # Promises
/// A repeat makes no second image. Whoever notes the last image ends the step.
///
/// # Errors
/// `job_ended`, `model_unavailable`, the provider's, the store's and the bucket's; `internal` for a scene that the script has not.
pub fn render_image<'a>(
    deps: &'a StepDeps,
    makers: &'a dyn Clients<dyn ImageMaker>,
    scene: &'a SceneTask,
) -> Work<'a, Result<(), Failure>> {
    Box::pin(async move {
        let task = &scene.task;
        let job = deps.run.begin(task, Step::Images).await?;
        if let Some(own) = job.inputs.images.get(&scene.scene) {
            // The customer brought it.
            let own = OutputNote::Image(scene.scene, own.clone());
            deps.run.note(task, own).await?;
            return end_with_the_last(&deps.run, task).await;
        }
        let brief = ImageBrief::of(&job.settings, script_of(&job)?, scene.scene)
            .ok_or_else(|| Failure::new(ErrorCode::Internal).because("the script has no such scene"))?;
        let name = deps.model_name(&job, Capability::Image);
        let hash = image_hash((&name).into(), &brief)?;
        if !is_noted(job.outputs.images.get(&scene.scene), &hash) {
            let model = deps.model(Capability::Image, &name)?;
            let step = ImageStep {
                model,
                makers,
                brief: &brief,
                hash: &hash,
                media: &deps.media,
                task,
            };
            let image = produce(deps, task, &step).await?;
            let note = OutputNote::Image(scene.scene, image);
            deps.run.note(task, note).await?;
        }
        end_with_the_last(&deps.run, task).await
    })
}

async fn end_with_the_last(run: &StepRun, task: &Task) -> Result<(), Failure> {
    let job = run.job(task).await?;
    if has(&job.outputs, job.script(), Step::Images) {
        run.end(task, Step::Images).await?;
    }
    Ok(())
}

/// The image of one scene.
struct ImageStep<'a> {
    model: &'static Model,
    makers: &'a dyn Clients<dyn ImageMaker>,
    brief: &'a ImageBrief,
    hash: &'a InputHash,
    media: &'a MediaStorage,
    task: &'a Task,
}

impl PaidStep for ImageStep<'_> {
    type Value = Image;
    type Reply = ImageFile;
    type Client = Arc<dyn ImageMaker>;

    fn hash(&self) -> &InputHash {
        self.hash
    }

    fn model(&self) -> &'static Model {
        self.model
    }

    fn text_chars(&self) -> usize {
        self.brief.prompt.chars().count()
    }

    async fn reuse(&self, cached: &Output) -> Result<Option<Image>, Failure> {
        let Output::Image { image } = cached else {
            return Ok(None);
        };
        let copied = self
            .media
            .copy_into_project(self.task, &image.key, media_of(&image.key), self.hash);
        Ok(copied.await?.map(|key| Image { key, ..image.clone() }))
    }

    async fn connect(&self) -> Result<Self::Client, ProviderError> {
        self.makers.client(self.model).await
    }

    async fn start(
        &self,
        client: &Self::Client,
        call: &Call,
    ) -> Result<ProviderReply<ImageFile>, ProviderError> {
        client.draw(call, self.brief).await
    }

    async fn poll(
        &self,
        client: &Self::Client,
        external_id: &str,
    ) -> Result<ProviderReply<ImageFile>, ProviderError> {
        client.poll(external_id, self.brief).await
    }

    fn file_bytes(file: &ImageFile) -> usize {
        file.bytes.len()
    }

    fn check(&self, _file: &ImageFile) -> Result<(), Failure> {
        Ok(())
    }

    async fn store(&self, image_file: ImageFile) -> Result<Image, Failure> {
        let media = if image_file.content_type == Media::Photo.content_type() {
            Media::Photo
        } else {
            Media::Image
        };
        let image = Image {
            key: self.media.key(self.task, media, self.hash),
            width: image_file.width,
            height: image_file.height,
        };
        self.media
            .put(self.task, &image.key, media, image_file.bytes)
            .await?;
        Ok(image)
    }

    fn output(image: &Image) -> Output {
        Output::Image { image: image.clone() }
    }
}

/// The kind that a stored image's key was built with.
fn media_of(key: &MediaKey) -> Media {
    let is_jpeg = std::path::Path::new(key.as_str())
        .extension()
        .is_some_and(|extension| extension == "jpg");
    if is_jpeg { Media::Photo } else { Media::Image }
}
