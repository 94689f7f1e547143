//! What the doors of the generation pipeline share: a connected [`Desk`](pipeline::Desk) and
//! [`Bench`](pipeline::Bench), and the start of a job.
//!
//! The routes differ in one [`JobKind`](domain::job::JobKind) each, so the way in is written once: [`start()`].
//! It stands here because it joins `api`, `pipeline` and `runtime`, which do not know each other.

mod bench;
mod deps;
mod start;

pub use bench::bench;
pub use deps::Deps;
pub use start::{StartWish, start};
