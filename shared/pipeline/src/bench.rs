//! What every step needs: the job in its run, stored outputs, media, and a vendor that is called at most once.

use std::path::Path;
use std::sync::Arc;

use domain::job::{Job, Step};
use domain::media::{KeyOf, Media};
use domain::outputs::{InputHash, MediaKey, Output, Produced, Source};
use domain::ports::{Clock, Objects};
use domain::receipt::Resource;
use domain::{ErrorCode, Failure, QuotaKind};
use ledger::{PriceList, cost_usd_micros};
use providers::{Call, ProviderError, Started};
use serde::Serialize;
use store::{Consumption, JobRun, OutputNote, Store, StoreError, StoredOutput, UsedFor, VendorCall};

use crate::task::Task;

/// How long a call without an answer may still be on its way, milliseconds: the longest time-out of a step.
const CALL_MS_MAX: i64 = 900_000;

/// The place where a step works.
#[derive(Debug, Clone)]
pub struct Bench {
    store: Store,
    objects: Arc<dyn Objects>,
    key_of: KeyOf,
    clock: Arc<dyn Clock>,
}

/// How to get at a vendor's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ask {
    /// By a new call.
    Start,
    /// By asking for the call with this id of the vendor.
    Poll(String),
}

/// Whether a vendor may be called again while the outcome of a call is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It finds the same call, or costs nothing.
    Safe,
    /// It may be billed twice.
    Never,
}

impl From<bool> for Repeat {
    /// By what the vendor says of itself.
    fn from(repeatable: bool) -> Self {
        if repeatable { Self::Safe } else { Self::Never }
    }
}

