//! What each step's result depends on, as the hash it is stored under.
//!
//! A hash covers everything that can change the result. The script writer is therefore given settings without the parts
//! that a script does not use, so that another voice or shape keeps the script.

use domain::job::JobModel;
use domain::outputs::{InputHash, Word};
use domain::settings::{Aspect, Colour, Language, Settings, Template};
use domain::{ErrorCode, Failure};
use providers::{ImageBrief, VoiceBrief};
use serde::Serialize;

use crate::composer::Chunk;
use crate::plan::VideoPlan;

/// The provider and model that make an output: part of its hash, so another model makes it again.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ModelRef<'a> {
    /// Name of the provider.
    pub provider: &'a str,
    /// Name of the model, or version of our own engine.
    pub model: &'a str,
}

impl<'a> From<&'a JobModel> for ModelRef<'a> {
    fn from(JobModel { provider, model }: &'a JobModel) -> Self {
        Self { provider, model }
    }
}

/// The settings that a script is written from: without voice, colours, aspect and template.
pub fn script_settings(settings: &Settings) -> Settings {
    let mut brand = settings.brand.clone();
    brand.colours.clear();
    Settings {
        aspect: Aspect::Portrait,
        voice_id: None,
        template: Template::Default,
        brand,
        ..settings.clone()
    }
}

/// Hash of a script.
///
/// # Errors
/// `internal` when the inputs cannot be JSON; a bug.
pub fn script_hash(maker: ModelRef<'_>, settings: &Settings) -> Result<InputHash, Failure> {
    hash("script", &(maker, settings))
}

/// Hash of an image.
///
/// # Errors
/// As [`script_hash`].
pub fn image_hash(maker: ModelRef<'_>, brief: &ImageBrief) -> Result<InputHash, Failure> {
    hash("image", &(maker, brief))
}

/// Hash of a voice track.
///
/// # Errors
/// As [`script_hash`].
pub fn voice_hash(maker: ModelRef<'_>, brief: &VoiceBrief) -> Result<InputHash, Failure> {
    hash("voice", &(maker, brief))
}

/// Hash of a video.
///
/// # Errors
/// As [`script_hash`].
pub fn video_hash(maker: ModelRef<'_>, plan: &VideoPlan) -> Result<InputHash, Failure> {
    hash("video", &(maker, plan))
}

/// Everything that decides the frames of a chunk, and nothing that is only heard.
#[derive(Debug, Serialize)]
struct ChunkFacts<'a> {
    chunk: &'a Chunk,
    aspect: Aspect,
    language: Language,
    /// Start and length of every scene: motion and captions follow the time of the whole video.
    scenes: Vec<[u32; 2]>,
    /// Of the scenes that are seen.
    images: Vec<&'a InputHash>,
    /// All of them: a page of captions depends on the words before and after it.
    words: &'a [Word],
    template: Template,
    template_version: u32,
    colours: &'a [Colour],
}

/// Hash of a chunk of a video.
///
/// # Errors
/// As [`script_hash`].
pub fn chunk_hash(maker: ModelRef<'_>, plan: &VideoPlan, chunk: &Chunk) -> Result<InputHash, Failure> {
    // Taken apart, so that a new field has to be thought of here.
    let VideoPlan {
        aspect,
        language,
        scenes,
        voice: _,
        voice_hash: _,
        words,
        template,
        template_version,
        colours,
    } = plan;
    let seen = scenes
        .iter()
        .enumerate()
        .filter(|(index, _)| chunk.scenes.contains(index));
    let facts = ChunkFacts {
        chunk,
        aspect: *aspect,
        language: *language,
        scenes: scenes
            .iter()
            .map(|scene| [scene.start_ms, scene.duration_ms])
            .collect(),
        images: seen.map(|(_, scene)| &scene.image_hash).collect(),
        words,
        template: *template,
        template_version: *template_version,
        colours,
    };
    hash("chunk", &(maker, facts))
}

fn hash<T: Serialize>(step: &str, inputs: &T) -> Result<InputHash, Failure> {
    InputHash::of(step, inputs).map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))
}

#[cfg(test)]
mod tests;
