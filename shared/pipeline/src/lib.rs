//! Use cases of a job: quote, start, advance, finish, fail, cancel, resume, reconcile.
//!
//! | who | calls | with |
//! |---|---|---|
//! | `credit-quote` | [`Quotes`] | store |
//! | the API's generation routes | [`Desk`]: start, cancel, resume | store, executions |
//! | the state machine's steps | [`steps`] on a [`Bench`] | store, objects, a vendor or the [`Composer`] |
//! | `finish-job`, `fail-job` | [`Books`] | store |
//! | `reconcile-job` | [`Reconciler`] | store, executions |
//!
//! The rules are pure and have no store: [`inputs`], [`plan`], [`hashes`], [`verdict`].
//! Every end of a job is one transaction of [`Books`], so a hold ends once, whoever comes first.

mod bench;
mod books;
mod chunks;
mod composer;
mod desk;
mod folder;
pub mod hashes;
pub mod inputs;
pub mod plan;
mod quotes;
mod reconcile;
#[cfg(test)]
mod samples;
pub mod steps;
mod task;
mod undecided;
pub mod verdict;
mod view;

pub use bench::Bench;
pub use books::Books;
pub use chunks::{CHUNK_MS_MAX, ONE_GO_MS_MAX};
pub use composer::{
    Chunk, Composer, Finding, Rendered, THUMBNAIL_FILE, VIDEO_FILE, VOICE_FILE, chunk_file, scene_file,
};
pub use desk::{Desk, Wish};
pub use quotes::{Offer, Quotes, parse_max_credits};
pub use reconcile::{RUN_S_MAX, Reconciler, VERDICT_S_MAX, VISIT_AFTER_S, Visit};
pub use task::{ChunkTask, FailTask, SceneTask, StateError, Task};
pub use undecided::Makers;
pub use view::JobTaken;
