//! The voice of the whole script, with the time of every word.

use std::sync::Arc;

use catalogue::{Capability, Model};
use domain::Failure;
use domain::job::Step;
use domain::media::Media;
use domain::outputs::{InputHash, Output, VoiceTrack};
use domain::ports::Work;
use providers::{Call, Clients, ProviderError, ProviderReply, Speech, VoiceBrief, VoiceMaker};
use store::OutputNote;

use crate::hashes::voice_hash;
use crate::media_storage::MediaStorage;
use crate::produce::{PaidStep, produce};
use crate::step_deps::StepDeps;
use crate::step_run::is_noted;
use crate::steps::script_of;
use crate::task::Task;

/// Speaks the job's script, or takes the stored track.
///
/// # Promises
/// A repeat speaks nothing again.
///
/// # Errors
/// `job_ended`, `model_unavailable`, `voice_unknown`, the provider's, the store's and the bucket's.
pub fn speak_script<'a>(
    deps: &'a StepDeps,
    makers: &'a dyn Clients<dyn VoiceMaker>,
    task: &'a Task,
) -> Work<'a, Result<(), Failure>> {
    Box::pin(async move {
        let job = deps.run.begin(task, Step::Voice).await?;
        let brief = VoiceBrief::of(&job.settings, script_of(&job)?);
        let name = deps.model_name(&job, Capability::Voice);
        let hash = voice_hash((&name).into(), &brief)?;
        if !is_noted(job.outputs.voice.as_ref(), &hash) {
            let model = deps.model(Capability::Voice, &name)?;
            let step = VoiceStep {
                model,
                makers,
                brief: &brief,
                hash: &hash,
                media: &deps.media,
                task,
            };
            let voice = produce(deps, task, &step).await?;
            deps.run.note(task, OutputNote::Voice(voice)).await?;
        }
        deps.run.end(task, Step::Voice).await
    })
}

/// The voice track of one script.
struct VoiceStep<'a> {
    model: &'static Model,
    makers: &'a dyn Clients<dyn VoiceMaker>,
    brief: &'a VoiceBrief,
    hash: &'a InputHash,
    media: &'a MediaStorage,
    task: &'a Task,
}

impl PaidStep for VoiceStep<'_> {
    type Value = VoiceTrack;
    type Reply = Speech;
    type Client = Arc<dyn VoiceMaker>;

    fn hash(&self) -> &InputHash {
        self.hash
    }

    fn model(&self) -> &'static Model {
        self.model
    }

    fn text_chars(&self) -> usize {
        self.brief.sections.iter().map(|text| text.chars().count()).sum()
    }

    async fn reuse(&self, cached: &Output) -> Result<Option<VoiceTrack>, Failure> {
        let Output::Voice { voice } = cached else {
            return Ok(None);
        };
        let copied = self
            .media
            .copy_into_project(self.task, &voice.key, Media::Voice, self.hash);
        Ok(copied.await?.map(|key| VoiceTrack { key, ..voice.clone() }))
    }

    async fn connect(&self) -> Result<Self::Client, ProviderError> {
        self.makers.client(self.model).await
    }

    async fn start(
        &self,
        client: &Self::Client,
        call: &Call,
    ) -> Result<ProviderReply<Speech>, ProviderError> {
        client.speak(call, self.brief).await
    }

    async fn poll(
        &self,
        client: &Self::Client,
        external_id: &str,
    ) -> Result<ProviderReply<Speech>, ProviderError> {
        client.poll(external_id, self.brief).await
    }

    fn file_bytes(speech: &Speech) -> usize {
        speech.wav.len()
    }

    fn check(&self, _speech: &Speech) -> Result<(), Failure> {
        Ok(())
    }

    async fn store(&self, speech: Speech) -> Result<VoiceTrack, Failure> {
        let voice = VoiceTrack {
            key: self.media.key(self.task, Media::Voice, self.hash),
            duration_ms: speech.duration_ms,
            words: speech.words,
            scene_marks_ms: speech.scene_marks_ms,
        };
        self.media
            .put(self.task, &voice.key, Media::Voice, speech.wav)
            .await?;
        Ok(voice)
    }

    fn output(voice: &VoiceTrack) -> Output {
        Output::Voice { voice: voice.clone() }
    }
}
