//! What the doors of the generation pipeline share: a connected [`Desk`](pipeline::Desk) and
//! [`StepDeps`](pipeline::StepDeps), and the start of a job.
//!
//! The routes differ in one [`JobKind`](domain::job::JobKind) each, so the way in is written once: [`start()`].
//! It stands here because it joins `api`, `pipeline` and `runtime`, which do not know each other.

mod deps;
mod start;
mod step_deps;

pub use deps::Deps;
pub use start::{StartJobRequest, start};
pub use step_deps::step_deps;
