//! The seam to whoever signs the bearer tokens.

use domain::ports::Work;
use domain::{AccountId, Failure, Timestamp};

/// What a good bearer token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The account that it was issued to.
    pub account: AccountId,
    /// The session that it belongs to: all tokens of one log-in; none when the signer does not say.
    pub session: Option<String>,
    /// When it was issued, to the second.
    pub issued_at: Timestamp,
}

/// Checks bearer tokens.
pub trait Tokens: std::fmt::Debug + Send + Sync {
    /// What a token says, when it is good now. Whether its session was ended is not asked.
    ///
    /// # Errors
    /// [`Failure`] with `unauthenticated` for a token that is not good now, `unavailable` when the signer's
    /// keys cannot be read.
    fn bearer<'a>(&'a self, token: &'a str, now: Timestamp) -> Work<'a, Result<Bearer, Failure>>;
}
