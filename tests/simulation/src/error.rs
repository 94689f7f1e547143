//! Why a simulation could not be run; what it has found is its [`crate::Tally`].

use store::StoreError;

/// A simulation that could not be run.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// No runtime for its thread.
    #[error("no runtime")]
    Runtime(#[source] std::io::Error),
    /// A thread stopped in the middle of a run.
    #[error("a thread stopped")]
    Thread,
    /// What every run begins with is not valid any more.
    #[error("nothing to begin with: {0}")]
    Begin(&'static str),
    /// The store refused although nothing was made to fail.
    #[error("the store refused")]
    Store(#[from] StoreError),
    /// Something is wrong although every guard stands: what would show without one, nobody can say.
    #[error("seed {seed} fails with every guard: {count}")]
    Fails {
        /// The run.
        seed: u64,
        /// What it counts.
        count: String,
    },
    /// Redis did not answer as it should.
    #[error("redis: {0}")]
    Redis(String),
}
