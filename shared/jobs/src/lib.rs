//! Use cases of a job: quote, start, advance, finish, fail, cancel, resume, reconcile.
//!
//! | who | calls | with |
//! |---|---|---|
//! | `credit-quote` | [`Quoter`] | store |
//! | the API's generation routes | [`JobService`]: start, cancel, resume | store, executions |
//! | the state machine's steps | [`steps`] with [`StepDeps`] | store, objects, a provider or the [`Composer`] |
//! | `finish-job`, `fail-job` | [`JobEndings`] | store |
//! | `reconcile-job` | [`Reconciler`] | store, executions |
//!
//! The rules are pure and have no store: [`inputs`], [`outdated`], [`plan`], [`hashes`], [`verdict`].
//! Every end of a job is one transaction of [`JobEndings`]: the first one ends the hold, later ones change nothing.

mod chunks;
mod composer;
mod endings;
mod folder;
pub mod hashes;
pub mod inputs;
mod job_service;
mod media_storage;
pub mod outdated;
mod output_cache;
pub mod plan;
mod produce;
mod provider_calls;
mod quoter;
mod reconcile;
mod refusals;
#[cfg(test)]
mod samples;
mod step_deps;
mod step_run;
pub mod steps;
mod task;
mod undecided;
pub mod verdict;
mod view;

pub use chunks::{CHUNK_MS_MAX, ONE_GO_MS_MAX};
pub use composer::{
    Chunk, Composer, Finding, Rendered, THUMBNAIL_FILE, VIDEO_FILE, VOICE_FILE, chunk_file, scene_file,
};
pub use endings::JobEndings;
pub use job_service::{JobService, OutdatedInputs, StartJob};
pub use quoter::{Offer, OfferRequest, Quoter, parse_max_credits};
pub use reconcile::{RECONCILE_AFTER_S, RUN_S_MAX, Reconciled, Reconciler, VERDICT_S_MAX};
pub use refusals::Consent;
pub use step_deps::StepDeps;
pub use task::{ChunkTask, FailTask, SceneTask, StateError, Task};
pub use view::AcceptedJob;
