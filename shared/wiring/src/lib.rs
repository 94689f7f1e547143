//! The crate that connects: dependencies that several functions share, built from the environment.
//!
//! Use cases know ports, `runtime` knows clients, and they meet here. A function whose dependencies have one of these
//! shapes says `pub use wiring::StoreDeps as Deps`; one with a shape of its own connects itself.
//!
//! [`start_job()`] is the way in that the five routes share which start a job: they differ in one
//! [`JobKind`](domain::job::JobKind) each. What works with payments is connected by
//! `billing-wiring`, what draws by `media-wiring`.

mod create_deps;
mod job_deps;
mod job_view;
mod media_deps;
mod models;
mod people_deps;
mod secret_deps;
mod start_job;
mod step_deps;
mod store_deps;

pub use create_deps::CreateDeps;
pub use job_deps::JobDeps;
pub use job_view::{JobSummary, JobView};
pub use media_deps::MediaDeps;
pub use models::{catalogue, default_models};
pub use people_deps::PeopleDeps;
pub use secret_deps::SecretDeps;
pub use start_job::{StartJobRequest, accepted, consent, start_job};
pub use step_deps::step_deps;
pub use store_deps::StoreDeps;
