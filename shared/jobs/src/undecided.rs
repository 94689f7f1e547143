//! Providers that still work on a call for a job: the job then stays held, although our own time-outs have passed.

use catalogue::{Capability, Catalogue};
use domain::Failure;
use domain::job::{Job, Step};
use domain::outputs::InputHash;
use providers::{ImageBrief, VoiceBrief};
use store::{ProviderCall, Store};

use crate::hashes::{image_hash, script_hash, script_settings, voice_hash};

/// Whether a provider still works on a call for a missing output of the job.
///
/// # Errors
/// The store's.
pub(crate) async fn undecided(store: &Store, catalogue: Catalogue, job: &Job) -> Result<bool, Failure> {
    for hash in missing(catalogue, job)? {
        let call = store.provider_call(job.account_id, &hash).await?;
        if matches!(call, Some(ProviderCall::Submitted { .. })) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Hashes of the outputs that the job still needs from its providers, as far as its script says which.
fn missing(catalogue: Catalogue, job: &Job) -> Result<Vec<InputHash>, Failure> {
    let model = |capability| catalogue.model_of(&job.models, capability);
    let mut hashes = Vec::new();
    if job.kind.runs(Step::Script) && job.outputs.script.is_none() {
        let writer = model(Capability::Script);
        hashes.push(script_hash((&writer).into(), &script_settings(&job.settings))?);
    }
    let Some(script) = job.script() else {
        return Ok(hashes);
    };
    if job.kind.runs(Step::Images) {
        let maker = model(Capability::Image);
        let missing = (0..script.scenes()).filter(|scene| !job.outputs.images.contains_key(scene));
        for brief in missing.filter_map(|scene| ImageBrief::of(&job.settings, script, scene)) {
            hashes.push(image_hash((&maker).into(), &brief)?);
        }
    }
    if job.kind.runs(Step::Voice) && job.outputs.voice.is_none() {
        let speaker = model(Capability::Voice);
        hashes.push(voice_hash(
            (&speaker).into(),
            &VoiceBrief::of(&job.settings, script),
        )?);
    }
    Ok(hashes)
}
