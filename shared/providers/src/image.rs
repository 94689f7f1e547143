//! The capability that makes a scene's image.

use std::fmt::Debug;

use domain::ports::Work;
use domain::script::{Script, SectionKind};
use domain::settings::{Aspect, Brand, Language, Settings};
use serde::Serialize;

use crate::{Call, ProviderError, ProviderReply};

/// Everything an image is made from, and nothing else: its hash decides whether a stored image still fits.
///
/// The narration is not in it: an edited sentence changes voice and captions, not the image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImageBrief {
    /// What the image shows, with the brand's style and quality words ([`enhance`]).
    pub prompt: String,
    /// The section's title; a typographic card shows it.
    pub heading: String,
    /// What the section is for.
    pub kind: SectionKind,
    /// Number of a main point, from 1.
    pub number: Option<u32>,
    /// Scene, from 0.
    pub scene: u32,
    /// Shape of the image.
    pub aspect: Aspect,
    /// Language of the heading.
    pub language: Language,
    /// Colours of the brand, `#rrggbb`.
    pub colours: Vec<String>,
    /// The video's topic: one for all scenes, so that images of one video look like one family.
    pub seed_text: String,
}

impl ImageBrief {
    /// The brief of one scene, or `None` when the script has no such scene.
    pub fn of(settings: &Settings, script: &Script, scene: u32) -> Option<Self> {
        let section = script.section(scene)?;
        Some(Self {
            prompt: enhance(&section.image_prompt, &settings.brand),
            heading: section.heading.clone(),
            kind: section.kind,
            number: section.number,
            scene,
            aspect: settings.aspect,
            language: settings.language,
            colours: settings
                .brand
                .colours
                .iter()
                .map(|c| c.as_str().to_owned())
                .collect(),
            seed_text: settings.keyword.as_str().to_owned(),
        })
    }
}

/// Quality words that text-to-image models answer to, in the language they were trained on most.
const QUALITY_WORDS: &str = "highly detailed, sharp focus, soft natural light, balanced composition, \
     clean space in the lower third, no text, no watermark";

/// A prompt with the brand's style and quality words; words that it has already are not said twice.
pub fn enhance(prompt: &str, brand: &Brand) -> String {
    let mut enhanced = prompt.trim().trim_end_matches(['.', ',', '。']).to_owned();
    let known = enhanced.to_lowercase();
    let words = brand
        .style
        .as_deref()
        .unwrap_or_default()
        .split(',')
        .chain(QUALITY_WORDS.split(','));
    for word in words.map(str::trim) {
        if !word.is_empty() && !known.contains(&word.to_lowercase()) {
            enhanced.push_str(", ");
            enhanced.push_str(word);
        }
    }
    enhanced
}

/// A finished image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFile {
    /// The encoded file.
    pub bytes: Vec<u8>,
    /// `image/png` or `image/jpeg`.
    pub content_type: &'static str,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Makes images.
///
/// # Shape
/// `PiAPI` Flux: `POST /api/v1/task` with `config.webhook_config`, `Pending { task_id }`, then `GET` until `completed`
/// and the bytes of `output.image_url`. Its limit of 1,048,576 pixels is below [`Aspect::pixels`], so a client asks
/// for the same shape in fewer pixels, and [`ImageFile`] says what came.
/// kie.ai: `createTask` with `callBackUrl`; HTTP 200 may carry an error code inside; `resultJson` is JSON in a string.
///
/// # Promises
/// The image has the shape of `brief.aspect`.
pub trait ImageMaker: Debug + Send + Sync {
    /// Makes an image.
    fn draw<'a>(
        &'a self,
        call: &'a Call,
        brief: &'a ImageBrief,
    ) -> Work<'a, Result<ProviderReply<ImageFile>, ProviderError>>;
    /// Asks for an image that was [`ProviderReply::Pending`].
    fn poll<'a>(
        &'a self,
        external_id: &'a str,
        brief: &'a ImageBrief,
    ) -> Work<'a, Result<ProviderReply<ImageFile>, ProviderError>>;
}

#[cfg(test)]
mod tests;
