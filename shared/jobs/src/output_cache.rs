//! Outputs of an account by the hash of their inputs: what was made once is not made again.

use std::sync::Arc;

use catalogue::Catalogue;
use domain::job::JobModel;
use domain::outputs::{InputHash, Output, Produced, Source};
use domain::ports::Clock;
use domain::receipt::Resource;
use domain::{Failure, QuotaKind};
use ledger::cost_usd_micros;
use store::{Consumption, Store, StoredOutput, UsedFor};

use crate::task::Task;

/// Finds and stores outputs, and counts what providers charge for them.
#[derive(Debug, Clone)]
pub(crate) struct OutputCache {
    store: Store,
    catalogue: Catalogue,
    clock: Arc<dyn Clock>,
}

/// An output to be cached.
#[derive(Debug, Clone)]
pub(crate) struct NewOutput<'a> {
    pub(crate) output: &'a Output,
    /// What made it.
    pub(crate) by: JobModel,
    /// The cache entry whose file is missing: it is replaced and marked unpaid, because what was paid for is gone.
    pub(crate) lost: Option<&'a StoredOutput>,
}

impl OutputCache {
    pub(crate) fn new(store: Store, catalogue: Catalogue, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            catalogue,
            clock,
        }
    }

    /// The output of the same inputs that was made before.
    pub(crate) async fn find(&self, task: &Task, hash: &InputHash) -> Result<Option<StoredOutput>, Failure> {
        Ok(self.store.output(task.account_id, hash, self.clock.now()).await?)
    }

    /// Stores an output for every later job of the account with the same inputs.
    ///
    /// # Promises
    /// The provider's charge is counted first, so that no output is cached whose cost is not.
    pub(crate) async fn cache(
        &self,
        task: &Task,
        hash: &InputHash,
        new: NewOutput<'_>,
    ) -> Result<(), Failure> {
        let NewOutput { output, by, lost } = new;
        self.note_cost(task, hash, output, &by).await?;
        let now = self.clock.now();
        if let Some(lost) = lost {
            let replaced = self
                .store
                .replace_output(task.account_id, hash, lost, output, now);
            return Ok(replaced.await?);
        }
        // The first one wins in the store; this job delivers its own, whose file it has just written.
        self.store
            .put_output(task.account_id, hash, output, &by.provider, now)
            .await?;
        Ok(())
    }

    /// Counts what a provider charges for an output, once in a run.
    async fn note_cost(
        &self,
        task: &Task,
        hash: &InputHash,
        output: &Output,
        by: &JobModel,
    ) -> Result<(), Failure> {
        let (resource, quantity) = work_of(output);
        let cost = cost_usd_micros(self.catalogue, resource, by, quantity);
        if cost == 0 {
            return Ok(());
        }
        let of = UsedFor::new("output", format!("{}/{}/{hash}", task.job_id, task.run));
        let noted =
            [(QuotaKind::AiRequest, 1), (QuotaKind::ApiCostUsdMicros, cost)].map(|(kind, quantity)| {
                Consumption {
                    kind,
                    quantity,
                    used_for: of.clone(),
                }
            });
        let now = self.clock.now();
        self.store.note_use(task.account_id, &noted, now).await?;
        Ok(())
    }
}

/// What an output is in the catalogue, and how much of it: the measure of a provider's bill.
fn work_of(output: &Output) -> (Resource, u64) {
    let seconds = |duration_ms: u32| u64::from(duration_ms.div_ceil(1000));
    match output {
        Output::Script { .. } => (Resource::ScriptGeneration, 1),
        Output::Image { .. } => (Resource::ImageGeneration, 1),
        Output::Voice { voice } => (Resource::VoiceSynthesis, seconds(voice.duration_ms)),
        Output::Video { video } => (Resource::VideoGeneration, seconds(video.duration_ms)),
    }
}

/// An output that was made before, as this job delivers it.
///
/// `model` is part of the hash, so it is the one that made it.
pub(crate) fn reused<T>(value: T, hash: &InputHash, stored: &StoredOutput, model: &str) -> Produced<T> {
    Produced {
        value,
        input_hash: hash.clone(),
        source: if stored.paid {
            Source::AlreadyPaid
        } else {
            Source::Reused
        },
        provider: stored.provider.clone(),
        model: Some(model.to_owned()),
    }
}

/// An output that was made just now.
pub(crate) fn fresh<T>(value: T, hash: &InputHash, by: JobModel) -> Produced<T> {
    Produced {
        value,
        input_hash: hash.clone(),
        source: Source::Fresh,
        provider: by.provider,
        model: Some(by.model),
    }
}
