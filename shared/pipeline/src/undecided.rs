//! Which vendors have not said yet how a job's calls end: their job stays held, whatever our own clocks say.

use catalogue::{Capability, UnknownProvider};
use domain::Failure;
use domain::job::{Job, Step};
use domain::outputs::InputHash;
use ledger::Vendors;
use providers::{ImageBrief, ImageMaker, ScriptWriter, VoiceBrief, VoiceMaker};
use store::{Store, VendorCall};

use crate::hashes::{ModelRef, picture_hash, script_hash, script_settings, voice_hash};

/// The vendors and models that a job's missing parts are made by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelsInUse {
    script: (String, String),
    image: (String, String),
    voice: (String, String),
}

impl ModelsInUse {
    /// The models in force.
    pub fn of(script: &dyn ScriptWriter, image: &dyn ImageMaker, voice: &dyn VoiceMaker) -> Self {
        let owned = |vendor: &str, model: &str| (vendor.to_owned(), model.to_owned());
        Self {
            script: owned(script.vendor(), script.model()),
            image: owned(image.vendor(), image.model()),
            voice: owned(voice.vendor(), voice.model()),
        }
    }

    /// The models of these providers, by the catalogue.
    ///
    /// # Errors
    /// [`UnknownProvider`] for a name that no vendor has.
    pub fn of_vendors(vendors: &Vendors) -> Result<Self, UnknownProvider> {
        let named = |capability, provider: &String| {
            let model = catalogue::model(capability, provider)?;
            Ok((provider.clone(), model.to_owned()))
        };
        Ok(Self {
            script: named(Capability::Script, &vendors.script)?,
            image: named(Capability::Image, &vendors.image)?,
            voice: named(Capability::Voice, &vendors.voice)?,
        })
    }

    /// Whether a vendor has taken a call for a missing part of the job and has not answered.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn undecided(&self, store: &Store, job: &Job) -> Result<bool, Failure> {
        for hash in self.missing(job)? {
            let call = store.vendor_call(job.account_id, &hash).await?;
            if matches!(call, Some(VendorCall::Submitted { .. })) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Hashes of what the job still has to get from vendors, as far as they are known.
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
                hashes.push(picture_hash(maker(&self.image), &brief)?);
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

fn maker((vendor, model): &(String, String)) -> ModelRef<'_> {
    ModelRef { vendor, model }
}
