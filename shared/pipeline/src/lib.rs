//! Use cases of a job: quote, start, advance, finish, fail, cancel, resume, reconcile.
//!
//! | who | calls | with |
//! |---|---|---|
//! | `credit-quote` | [`Quotes`] | store |
//! | the API's generation routes | [`Desk`]: start, cancel, resume | store, executions |
//! | the state machine's steps | [`steps`] with [`StepDeps`] | store, objects, a provider or the [`Composer`] |
//! | `finish-job`, `fail-job` | [`Books`] | store |
//! | `reconcile-job` | [`Reconciler`] | store, executions |
//!
//! The rules are pure and have no store: [`inputs`], [`plan`], [`hashes`], [`verdict`].
//! Every end of a job is one transaction of [`Books`], so a hold ends once, whoever comes first.

mod books;
mod chunks;
mod composer;
mod desk;
mod folder;
pub mod hashes;
pub mod inputs;
mod media_storage;
mod output_cache;
pub mod plan;
mod produce;
mod provider_calls;
mod quotes;
mod reconcile;
#[cfg(test)]
mod samples;
mod step_deps;
mod step_run;
pub mod steps;
mod task;
mod undecided;
pub mod verdict;
mod view;

pub use books::Books;
pub use chunks::{CHUNK_MS_MAX, ONE_GO_MS_MAX};
pub use composer::{
    Chunk, Composer, Finding, Rendered, THUMBNAIL_FILE, VIDEO_FILE, VOICE_FILE, chunk_file, scene_file,
};
pub use desk::{Desk, Wish};
pub use quotes::{Offer, Quotes, parse_max_credits};
pub use reconcile::{RUN_S_MAX, Reconciler, VERDICT_S_MAX, VISIT_AFTER_S, Visit};
pub use step_deps::StepDeps;
pub use task::{ChunkTask, FailTask, SceneTask, StateError, Task};
pub use undecided::ModelsInUse;
pub use view::AcceptedJob;
