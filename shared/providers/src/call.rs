//! How every capability is called and how it answers: at once, or later under an id.
//!
//! One shape serves both kinds of provider (facts read 2026-11-20):
//!
//! | provider | answers | idempotency | `repeatable` |
//! |---|---|---|---|
//! | `local` | at once | deterministic and free | yes |
//! | Anthropic Messages | at once | none, a repeat may bill twice | no |
//! | ElevenLabs `with-timestamps` | at once | none | no |
//! | `PiAPI` Flux, kie.ai | id; webhook and `GET` | none | no |
//! | HeyGen v3, Sync | id; webhook and `GET` | `Idempotency-Key` | yes |
//!
//! A webhook never completes a step by its body: it only wakes the job, and the step calls `poll`, which reads the
//! job from the provider.
//! Links of providers expire, so `poll` answers with the bytes themselves and never with a link.

/// What every call to a provider carries besides its brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Sent to providers that know idempotency keys: 64 hexadecimal digits of the input hash fit all of them
    /// (the narrowest takes 1 to 128 characters of `[A-Za-z0-9._~-]`).
    pub idempotency_key: String,
    /// Where a provider that calls back should call; its path holds an unguessable token, because most providers
    /// sign nothing. `None`: the job is only polled.
    pub callback_url: Option<String>,
}

/// A provider's answer to a call or a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderReply<T> {
    /// The result, complete and checked.
    Done(T),
    /// The provider works on it; ask again with `poll`.
    Pending {
        /// The provider's own id of the work; to be stored before anything else happens.
        external_id: String,
    },
}
