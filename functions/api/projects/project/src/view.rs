//! A project with its results on the wire.

use api::ProjectView;
use catalogue::Catalogue;
use domain::Failure;
use domain::job::Step;
use domain::outputs::{Image, Produced, Video, VoiceTrack, Word};
use domain::ports::{LINK_S, Objects};
use domain::project::Project;
use domain::script::Script;
use jobs::outdated::Outdated;
use serde::Serialize;
use utoipa::ToSchema;

/// A project with its results.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectDetail {
    #[serde(flatten)]
    project: ProjectView,
    /// The steps whose results were made from another script or other settings than the project has now; the results
    /// say so too, but for the script, which a change takes as it is shown.
    outdated: Vec<Step>,
    /// The script.
    #[serde(skip_serializing_if = "Option::is_none")]
    script: Option<Script>,
    /// Images in the order of their scenes.
    images: Vec<ImageView>,
    /// The voice.
    #[serde(skip_serializing_if = "Option::is_none")]
    voice: Option<VoiceView>,
    /// The finished video.
    #[serde(skip_serializing_if = "Option::is_none")]
    video: Option<VideoView>,
}

/// A scene's image.
#[derive(Debug, Serialize, ToSchema)]
struct ImageView {
    /// Scene, from 0.
    scene: u32,
    /// Link, good for an hour.
    url: String,
    /// Width in pixels.
    width: u32,
    /// Height in pixels.
    height: u32,
    /// Provider that made it.
    provider: String,
    /// Whether the script or the settings that it was made from have changed since; never of an image of one's own.
    outdated: bool,
}

/// The voice of the whole script.
#[derive(Debug, Serialize, ToSchema)]
struct VoiceView {
    /// Link to a WAV, good for an hour.
    url: String,
    /// Length in seconds.
    duration_s: f64,
    /// Every word with its time.
    words: Vec<Word>,
    /// Provider that spoke.
    provider: String,
    /// Whether the script or the settings that it was made from have changed since.
    outdated: bool,
}

/// The finished video.
#[derive(Debug, Serialize, ToSchema)]
struct VideoView {
    /// Link to the MP4, good for an hour.
    video_url: String,
    /// Link to the JPEG, good for an hour.
    thumbnail_url: String,
    /// Length in seconds.
    duration_s: f64,
    /// Width in pixels.
    width: u32,
    /// Height in pixels.
    height: u32,
    /// Size of the file in bytes.
    size_bytes: u64,
    /// Whether something that it was made from is outdated or has changed since; its captions are as old as it is.
    outdated: bool,
}

impl ProjectDetail {
    /// The project with a link to each of its media.
    ///
    /// # Errors
    /// [`Failure`] when a link cannot be signed.
    pub(crate) async fn of(
        mut project: Project,
        objects: &dyn Objects,
        catalogue: Catalogue,
    ) -> Result<Self, Failure> {
        let outdated = Outdated::of(&project, catalogue)?;
        let outputs = std::mem::take(&mut project.outputs);
        let mut images = Vec::with_capacity(outputs.images.len());
        for (scene, made) in outputs.images {
            images.push(ImageView::of(scene, made, &outdated, objects).await?);
        }
        let voice = match outputs.voice {
            Some(made) => Some(VoiceView::of(made, &outdated, objects).await?),
            None => None,
        };
        let video = match outputs.video {
            Some(made) => Some(VideoView::of(made.value, &outdated, objects).await?),
            None => None,
        };
        Ok(Self {
            project: project.into(),
            outdated: outdated.steps(),
            script: outputs.script.map(|made| made.value),
            images,
            voice,
            video,
        })
    }
}

impl ImageView {
    async fn of(
        scene: u32,
        made: Produced<Image>,
        outdated: &Outdated,
        objects: &dyn Objects,
    ) -> Result<Self, Failure> {
        Ok(Self {
            scene,
            url: objects.link(&made.value.key, LINK_S).await?,
            width: made.value.width,
            height: made.value.height,
            provider: made.provider,
            outdated: outdated.images.contains(&scene),
        })
    }
}

impl VoiceView {
    async fn of(
        made: Produced<VoiceTrack>,
        outdated: &Outdated,
        objects: &dyn Objects,
    ) -> Result<Self, Failure> {
        Ok(Self {
            url: objects.link(&made.value.key, LINK_S).await?,
            duration_s: seconds(made.value.duration_ms),
            words: made.value.words,
            provider: made.provider,
            outdated: outdated.voice,
        })
    }
}

impl VideoView {
    async fn of(video: Video, outdated: &Outdated, objects: &dyn Objects) -> Result<Self, Failure> {
        Ok(Self {
            video_url: objects.link(&video.key, LINK_S).await?,
            thumbnail_url: objects.link(&video.thumbnail_key, LINK_S).await?,
            duration_s: seconds(video.duration_ms),
            width: video.width,
            height: video.height,
            size_bytes: video.size_bytes,
            outdated: outdated.video,
        })
    }
}

fn seconds(ms: u32) -> f64 {
    f64::from(ms) / 1000.0
}
