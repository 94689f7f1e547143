//! Money that came in, and what of it went back.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Money;

/// What a payment paid for: the key under which credits were granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A pack, by its checkout.
    Checkout(String),
    /// A period of a subscription, by its invoice.
    Invoice(String),
}

/// How far a refund has come.
///
/// # Source
/// Stripe's `Refund.status`, Creem's enum of the same words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// The customer must act first.
    RequiresAction,
    /// Done.
    Succeeded,
    /// The bank sent it back: the money is ours again.
    Failed,
    /// Taken back.
    Canceled,
}

impl RefundStatus {
    /// Whether the money is away or on its way: then its credits are taken back.
    pub const fn takes_back(self) -> bool {
        match self {
            Self::Pending | Self::RequiresAction | Self::Succeeded => true,
            Self::Failed | Self::Canceled => false,
        }
    }
}

/// Money that goes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The provider's id.
    pub id: String,
    /// The payment that is given back.
    pub payment: Option<String>,
    /// How much.
    pub amount: Money,
    /// How far it has come.
    pub status: RefundStatus,
    /// When it was made.
    pub created: Timestamp,
}

/// How far a dispute has come.
///
/// # Source
/// Stripe's `Dispute.status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    /// We must answer.
    NeedsResponse,
    /// The bank is reading.
    UnderReview,
    /// The money is ours.
    Won,
    /// The money is gone.
    Lost,
    /// An inquiry before a dispute; no money has moved.
    WarningNeedsResponse,
    /// The bank is reading an inquiry.
    WarningUnderReview,
    /// An inquiry that came to nothing.
    WarningClosed,
    /// Settled with the customer before it became a dispute.
    Prevented,
}

impl DisputeStatus {
    /// Whether the money is away, perhaps only until the verdict.
    pub const fn takes_back(self) -> bool {
        match self {
            Self::NeedsResponse | Self::UnderReview | Self::Lost => true,
            Self::Won
            | Self::WarningNeedsResponse
            | Self::WarningUnderReview
            | Self::WarningClosed
            | Self::Prevented => false,
        }
    }
}

/// A customer's bank asks for the money back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// The provider's id.
    pub id: String,
    /// The payment in question.
    pub payment: Option<String>,
    /// How much.
    pub amount: Money,
    /// How far it has come.
    pub status: DisputeStatus,
    /// When it was opened.
    pub created: Timestamp,
}

/// Whether a payment's money came in; refunds do not change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// It did.
    Succeeded,
    /// Not yet: a delayed method, or the customer must act.
    Pending,
    /// It will not: declined or taken back.
    Failed,
}

/// One payment with all that happened to it.
///
/// # Shape
/// Stripe: a payment intent, its latest charge, the charge's refunds and disputes. Creem: a transaction, which knows
/// only a sum: `refunds` and `disputes` are empty and `refunded` counts, all of the payment while it is charged back.
/// So what to take back is `refunded`, against what was taken before, and never the sum of single notices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The provider's id: `pi_…`, `tran_…`.
    pub id: String,
    /// What it paid for; `None` when the provider does not say, then the stored row of the payment's id does.
    pub origin: Option<Origin>,
    /// What the customer paid.
    pub amount: Money,
    /// What of it is given back or on its way: the sum of refunds that [`RefundStatus::takes_back`].
    pub refunded: Money,
    /// Whether the money came in.
    pub status: PaymentStatus,
    /// Single refunds, where the provider tells them; newest first.
    pub refunds: Vec<Refund>,
    /// Disputes; newest first.
    pub disputes: Vec<Dispute>,
    /// The provider's customer.
    pub customer: Option<String>,
    /// Real money.
    pub livemode: bool,
    /// When it was made.
    pub created: Timestamp,
}

impl Payment {
    /// Whether all of it is given back, on its way back, or taken by a bank.
    pub fn is_away(&self) -> bool {
        let disputed = self.disputes.iter().filter(|dispute| dispute.status.takes_back());
        let disputed: i64 = disputed.fold(0, |sum, dispute| sum.saturating_add(dispute.amount.minor));
        self.refunded.minor.saturating_add(disputed) >= self.amount.minor
    }
}

/// Money that came in, and what of it is away, as sums: enough to see whether anything happened to it since.
///
/// # Shape
/// Stripe: a charge that succeeded. Creem: a transaction whose money came in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "two independent facts of a provider's object"
)]
pub struct Charge {
    /// The payment: id of [`Payment`].
    pub payment: String,
    /// What was paid.
    pub amount: Money,
    /// What of it is given back or on its way; all of it while Creem has it charged back.
    pub refunded: Money,
    /// The provider's page of its receipt; Creem tells none.
    pub url: Option<String>,
    /// Whether it ever was disputed: then [`Payments::payment`](crate::Payments::payment) tells how that stands.
    pub is_disputed: bool,
    /// Real money.
    pub livemode: bool,
    /// When it was made.
    pub created: Timestamp,
}
