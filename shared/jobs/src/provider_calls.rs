//! Calls to providers, each written down before it is made: one that may be billed is never made twice by mistake.

use std::sync::Arc;

use domain::outputs::InputHash;
use domain::ports::Clock;
use domain::{ErrorCode, Failure};
use providers::{ProviderError, ProviderReply};
use store::{ProviderCall, Store, StoreError, StoredOutput};

use crate::task::Task;

/// How long a call without an answer may still be on its way, milliseconds: the longest time-out of a step.
const CALL_MS_MAX: i64 = 900_000;

/// The rows that say which provider is being called for which output.
#[derive(Debug, Clone)]
pub(crate) struct ProviderCalls {
    store: Store,
    clock: Arc<dyn Clock>,
}

/// How to get a provider's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CallMode {
    /// By a new call.
    Start,
    /// By asking for the call to which the provider gave this id.
    Poll(String),
}

/// Whether a provider may be called again while the outcome of a call is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It finds the same call, or costs nothing.
    Safe,
    /// It may be billed twice.
    Never,
}

impl From<bool> for Repeat {
    /// From the provider's `repeatable`.
    fn from(repeatable: bool) -> Self {
        if repeatable { Self::Safe } else { Self::Never }
    }
}

impl ProviderCalls {
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Writes down that the provider is being called, and says how to get its result; `unusable` is the cached output
    /// that was found before and cannot be used.
    ///
    /// # Promises
    /// A paid call without idempotency is never made again while its outcome is unknown.
    ///
    /// # Errors
    /// `provider_pending` while a twin (the same step, delivered twice) may still be calling; `provider_rejected` when
    /// a call's outcome will never be known: the run fails, and a resume calls anew.
    pub(crate) async fn begin_call(
        &self,
        task: &Task,
        hash: &InputHash,
        repeat: Repeat,
        unusable: Option<&StoredOutput>,
    ) -> Result<CallMode, Failure> {
        let now = self.clock.now();
        match self.store.begin_provider_call(task.account_id, hash, now).await? {
            ProviderCall::New if unusable.is_none() && self.is_cached(task, hash).await? => {
                // A twin cached its output and cleared its call since we looked: the next try takes that output.
                self.clear_call(task, hash).await?;
                Err(Failure::new(ErrorCode::ProviderPending))
            }
            ProviderCall::New => Ok(CallMode::Start),
            ProviderCall::Submitted { external_id, .. } => Ok(CallMode::Poll(external_id)),
            ProviderCall::Submitting { .. } if repeat == Repeat::Safe => Ok(CallMode::Start),
            ProviderCall::Submitting { since } if now.ms_since(since) < CALL_MS_MAX => {
                Err(Failure::new(ErrorCode::ProviderPending))
            }
            ProviderCall::Submitting { .. } => {
                self.clear_call(task, hash).await?;
                Err(Failure::new(ErrorCode::ProviderRejected)
                    .because("the outcome of a paid call is unknown"))
            }
        }
    }

    /// The provider's result, once it has one; what it says before is recorded in the call's row.
    ///
    /// # Errors
    /// `provider_pending` when the provider still works on it; the provider's own failure.
    pub(crate) async fn record_reply<T>(
        &self,
        task: &Task,
        hash: &InputHash,
        mode: &CallMode,
        reply: Result<ProviderReply<T>, ProviderError>,
    ) -> Result<T, Failure> {
        match reply {
            Ok(ProviderReply::Done(result)) => Ok(result),
            Ok(ProviderReply::Pending { external_id }) => {
                let noted = self.store.note_provider_call(task.account_id, hash, &external_id);
                match noted.await {
                    // Not found: a twin got the result meanwhile, and the next try finds what it cached.
                    Ok(()) | Err(StoreError::NotFound { .. }) => {
                        Err(Failure::new(ErrorCode::ProviderPending))
                    }
                    Err(error) => Err(error.into()),
                }
            }
            // The row stays: whoever comes next sees that the outcome is unknown.
            Err(error @ ProviderError::OutcomeUnknown { .. }) => Err(error.into()),
            // The row stays: a poll that did not get through says nothing of the call, which the provider still has.
            Err(error @ (ProviderError::Throttled { .. } | ProviderError::Unavailable { .. }))
                if matches!(mode, CallMode::Poll(_)) =>
            {
                Err(error.into())
            }
            Err(error) => {
                self.clear_call(task, hash).await?;
                Err(error.into())
            }
        }
    }

    /// Forgets a call that is over: its result is cached, or it has none.
    pub(crate) async fn clear_call(&self, task: &Task, hash: &InputHash) -> Result<(), Failure> {
        Ok(self.store.end_provider_call(task.account_id, hash).await?)
    }

    async fn is_cached(&self, task: &Task, hash: &InputHash) -> Result<bool, Failure> {
        let cached = self.store.output(task.account_id, hash, self.clock.now()).await?;
        Ok(cached.is_some())
    }
}
