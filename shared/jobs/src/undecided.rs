//! Providers that still work on a call for a job: the job then stays held, although our own time-outs have passed.

use catalogue::{Capability, UnknownProvider};
use domain::Failure;
use domain::job::{Job, Step};
use domain::outputs::InputHash;
use ledger::Providers;
use providers::{ImageBrief, ImageMaker, ScriptWriter, VoiceBrief, VoiceMaker};
use store::{ProviderCall, Store};

use crate::hashes::{ModelRef, image_hash, script_hash, script_settings, voice_hash};

/// The providers and models that make the missing outputs of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelsInUse {
    script: (String, String),
    image: (String, String),
    voice: (String, String),
}

impl ModelsInUse {
    /// The models in force.
    pub fn of(script: &dyn ScriptWriter, image: &dyn ImageMaker, voice: &dyn VoiceMaker) -> Self {
        let owned = |provider: &str, model: &str| (provider.to_owned(), model.to_owned());
        Self {
            script: owned(script.provider(), script.model()),
            image: owned(image.provider(), image.model()),
            voice: owned(voice.provider(), voice.model()),
        }
    }

    /// The models of these providers, by the catalogue.
    ///
    /// # Errors
    /// [`UnknownProvider`] for a name that no provider has.
    pub fn of_providers(providers: &Providers) -> Result<Self, UnknownProvider> {
        let named = |capability, provider: &String| {
            let model = catalogue::model(capability, provider)?;
            Ok((provider.clone(), model.to_owned()))
        };
        Ok(Self {
            script: named(Capability::Script, &providers.script)?,
            image: named(Capability::Image, &providers.image)?,
            voice: named(Capability::Voice, &providers.voice)?,
        })
    }

    /// Whether a provider still works on a call for a missing output of the job.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn undecided(&self, store: &Store, job: &Job) -> Result<bool, Failure> {
        for hash in self.missing(job)? {
            let call = store.provider_call(job.account_id, &hash).await?;
            if matches!(call, Some(ProviderCall::Submitted { .. })) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Hashes of the outputs that the job still needs from providers, as far as its script says which.
    fn missing(&self, job: &Job) -> Result<Vec<InputHash>, Failure> {
        let mut hashes = Vec::new();
        if job.kind.runs(Step::Script) && job.outputs.script.is_none() {
            hashes.push(script_hash(maker(&self.script), &script_settings(&job.settings))?);
        }
        let Some(script) = job.script() else {
            return Ok(hashes);
        };
        if job.kind.runs(Step::Images) {
            let missing = (0..script.scenes()).filter(|scene| !job.outputs.images.contains_key(scene));
            for brief in missing.filter_map(|scene| ImageBrief::of(&job.settings, script, scene)) {
                hashes.push(image_hash(maker(&self.image), &brief)?);
            }
        }
        if job.kind.runs(Step::Voice) && job.outputs.voice.is_none() {
            hashes.push(voice_hash(
                maker(&self.voice),
                &VoiceBrief::of(&job.settings, script),
            )?);
        }
        Ok(hashes)
    }
}

fn maker((provider, model): &(String, String)) -> ModelRef<'_> {
    ModelRef { provider, model }
}
