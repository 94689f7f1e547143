//! Keyword to script.

use std::sync::Arc;

use catalogue::{Capability, Model};
use domain::job::Step;
use domain::outputs::{InputHash, Output};
use domain::ports::Work;
use domain::script::Script;
use domain::settings::Settings;
use domain::{ErrorCode, Failure};
use providers::{Call, Clients, ProviderError, ProviderReply, ScriptWriter};
use serde::{Deserialize, Serialize};
use store::OutputNote;

use crate::hashes::{script_hash, script_settings};
use crate::produce::{PaidStep, produce};
use crate::step_deps::StepDeps;
use crate::step_run::is_noted;
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
/// `job_ended`, `model_unavailable`, the provider's, the store's; `provider_rejected` for a script outside the provider's promise.
pub fn write_script<'a>(
    deps: &'a StepDeps,
    writers: &'a dyn Clients<dyn ScriptWriter>,
    task: &'a Task,
) -> Work<'a, Result<Scenes, Failure>> {
    Box::pin(async move {
        let job = deps.run.begin(task, Step::Script).await?;
        let settings = script_settings(&job.settings);
        let name = deps.model_name(&job, Capability::Script);
        let hash = script_hash((&name).into(), &settings)?;
        let noted = job.outputs.script.as_ref();
        let scenes = if let Some(noted) = noted.filter(|noted| is_noted(Some(noted), &hash)) {
            noted.value.scenes()
        } else {
            let model = deps.model(Capability::Script, &name)?;
            let step = ScriptStep {
                model,
                writers,
                settings: &settings,
                hash: &hash,
            };
            let script = produce(deps, task, &step).await?;
            let scenes = script.value.scenes();
            deps.run.note(task, OutputNote::Script(script)).await?;
            scenes
        };
        deps.run.end(task, Step::Script).await?;
        Ok(Scenes {
            scenes: (0..scenes).collect(),
        })
    })
}

/// The script of one keyword; it has no file.
struct ScriptStep<'a> {
    model: &'static Model,
    writers: &'a dyn Clients<dyn ScriptWriter>,
    settings: &'a Settings,
    hash: &'a InputHash,
}

impl PaidStep for ScriptStep<'_> {
    type Value = Script;
    type Reply = Script;
    type Client = Arc<dyn ScriptWriter>;

    fn hash(&self) -> &InputHash {
        self.hash
    }

    fn model(&self) -> &'static Model {
        self.model
    }

    fn text_chars(&self) -> usize {
        self.settings.keyword.as_str().chars().count()
    }

    async fn reuse(&self, cached: &Output) -> Result<Option<Script>, Failure> {
        Ok(match cached {
            Output::Script { script } => Some(script.clone()),
            _ => None,
        })
    }

    async fn connect(&self) -> Result<Self::Client, ProviderError> {
        self.writers.client(self.model).await
    }

    async fn start(
        &self,
        client: &Self::Client,
        call: &Call,
    ) -> Result<ProviderReply<Script>, ProviderError> {
        client.write(call, self.settings).await
    }

    async fn poll(
        &self,
        client: &Self::Client,
        external_id: &str,
    ) -> Result<ProviderReply<Script>, ProviderError> {
        client.poll(external_id, self.settings).await
    }

    fn file_bytes(_script: &Script) -> usize {
        0
    }

    fn check(&self, script: &Script) -> Result<(), Failure> {
        if (1..=self.settings.scenes_max()).contains(&script.scenes()) {
            return Ok(());
        }
        Err(Failure::new(ErrorCode::ProviderRejected)
            .because(format!("a script of {} scenes", script.scenes())))
    }

    async fn store(&self, script: Script) -> Result<Script, Failure> {
        Ok(script)
    }

    fn output(script: &Script) -> Output {
        Output::Script {
            script: script.clone(),
        }
    }
}
