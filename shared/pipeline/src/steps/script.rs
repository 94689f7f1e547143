//! Keyword to script.

use domain::job::Step;
use domain::outputs::{InputHash, Output, Produced};
use domain::ports::Work;
use domain::script::Script;
use domain::settings::Settings;
use domain::{ErrorCode, Failure};
use providers::ScriptWriter;
use serde::{Deserialize, Serialize};
use store::OutputNote;

use crate::bench::{Ask, Bench, Repeat, call, fresh, is_noted, reused};
use crate::hashes::{ModelRef, script_hash, script_settings};
use crate::task::Task;

/// What the state machine goes on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenes {
    /// Scenes, from 0.
    pub scenes: Vec<u32>,
}

/// Writes the job's script, or takes the stored one.
///
/// # Promises
/// A repeat answers the same.
///
/// # Errors
/// `job_ended`, the vendor's, the store's; `provider_rejected` for a script outside the vendor's promise.
pub fn write_script<'a>(
    bench: &'a Bench,
    writer: &'a dyn ScriptWriter,
    task: &'a Task,
) -> Work<'a, Result<Scenes, Failure>> {
    Box::pin(async move {
        let job = bench.begin(task, Step::Script).await?;
        let settings = script_settings(&job.settings);
        let maker = ModelRef {
            vendor: writer.vendor(),
            model: writer.model(),
        };
        let hash = script_hash(maker, &settings)?;
        let scenes = if let Some(made) = job
            .outputs
            .script
            .as_ref()
            .filter(|made| is_noted(Some(made), &hash))
        {
            made.value.scenes()
        } else {
            let made = made(bench, writer, task, &settings, &hash).await?;
            let scenes = made.value.scenes();
            bench.note(task, OutputNote::Script(made)).await?;
            scenes
        };
        bench.end(task, Step::Script).await?;
        Ok(Scenes {
            scenes: (0..scenes).collect(),
        })
    })
}

async fn made(
    bench: &Bench,
    writer: &dyn ScriptWriter,
    task: &Task,
    settings: &Settings,
    hash: &InputHash,
) -> Result<Produced<Script>, Failure> {
    let stored = bench.stored(task, hash).await?;
    if let Some(stored) = &stored
        && let Output::Script { script } = &stored.output
    {
        return Ok(reused(script.clone(), hash, stored));
    }
    let ask = bench
        .ask(task, hash, Repeat::from(writer.repeatable()), stored.as_ref())
        .await?;
    let answer = match &ask {
        Ask::Start => writer.write(&call(hash), settings).await,
        Ask::Poll(id) => writer.poll(id, settings).await,
    };
    let script = bench.answered(task, hash, &ask, answer).await?;
    if !(1..=settings.scenes_max()).contains(&script.scenes()) {
        bench.settle_call(task, hash).await?;
        return Err(Failure::new(ErrorCode::ProviderRejected)
            .because(format!("a script of {} scenes", script.scenes())));
    }
    let output = Output::Script {
        script: script.clone(),
    };
    let by = (writer.vendor(), stored.as_ref());
    bench.keep(task, hash, &output, by).await?;
    bench.settle_call(task, hash).await?;
    Ok(fresh(script, hash, writer.vendor()))
}
