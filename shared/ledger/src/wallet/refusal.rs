//! The ways a wallet says no.

use domain::{Credits, CreditsError, LotId};

use super::LOTS_MAX;

/// A move that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WalletError {
    /// A grant or hold of nothing; a bug in the caller.
    #[error("a move of no credits")]
    Zero,
    /// The available credits do not cover the hold; the customer acts.
    #[error("{needed} credits are needed, {available} are available")]
    Insufficient {
        /// Credits asked for.
        needed: Credits,
        /// Credits that could have been held.
        available: Credits,
    },
    /// Credits are owed: nothing new can be held until they are paid; the customer acts.
    #[error("{debt} credits are owed")]
    InDebt {
        /// Credits that the account owes.
        debt: Credits,
    },
    /// The hold was settled or released before.
    #[error("the hold has ended")]
    HoldEnded,
    /// More is to be charged than was held; a bug in the caller.
    #[error("{charged} credits are above the hold of {held}")]
    AboveHold {
        /// Credits of the hold.
        held: Credits,
        /// Credits that were to be charged.
        charged: Credits,
    },
    /// A leg names a lot that does not hold its credits: the rows are corrupt.
    #[error("{0} does not hold the credits of this leg")]
    LotMissing(LotId),
    /// A grant names a lot that is there; a bug in the caller.
    #[error("{0} is in the wallet")]
    LotKnown(LotId),
    /// The wallet has [`LOTS_MAX`] lots.
    #[error("more than {LOTS_MAX} lots")]
    TooManyLots,
    /// An invariant does not hold: the rows are corrupt, or a rule is wrong.
    #[error("broken invariant: {0}")]
    Broken(&'static str),
    /// A sum left its range.
    #[error(transparent)]
    Credits(#[from] CreditsError),
}
