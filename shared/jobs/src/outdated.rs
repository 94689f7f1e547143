//! Which of a project's results were made from something else than what it says now. Pure.
//!
//! A result is stored under the hash of what it was made from: it is outdated when the model that made it would be given
//! something else today. What a customer brought was made from nothing of ours and is never outdated.

use std::collections::BTreeSet;

use catalogue::Catalogue;
use domain::job::{JobKind, Step};
use domain::outputs::{InputHash, Produced};
use domain::project::Project;
use domain::receipt::Resource;
use domain::script::Script;
use domain::{ErrorCode, Failure};
use providers::{ImageBrief, VoiceBrief};
use serde_json::json;

use crate::hashes::{ModelRef, image_hash, script_hash, script_settings, video_hash, voice_hash};
use crate::inputs::needs;
use crate::plan::VideoPlan;

/// The results of a project that are outdated.
#[expect(clippy::struct_excessive_bools, reason = "one answer for each result")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outdated {
    /// The script was written for other settings.
    pub script: bool,
    /// Scenes whose image was made for another script or other settings.
    pub images: BTreeSet<u32>,
    /// The voice says another script, or says it otherwise.
    pub voice: bool,
    /// The video was composed from other results, or from results that are outdated themselves.
    pub video: bool,
    /// The script is in another language than the settings ask for.
    other_language: bool,
}

impl Outdated {
    /// What is outdated in a project.
    ///
    /// # Promises
    /// Another model for new jobs makes nothing outdated: each result is compared by the model that made it.
    ///
    /// # Errors
    /// `internal` when the inputs cannot be JSON; a bug.
    pub fn of(project: &Project, catalogue: Catalogue) -> Result<Self, Failure> {
        let (settings, outputs) = (&project.settings, &project.outputs);
        let Some(written) = &outputs.script else {
            return Ok(Self::default());
        };
        let script = &written.value;
        let by = |made_by: Resource| Comparison {
            catalogue,
            resource: made_by,
        };
        let language = project.script_mark.and_then(|mark| mark.language);
        let other_language = language.is_some_and(|language| language != settings.language);
        let for_script = script_settings(settings);
        let rewritten =
            by(Resource::ScriptGeneration).differs(written, |model| script_hash(model, &for_script));
        let mut outdated = Self {
            script: other_language || rewritten?,
            other_language,
            ..Self::default()
        };
        for (scene, made) in &outputs.images {
            let differs = match ImageBrief::of(settings, script, *scene) {
                Some(brief) => {
                    by(Resource::ImageGeneration).differs(made, |model| image_hash(model, &brief))?
                }
                None => !made.is_customers(),
            };
            if differs {
                outdated.images.insert(*scene);
            }
        }
        if let Some(made) = &outputs.voice {
            let brief = VoiceBrief::of(settings, script);
            outdated.voice = by(Resource::VoiceSynthesis).differs(made, |model| voice_hash(model, &brief))?;
        }
        if let Some(made) = &outputs.video {
            // Of parts that do not fit together no video could be made now.
            let composed = match VideoPlan::of_outputs(settings, outputs) {
                Ok(plan) => by(Resource::VideoGeneration).differs(made, |model| video_hash(model, &plan))?,
                Err(_missing) => true,
            };
            outdated.video = composed || outdated.voice || outdated.has_images(script);
        }
        Ok(outdated)
    }

    /// The steps whose results are outdated, in their order.
    pub fn steps(&self) -> Vec<Step> {
        let all = [
            (Step::Script, self.script),
            (Step::Images, !self.images.is_empty()),
            (Step::Voice, self.voice),
            (Step::Composition, self.video),
        ];
        all.into_iter()
            .filter(|(_, is)| *is)
            .map(|(step, _)| step)
            .collect()
    }

    /// Refuses a job that would work from outdated results.
    ///
    /// A script is refused only in another language: its tone or length is the customer's to judge, and speech at
    /// another speed is asked for after the script was written.
    ///
    /// # Errors
    /// `input_outdated` with `details.outdated`: the names of the steps to run again.
    pub fn check(&self, kind: JobKind, script: Option<&Script>) -> Result<(), Failure> {
        let is_outdated = |step: &Step| match step {
            Step::Script => self.other_language,
            Step::Images => script.is_some_and(|script| self.has_images(script)),
            Step::Voice => self.voice,
            Step::Composition => self.video,
        };
        let outdated: Vec<&str> = needs(kind)
            .iter()
            .filter(|step| is_outdated(step))
            .map(|step| step.as_str())
            .collect();
        if outdated.is_empty() {
            return Ok(());
        }
        Err(Failure::new(ErrorCode::InputOutdated).with_details(json!({ "outdated": outdated })))
    }

    /// Whether an image of one of the script's scenes is outdated; those of later scenes are in no video.
    fn has_images(&self, script: &Script) -> bool {
        self.images.range(..script.scenes()).next().is_some()
    }
}

/// How a result's hash is compared with that of today's inputs.
struct Comparison {
    catalogue: Catalogue,
    resource: Resource,
}

impl Comparison {
    /// Whether the model that made a result would make it from something else now.
    fn differs<T>(
        &self,
        made: &Produced<T>,
        hash_by: impl Fn(ModelRef<'_>) -> Result<InputHash, Failure>,
    ) -> Result<bool, Failure> {
        if made.is_customers() {
            return Ok(false);
        }
        let provider = made.provider.as_str();
        if let Some(model) = made.model.as_deref() {
            return Ok(hash_by(ModelRef { provider, model })? != made.input_hash);
        }
        // It is older than the note of its model, which is one of the provider's.
        let rows = self.catalogue.rows().iter();
        for row in rows.filter(|row| row.resource == self.resource && row.provider == provider) {
            let model = row.model;
            if hash_by(ModelRef { provider, model })? == made.input_hash {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
