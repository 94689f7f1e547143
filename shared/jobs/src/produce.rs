//! How every paid output is made: the one order in which nothing is bought twice and nothing that was bought is lost.

use std::future::Future;

use catalogue::Model;
use domain::outputs::{InputHash, Output, Produced};
use domain::{ErrorCode, Failure};
use providers::{Call, ProviderError, ProviderReply};

use crate::output_cache::{NewOutput, fresh, reused};
use crate::provider_calls::{CallMode, Repeat};
use crate::step_deps::StepDeps;
use crate::task::Task;

/// A step whose output is bought from a provider: what differs between a script, an image, a voice track.
pub(crate) trait PaidStep: Sync {
    /// What the job delivers; its files are in the bucket.
    type Value: Send + Sync;
    /// The provider's result, whose files are still in memory.
    type Reply: Send + Sync;
    /// What calls the provider.
    type Client: Send + Sync;

    /// Hash of everything that the output depends on.
    fn hash(&self) -> &InputHash;

    /// The model that the job has chosen.
    fn model(&self) -> &'static Model;

    /// Characters of the text that a new call would send.
    fn text_chars(&self) -> usize;

    /// A cached output as this job delivers it; `None` when it cannot be used, because its file is gone.
    fn reuse(&self, cached: &Output) -> impl Future<Output = Result<Option<Self::Value>, Failure>> + Send;

    /// The client of the model; its address and secret may be read now.
    fn connect(&self) -> impl Future<Output = Result<Self::Client, ProviderError>> + Send;

    /// Calls the provider.
    fn start(
        &self,
        client: &Self::Client,
        call: &Call,
    ) -> impl Future<Output = Result<ProviderReply<Self::Reply>, ProviderError>> + Send;

    /// Asks for the call to which the provider gave this id.
    fn poll(
        &self,
        client: &Self::Client,
        external_id: &str,
    ) -> impl Future<Output = Result<ProviderReply<Self::Reply>, ProviderError>> + Send;

    /// Bytes of the result's file; 0 of one without a file.
    fn file_bytes(reply: &Self::Reply) -> usize;

    /// Refuses a result that breaks the provider's promise; nothing of it is stored.
    fn check(&self, reply: &Self::Reply) -> Result<(), Failure>;

    /// Stores the result's files.
    fn store(&self, reply: Self::Reply) -> impl Future<Output = Result<Self::Value, Failure>> + Send;

    /// The value as it is cached.
    fn output(value: &Self::Value) -> Output;
}

/// The step's output: the cached one of the same inputs, or a new one of the provider.
///
/// # Promises
/// The order is what protects money:
/// 1. A cached output is delivered again, with its file copied into this project; the provider is neither connected nor
///    called.
/// 2. The provider is connected before anything is written, so a secret that cannot be read leaves no call behind. The
///    call is written down before it is made, so a twin waits for it, and a call with an unknown outcome is seen.
/// 3. The provider's id of pending work is recorded before anything else happens, so a repeat polls.
/// 4. The file is stored before the output is cached, so no cached output is without its file. An entry whose file was
///    lost is replaced and marked unpaid.
/// 5. The cost is counted before the output is cached, so no cached output is without its cost.
/// 6. The call is cleared last: a repeat before that calls or polls the same call.
///
/// # Errors
/// Those of [`begin_call`](crate::provider_calls::ProviderCalls::begin_call) and
/// [`record_reply`](crate::provider_calls::ProviderCalls::record_reply); the step's own; the store's and the bucket's.
pub(crate) async fn produce<S: PaidStep>(
    deps: &StepDeps,
    task: &Task,
    step: &S,
) -> Result<Produced<S::Value>, Failure> {
    let StepDeps { cache, calls, .. } = deps;
    let (hash, model) = (step.hash(), step.model());
    let cached = cache.find(task, hash).await?;
    if let Some(cached) = &cached
        && let Some(value) = step.reuse(&cached.output).await?
    {
        return Ok(reused(value, hash, cached, model.model));
    }
    let client = step.connect().await?;
    let mode = calls
        .begin_call(task, hash, Repeat::from(model.repeatable), cached.as_ref())
        .await?;
    let reply = match &mode {
        CallMode::Start => match takes(model, step.text_chars()) {
            Ok(()) => step
                .start(&client, &call(hash))
                .await
                .and_then(|reply| promised(model, reply)),
            Err(refused) => Err(refused),
        },
        CallMode::Poll(external_id) => step.poll(&client, external_id).await,
    };
    let reply = calls.record_reply(task, hash, &mode, reply).await?;
    if let Err(refused) = fits(model, S::file_bytes(&reply)).and_then(|()| step.check(&reply)) {
        calls.clear_call(task, hash).await?;
        return Err(refused);
    }
    let value = step.store(reply).await?;
    let new = NewOutput {
        output: &S::output(&value),
        by: model.name(),
        lost: cached.as_ref(),
    };
    cache.cache(task, hash, new).await?;
    calls.clear_call(task, hash).await?;
    Ok(fresh(value, hash, model.name()))
}

/// Whether a new call may be made. What was begun before is polled to its end, also at a model that was switched off.
fn takes(model: &Model, text_chars: usize) -> Result<(), ProviderError> {
    if !model.enabled {
        return Err(ProviderError::no_such_model(&model.name()));
    }
    if is_above(text_chars, model.limits.text_chars_max) {
        return Err(ProviderError::Refused {
            doing: "measuring the text of a call",
            source: Some(format!("{text_chars} characters are more than {} takes", model.model).into()),
        });
    }
    Ok(())
}

/// The first reply of a model that keeps its promise. One that answers at once and says "later" has perhaps taken the call:
/// the outcome is unknown, because nobody will ever ask for it.
fn promised<T>(model: &Model, reply: ProviderReply<T>) -> Result<ProviderReply<T>, ProviderError> {
    match reply {
        ProviderReply::Pending { .. } if !model.asynchronous => Err(ProviderError::OutcomeUnknown {
            doing: "calling a model that answers at once",
            source: Some("it said that it will answer later".into()),
        }),
        reply => Ok(reply),
    }
}

/// Whether a result's file is no larger than the model's files are.
fn fits(model: &Model, file_bytes: usize) -> Result<(), Failure> {
    if is_above(file_bytes, model.limits.file_bytes_max) {
        return Err(Failure::new(ErrorCode::ProviderRejected)
            .because(format!("{} sent a file of {file_bytes} bytes", model.model)));
    }
    Ok(())
}

fn is_above(amount: usize, max: Option<u32>) -> bool {
    max.is_some_and(|max| u32::try_from(amount).map_or(true, |amount| amount > max))
}

/// What a provider gets besides its brief.
fn call(hash: &InputHash) -> Call {
    Call {
        idempotency_key: hash.as_str().to_owned(),
        callback_url: None,
    }
}

#[cfg(test)]
mod tests;
