//! Whole credits, the product's money. No operators: every sum is checked.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount of credits; never negative.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, ToSchema,
)]
#[serde(transparent)]
pub struct Credits(u64);

/// A sum of credits that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditsError {
    /// The result would pass [`Credits::MAX`].
    #[error("more credits than an account can hold")]
    TooMany,
    /// The result would be below zero.
    #[error("fewer credits than zero")]
    BelowZero,
}

impl Credits {
    /// No credits at all.
    pub const ZERO: Self = Self(0);
    /// The most that one amount may be: 2^53 - 1, so that every JSON reader keeps it exact.
    pub const MAX: Self = Self(9_007_199_254_740_991);

    /// An amount from its parts in the program; above [`Self::MAX`] is cut to it.
    pub const fn new(amount: u64) -> Self {
        if amount > Self::MAX.0 {
            Self::MAX
        } else {
            Self(amount)
        }
    }

    /// Whole credits.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whether there are none.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `self + other`.
    ///
    /// # Errors
    /// [`CreditsError::TooMany`] above [`Self::MAX`].
    pub fn checked_add(self, other: Self) -> Result<Self, CreditsError> {
        self.0
            .checked_add(other.0)
            .filter(|sum| *sum <= Self::MAX.0)
            .map(Self)
            .ok_or(CreditsError::TooMany)
    }

    /// `self - other`.
    ///
    /// # Errors
    /// [`CreditsError::BelowZero`] when `other` is more.
    pub fn checked_sub(self, other: Self) -> Result<Self, CreditsError> {
        self.0
            .checked_sub(other.0)
            .map(Self)
            .ok_or(CreditsError::BelowZero)
    }

    /// `self * times`.
    ///
    /// # Errors
    /// [`CreditsError::TooMany`] above [`Self::MAX`].
    pub fn checked_mul(self, times: u64) -> Result<Self, CreditsError> {
        self.0
            .checked_mul(times)
            .filter(|sum| *sum <= Self::MAX.0)
            .map(Self)
            .ok_or(CreditsError::TooMany)
    }

    /// The sum of many.
    ///
    /// # Errors
    /// [`CreditsError::TooMany`] above [`Self::MAX`].
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, CreditsError> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }
}

impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