impl Bench {
    /// A bench over its stores; `key_of` is `objects::keys::media`.
    pub fn new(store: Store, objects: Arc<dyn Objects>, key_of: KeyOf, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            objects,
            key_of,
            clock,
        }
    }

    /// The task's job, with the step noted as begun.
    ///
    /// # Errors
    /// `job_ended` when the run is not open any more; the store's.
    pub(crate) async fn begin(&self, task: &Task, step: Step) -> Result<Job, Failure> {
        self.store
            .begin_step(run_of(task), step, self.clock.now())
            .await?;
        let job = self.store.job(task.account_id, task.job_id).await?;
        if job.run == task.run && job.state.is_open() {
            Ok(job)
        } else {
            Err(Failure::job_state(ErrorCode::JobEnded, job.state))
        }
    }

    /// Notes a step as done.
    pub(crate) async fn end(&self, task: &Task, step: Step) -> Result<(), Failure> {
        Ok(self.store.end_step(run_of(task), step, self.clock.now()).await?)
    }

    /// Notes an output in the job.
    pub(crate) async fn note(&self, task: &Task, note: OutputNote) -> Result<(), Failure> {
        Ok(self.store.note_output(run_of(task), &note).await?)
    }

    /// The job as it is now.
    pub(crate) async fn job(&self, task: &Task) -> Result<Job, Failure> {
        Ok(self.store.job(task.account_id, task.job_id).await?)
    }

    /// An output of the same inputs that was made before.
    pub(crate) async fn stored(
        &self,
        task: &Task,
        hash: &InputHash,
    ) -> Result<Option<StoredOutput>, Failure> {
        Ok(self.store.output(task.account_id, hash, self.clock.now()).await?)
    }

    /// Keeps an output for every later job with the same inputs; `lost` is the one that was stored and whose file
    /// is gone: it was paid for, and what is made in its place is not yet.
    pub(crate) async fn keep(
        &self,
        task: &Task,
        hash: &InputHash,
        output: &Output,
        by: (&str, Option<&StoredOutput>),
    ) -> Result<(), Failure> {
        let (vendor, lost) = by;
        self.note_cost(task, hash, output, vendor).await?;
        if let Some(lost) = lost {
            let now = self.clock.now();
            let replaced = self
                .store
                .replace_output(task.account_id, hash, lost, output, now);
            return Ok(replaced.await?);
        }
        // The first one wins in the store; this job delivers its own, whose file it has just written.
        self.store
            .put_output(task.account_id, hash, output, vendor, self.clock.now())
            .await?;
        Ok(())
    }

    /// Where a file of this job's project lies.
    pub(crate) fn key(&self, task: &Task, media: Media, hash: &InputHash) -> MediaKey {
        (self.key_of)(task.account_id, task.project_id, media, hash)
    }

    /// Counts what a vendor charges for an output: once in a run, before the output is kept, so that nothing that is
    /// kept was not counted.
    async fn note_cost(
        &self,
        task: &Task,
        hash: &InputHash,
        output: &Output,
        vendor: &str,
    ) -> Result<(), Failure> {
        let (resource, quantity) = work_of(output);
        let cost = cost_usd_micros(&PriceList::standard(), resource, vendor, quantity);
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

    /// Stores a file, when the account has room for it; the same key is counted once.
    pub(crate) async fn put(
        &self,
        task: &Task,
        key: &MediaKey,
        media: Media,
        bytes: Vec<u8>,
    ) -> Result<(), Failure> {
        let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.take_room(task, key, size_bytes).await?;
        Ok(self.objects.put(key, media.content_type(), bytes).await?)
    }

    /// The same for a file of so many bytes that may be larger than memory.
    pub(crate) async fn put_file(
        &self,
        task: &Task,
        key: &MediaKey,
        media: Media,
        (file, size_bytes): (&Path, u64),
    ) -> Result<(), Failure> {
        self.take_room(task, key, size_bytes).await?;
        Ok(self.objects.put_file(key, media.content_type(), file).await?)
    }

    async fn take_room(&self, task: &Task, key: &MediaKey, size_bytes: u64) -> Result<(), Failure> {
        let room = Consumption::of_media(key.as_str(), size_bytes);
        let now = self.clock.now();
        self.store.consume(task.account_id, &[room], now).await?;
        Ok(())
    }

    /// Stores a part of a video for a day: it takes no room of the account, which gets the whole.
    pub(crate) async fn put_chunk(&self, key: &MediaKey, file: &Path) -> Result<(), Failure> {
        let content_type = Media::Chunk.content_type();
        Ok(self.objects.put_file(key, content_type, file).await?)
    }

    /// Whether there is such a file.
    pub(crate) async fn has(&self, key: &MediaKey) -> Result<bool, Failure> {
        Ok(self.objects.size(key).await?.is_some())
    }

    /// Forgets a file; harmless when there is none.
    pub(crate) async fn forget(&self, key: &MediaKey) -> Result<(), Failure> {
        Ok(self.objects.delete(key).await?)
    }

    /// Stores what we say of a file: it takes no room of the account, so that a full one still learns why.
    pub(crate) async fn put_report(&self, key: &MediaKey, report: &impl Serialize) -> Result<(), Failure> {
        let bytes = serde_json::to_vec_pretty(report)
            .map_err(|error| Failure::new(ErrorCode::Internal).because(error))?;
        let content_type = Media::CheckReport.content_type();
        Ok(self.objects.put(key, content_type, bytes).await?)
    }

    /// Brings a file into a folder; its absence is our fault, not the caller's.
    pub(crate) async fn fetch(&self, key: &MediaKey, file: &Path) -> Result<(), Failure> {
        if self.fetch_if_there(key, file).await? {
            return Ok(());
        }
        Err(Failure::new(ErrorCode::Internal).because(format!("{} is not in the bucket", key.as_str())))
    }

    /// The same; answers whether it was there.
    pub(crate) async fn fetch_if_there(&self, key: &MediaKey, file: &Path) -> Result<bool, Failure> {
        match self.objects.get_file(key, file).await {
            Ok(()) => Ok(true),
            Err(error) if error.code == ErrorCode::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn find(&self, key: &MediaKey) -> Result<Option<Vec<u8>>, Failure> {
        match self.objects.get(key).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.code == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The same file under this job's project, or `None` when it is gone.
    ///
    /// A stored output may lie in another project of the account, and goes with it when that is deleted: so each
    /// project has its own copy.
    pub(crate) async fn adopt(
        &self,
        task: &Task,
        key: &MediaKey,
        media: Media,
        hash: &InputHash,
    ) -> Result<Option<MediaKey>, Failure> {
        let own = self.key(task, media, hash);
        if own == *key {
            return Ok(Some(own));
        }
        let Some(bytes) = self.find(key).await? else {
            return Ok(None);
        };
        self.put(task, &own, media, bytes).await?;
        Ok(Some(own))
    }

    /// How to get at the vendor's result, after a row says that the vendor is being called; `stored` is what was
    /// found before and cannot be used.
    ///
    /// # Promises
    /// A paid call without idempotency is never made again while its outcome is unknown.
    ///
    /// # Errors
    /// `provider_pending` while a twin may still be calling; `provider_rejected` when a call's outcome will never
    /// be known: the run fails, and a resume calls anew.
    pub(crate) async fn ask(
        &self,
        task: &Task,
        hash: &InputHash,
        repeat: Repeat,
        stored: Option<&StoredOutput>,
    ) -> Result<Ask, Failure> {
        let now = self.clock.now();
        match self.store.begin_vendor_call(task.account_id, hash, now).await? {
            VendorCall::New if stored.is_none() && self.stored(task, hash).await?.is_some() => {
                // A twin kept its output and ended its call since we looked: the next try takes that output.
                self.store.end_vendor_call(task.account_id, hash).await?;
                Err(Failure::new(ErrorCode::ProviderPending))
            }
            VendorCall::New => Ok(Ask::Start),
            VendorCall::Submitted { external_id, .. } => Ok(Ask::Poll(external_id)),
            VendorCall::Submitting { .. } if repeat == Repeat::Safe => Ok(Ask::Start),
            VendorCall::Submitting { since } if now.ms_since(since) < CALL_MS_MAX => {
                Err(Failure::new(ErrorCode::ProviderPending))
            }
            VendorCall::Submitting { .. } => {
                self.store.end_vendor_call(task.account_id, hash).await?;
                Err(Failure::new(ErrorCode::ProviderRejected)
                    .because("the outcome of a paid call is unknown"))
            }
        }
    }

    /// The vendor's result, once the vendor has said.
    ///
    /// # Errors
    /// `provider_pending` when the vendor works on it; the vendor's own failure.
    pub(crate) async fn answered<T>(
        &self,
        task: &Task,
        hash: &InputHash,
        ask: &Ask,
        answer: Result<Started<T>, ProviderError>,
    ) -> Result<T, Failure> {
        match answer {
            Ok(Started::Done(result)) => Ok(result),
            Ok(Started::Pending { external_id }) => {
                let noted = self.store.note_vendor_call(task.account_id, hash, &external_id);
                match noted.await {
                    // Not found: a twin was told the end meanwhile, and the next try finds what it kept.
                    Ok(()) | Err(StoreError::NotFound { .. }) => {
                        Err(Failure::new(ErrorCode::ProviderPending))
                    }
                    Err(error) => Err(error.into()),
                }
            }
            // The row stays: whoever comes next sees that nobody knows.
            Err(error @ ProviderError::OutcomeUnknown { .. }) => Err(error.into()),
            // Nor is a poll that did not get through a verdict: the vendor still has the call.
            Err(error @ (ProviderError::Throttled { .. } | ProviderError::Unavailable { .. }))
                if matches!(ask, Ask::Poll(_)) =>
            {
                Err(error.into())
            }
            Err(error) => {
                self.store.end_vendor_call(task.account_id, hash).await?;
                Err(error.into())
            }
        }
    }

    /// Forgets a vendor's call whose result is stored.
    pub(crate) async fn settle_call(&self, task: &Task, hash: &InputHash) -> Result<(), Failure> {
        Ok(self.store.end_vendor_call(task.account_id, hash).await?)
    }
}

/// What an output is on the price list, and how much of it: the measure of a vendor's bill.
fn work_of(output: &Output) -> (Resource, u64) {
    let seconds = |duration_ms: u32| u64::from(duration_ms.div_ceil(1000));
    match output {
        Output::Script { .. } => (Resource::ScriptGeneration, 1),
        Output::Picture { .. } => (Resource::ImageGeneration, 1),
        Output::Voice { voice } => (Resource::VoiceSynthesis, seconds(voice.duration_ms)),
        Output::Video { video } => (Resource::VideoGeneration, seconds(video.duration_ms)),
    }
}

/// What a vendor is told besides the brief.
pub(crate) fn call(hash: &InputHash) -> Call {
    Call {
        idempotency_key: hash.as_str().to_owned(),
        callback_url: None,
    }
}

/// An output that was made before, as this job delivers it.
pub(crate) fn reused<T>(value: T, hash: &InputHash, stored: &StoredOutput) -> Produced<T> {
    Produced {
        value,
        input_hash: hash.clone(),
        source: if stored.paid {
            Source::AlreadyPaid
        } else {
            Source::Reused
        },
        provider: stored.provider.clone(),
    }
}

/// An output that was made just now.
pub(crate) fn fresh<T>(value: T, hash: &InputHash, vendor: &str) -> Produced<T> {
    Produced {
        value,
        input_hash: hash.clone(),
        source: Source::Fresh,
        provider: vendor.to_owned(),
    }
}

/// Whether the job has this very output already: a repeat of a step that was done.
pub(crate) fn is_noted<T>(made: Option<&Produced<T>>, hash: &InputHash) -> bool {
    made.is_some_and(|made| made.input_hash == *hash)
}

fn run_of(task: &Task) -> JobRun {
    JobRun {
        account_id: task.account_id,
        job_id: task.job_id,
        run: task.run,
    }
}
