//! A signed difference of credits, as a history row shows it.

use domain::{Credits, CreditsError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Credits that came (positive) or went (negative).
///
/// # Limits
/// Its size is at most [`Credits::MAX`], so it always fits.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(transparent)]
pub struct Change(i64);

impl Change {
    /// Nothing came, nothing went.
    pub const ZERO: Self = Self(0);

    /// Credits that came.
    pub fn plus(credits: Credits) -> Self {
        Self(i64::try_from(credits.get()).unwrap_or(i64::MAX))
    }

    /// Credits that went.
    pub fn minus(credits: Credits) -> Self {
        Self(Self::plus(credits).0.saturating_neg())
    }

    /// Whole credits, negative for what left.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// How many, whether they came or went.
    pub const fn size(self) -> Credits {
        Credits::new(self.0.unsigned_abs())
    }

    /// Whether credits went.
    pub const fn is_minus(self) -> bool {
        self.0 < 0
    }

    /// The amount after this change.
    ///
    /// # Errors
    /// [`CreditsError`] when it would be negative or too large.
    pub fn applied_to(self, before: Credits) -> Result<Credits, CreditsError> {
        if self.is_minus() {
            before.checked_sub(self.size())
        } else {
            before.checked_add(self.size())
        }
    }
}
