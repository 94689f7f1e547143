//! Lots of credits: where they came from and how long they can be used.

use domain::{Credits, LotId, Timestamp, TransactionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Change;

/// Where credits came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A pack that was bought.
    Purchase,
    /// A month of a subscription.
    Subscription,
    /// Given, at sign-up for example.
    Gift,
    /// Given back for something that went wrong.
    Refund,
    /// A correction by an operator, with a note.
    Adjustment,
}

impl Origin {
    /// Days until credits of this origin expire, when nothing else is said.
    ///
    /// # Source
    /// The product's own terms: purchase 365, gift and subscription 30; what we owe lives as long as a purchase.
    pub const fn days(self) -> i64 {
        match self {
            Self::Purchase | Self::Refund | Self::Adjustment => 365,
            Self::Subscription | Self::Gift => 30,
        }
    }
}

/// A lot of a wallet; it leaves the wallet when nothing of it is left or held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Unique id of the lot.
    pub id: LotId,
    /// Where it came from.
    pub origin: Origin,
    /// Credits that can be held now.
    pub remaining: Credits,
    /// Credits that open holds took from it.
    pub held: Credits,
    /// From this instant on, what remains cannot be used; what is held stays held.
    pub expires_at: Timestamp,
    /// When its own time was over, once it lives on by the grace of a release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace_since: Option<Timestamp>,
    /// When it was granted.
    pub created_at: Timestamp,
}

impl Lot {
    /// Whether what remains can no longer be used.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }

    /// Whether something remains that can no longer be used.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.is_expired(now) && !self.remaining.is_zero()
    }

    /// When its own time is over: grace moves the expiry, not this.
    pub(crate) fn own_end(&self) -> Timestamp {
        self.grace_since.unwrap_or(self.expires_at)
    }

    /// Place in the queue: first to expire goes first, then the oldest.
    pub(crate) const fn order(&self) -> (Timestamp, Timestamp, LotId) {
        (self.expires_at, self.created_at, self.id)
    }
}

/// Credits to be added to a wallet, once per key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What it is for, such as `signup:acct_...` or an invoice: the same key grants once, for ever.
    pub key: String,
    /// Id of the new lot.
    pub lot_id: LotId,
    /// Id of the history row.
    pub transaction_id: TransactionId,
    /// Where the credits come from.
    pub origin: Origin,
    /// How many; none is refused.
    pub credits: Credits,
    /// When they expire; see [`Origin::days`] for the default.
    pub expires_at: Timestamp,
    /// Why, for the customer's history.
    pub note: Option<String>,
}

/// Credits to be taken back: a refund, or a dispute that the customer won at their bank. Once per key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClawBack {
    /// What it is for, such as `refund:re_...`: the same key takes back once, for ever.
    pub key: String,
    /// How many; none is refused.
    pub credits: Credits,
    /// Key of the grant whose lot is taken from first, while it is there.
    pub from_grant: Option<String>,
    /// Id of the history row.
    pub transaction_id: TransactionId,
    /// Why, for the customer's history.
    pub note: Option<String>,
}

/// A claw back that did not stand: the refund failed, or the dispute was won. Once per claw back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// Key of the claw back.
    pub key: String,
    /// Id of the lot in which its credits come back.
    pub lot_id: LotId,
    /// Id of the history row.
    pub transaction_id: TransactionId,
    /// When what comes back expires; see [`Origin::days`] for the default of a refund.
    pub expires_at: Timestamp,
    /// Why, for the customer's history.
    pub note: Option<String>,
}

/// A correction by an operator, once per key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// What it is for: the same key adjusts once, for ever.
    pub key: String,
    /// Credits that come or go; none is refused.
    pub change: Change,
    /// Id of the lot that a positive one makes.
    pub lot_id: LotId,
    /// Id of the history row.
    pub transaction_id: TransactionId,
    /// When what comes expires; see [`Origin::days`] for the default.
    pub expires_at: Timestamp,
    /// Why: an operator always says.
    pub note: String,
}
