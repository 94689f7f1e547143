//! The plan of a video: which image when, what is read over it, and in which look. Pure; of the engine it knows only
//! the versions of its templates.

use std::collections::BTreeMap;

use domain::job::Job;
use domain::outputs::{Image, InputHash, MediaKey, Outputs, Produced, VoiceTrack, Word};
use domain::script::Script;
use domain::settings::{Aspect, Colour, Language, Settings, Template};
use domain::{ErrorCode, Failure};
use providers::pace;
use serde::Serialize;
use serde_json::json;

/// Silence after the last word, milliseconds: the last image stays a moment before the end.
pub const TAIL_MS: u32 = pace::END_MS;
/// Shortest scene, milliseconds; a shorter one could not even come and go.
pub const SCENE_MS_MIN: u32 = 300;
/// One scene of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedScene {
    /// Where its image is; not part of the video's hash, because the image's own hash is.
    #[serde(skip)]
    pub image: MediaKey,
    /// Hash of its image.
    pub image_hash: InputHash,
    /// Start, milliseconds from the beginning of the video.
    pub start_ms: u32,
    /// Length, milliseconds; the scenes follow one another without a gap.
    pub duration_ms: u32,
}

/// A whole video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VideoPlan {
    /// Ratio of width to height.
    pub aspect: Aspect,
    /// Language of the captions.
    pub language: Language,
    /// Scenes in order.
    pub scenes: Vec<PlannedScene>,
    /// Where the voice is.
    #[serde(skip)]
    pub voice: MediaKey,
    /// Hash of the voice.
    pub voice_hash: InputHash,
    /// Words for the captions.
    pub words: Vec<Word>,
    /// Template that gives the video its look.
    pub template: Template,
    /// Version of that look; a newer one makes stored videos of an older one outdated.
    pub template_version: u32,
    /// Brand colours, for the captions' highlight.
    pub colours: Vec<Colour>,
}

impl VideoPlan {
    /// The plan of what the job has.
    ///
    /// # Errors
    /// `input_missing` when an image or the voice is not there or does not fit the script.
    pub fn of(job: &Job) -> Result<Self, Failure> {
        let mut images = job.inputs.images.clone();
        images.extend(job.outputs.images.clone());
        let voice = job.outputs.voice.as_ref().or(job.inputs.voice.as_ref());
        Self::of_parts(&job.settings, job.script(), &images, voice)
    }

    /// The plan of what a project has.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn of_outputs(settings: &Settings, outputs: &Outputs) -> Result<Self, Failure> {
        let script = outputs.script.as_ref().map(|made| &made.value);
        Self::of_parts(settings, script, &outputs.images, outputs.voice.as_ref())
    }

    fn of_parts(
        settings: &Settings,
        script: Option<&Script>,
        images: &BTreeMap<u32, Produced<Image>>,
        voice: Option<&Produced<VoiceTrack>>,
    ) -> Result<Self, Failure> {
        let script = script.ok_or_else(|| missing("script"))?;
        let voice = voice.ok_or_else(|| missing("voice"))?;
        let starts = starts_ms(&voice.value.scene_marks_ms, voice.value.duration_ms);
        let wanted = usize::try_from(script.scenes().saturating_add(1)).unwrap_or(usize::MAX);
        if starts.len() != wanted {
            return Err(missing("voice"));
        }
        let mut scenes = Vec::with_capacity(script.sections.len());
        for (scene, span) in (0..).zip(starts.windows(2)) {
            let image = images.get(&scene).ok_or_else(|| missing("images"))?;
            let (start_ms, end_ms) = match span {
                [start, end] => (*start, *end),
                _ => return Err(missing("voice")),
            };
            scenes.push(PlannedScene {
                image: image.value.key.clone(),
                image_hash: image.input_hash.clone(),
                start_ms,
                duration_ms: end_ms.saturating_sub(start_ms),
            });
        }
        Ok(Self {
            aspect: settings.aspect,
            language: settings.language,
            scenes,
            voice: voice.value.key.clone(),
            voice_hash: voice.input_hash.clone(),
            words: voice.value.words.clone(),
            template: settings.template,
            template_version: template_version(settings.template),
            colours: settings.brand.colours.clone(),
        })
    }

    /// Length of the video, milliseconds: the sum of its scenes.
    pub fn duration_ms(&self) -> u32 {
        self.scenes.iter().map(|scene| scene.duration_ms).sum()
    }
}

/// Where each scene begins, and the end of the last: the voice's marks, each scene long enough to be seen.
fn starts_ms(marks_ms: &[u32], voice_ms: u32) -> Vec<u32> {
    let last = marks_ms.len().saturating_sub(1);
    let mut starts: Vec<u32> = Vec::with_capacity(marks_ms.len());
    for (index, mark) in marks_ms.iter().enumerate() {
        let earliest = starts
            .last()
            .map_or(0, |before| before.saturating_add(SCENE_MS_MIN));
        starts.push(match index {
            // The first image is there from the start, even when the voice takes a breath.
            0 => 0,
            _ if index == last => (*mark).max(voice_ms).max(earliest).saturating_add(TAIL_MS),
            _ => (*mark).max(earliest),
        });
    }
    starts
}

/// Version of the engine's template behind a look; a test of `composer` compares the two.
pub const fn template_version(template: Template) -> u32 {
    match template {
        Template::Default | Template::Bold | Template::Cinematic => 1,
    }
}

fn missing(part: &str) -> Failure {
    Failure::new(ErrorCode::InputMissing).with_details(json!({ "missing": [part] }))
}

#[cfg(test)]
mod tests;
