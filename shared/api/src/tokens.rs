//! The seam to whoever signs the bearer tokens.

use domain::ports::Work;
use domain::{AccountId, Failure, Timestamp};

/// Checks bearer tokens.
pub trait Tokens: std::fmt::Debug + Send + Sync {
    /// The account that a token was issued to.
    ///
    /// # Errors
    /// [`Failure`] with `unauthenticated` for a token that is not good now, `unavailable` when the signer's
    /// keys cannot be read.
    fn account<'a>(&'a self, token: &'a str, now: Timestamp) -> Work<'a, Result<AccountId, Failure>>;
}
