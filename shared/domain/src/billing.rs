//! What payments are about, whoever takes them: the provider, and how a subscription stands with us.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who takes the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentProvider {
    /// The payment provider Stripe.
    Stripe,
    /// Creem, a merchant of record.
    Creem,
}

impl PaymentProvider {
    /// Every provider.
    pub const ALL: [Self; 2] = [Self::Stripe, Self::Creem];

    /// The word on the wire, in keys and in configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stripe => "stripe",
            Self::Creem => "creem",
        }
    }
}

impl fmt::Display for PaymentProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a subscription stands with us; providers have more words, which map to these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStatus {
    /// The current period is paid.
    Active,
    /// In its trial.
    Trialing,
    /// A payment failed and is tried again; what is paid for stays.
    PastDue,
    /// Not paid: nothing is given.
    Unpaid,
    /// It ended and is not renewed.
    Canceled,
}

impl SubscriptionStatus {
    /// Whether it gives its plan's limits.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Active | Self::Trialing | Self::PastDue)
    }

    /// Whether nothing can happen to it any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Canceled)
    }
}
