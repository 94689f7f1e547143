//! The voice of the whole script, with the time of every word.

use domain::Failure;
use domain::job::Step;
use domain::media::Media;
use domain::outputs::{InputHash, Output, Produced, VoiceTrack};
use domain::ports::Work;
use providers::{VoiceBrief, VoiceMaker};
use store::OutputNote;

use crate::bench::{Ask, Bench, Repeat, call, fresh, is_noted, reused};
use crate::hashes::{ModelRef, voice_hash};
use crate::steps::script_of;
use crate::task::Task;

/// Speaks the job's script, or takes the stored track.
///
/// # Promises
/// A repeat speaks nothing again.
///
/// # Errors
/// `job_ended`, `voice_unknown`, the vendor's, the store's and the bucket's.
pub fn speak_script<'a>(
    bench: &'a Bench,
    maker: &'a dyn VoiceMaker,
    task: &'a Task,
) -> Work<'a, Result<(), Failure>> {
    Box::pin(async move {
        let job = bench.begin(task, Step::Voice).await?;
        let brief = VoiceBrief::of(&job.settings, script_of(&job)?);
        let by = ModelRef {
            vendor: maker.vendor(),
            model: maker.model(),
        };
        let hash = voice_hash(by, &brief)?;
        if !is_noted(job.outputs.voice.as_ref(), &hash) {
            let made = made(bench, maker, task, &brief, &hash).await?;
            bench.note(task, OutputNote::Voice(made)).await?;
        }
        bench.end(task, Step::Voice).await
    })
}

async fn made(
    bench: &Bench,
    maker: &dyn VoiceMaker,
    task: &Task,
    brief: &VoiceBrief,
    hash: &InputHash,
) -> Result<Produced<VoiceTrack>, Failure> {
    let stored = bench.stored(task, hash).await?;
    if let Some(stored) = &stored
        && let Output::Voice { voice } = &stored.output
        && let Some(key) = bench.adopt(task, &voice.key, Media::Voice, hash).await?
    {
        let own = VoiceTrack { key, ..voice.clone() };
        return Ok(reused(own, hash, stored));
    }
    let ask = bench
        .ask(task, hash, Repeat::from(maker.repeatable()), stored.as_ref())
        .await?;
    let answer = match &ask {
        Ask::Start => maker.speak(&call(hash), brief).await,
        Ask::Poll(id) => maker.poll(id, brief).await,
    };
    let speech = bench.answered(task, hash, &ask, answer).await?;
    let voice = VoiceTrack {
        key: bench.key(task, Media::Voice, hash),
        duration_ms: speech.duration_ms,
        words: speech.words,
        scene_marks_ms: speech.scene_marks_ms,
    };
    bench.put(task, &voice.key, Media::Voice, speech.wav).await?;
    let output = Output::Voice { voice: voice.clone() };
    let by = (maker.vendor(), stored.as_ref());
    bench.keep(task, hash, &output, by).await?;
    bench.settle_call(task, hash).await?;
    Ok(fresh(voice, hash, maker.vendor()))
}
