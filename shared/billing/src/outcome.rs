//! The outcome of handling a provider's object.

use store::UnclaimedReason;

/// What was done; its word is stored with the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Credits were granted, now.
    Granted,
    /// They were granted before.
    AlreadyGranted,
    /// It was paid, and nothing could be granted: an operator has to act.
    Unclaimed(UnclaimedReason),
    /// Nothing is paid yet.
    Waiting,
    /// It ended without a payment.
    Ended,
    /// It is paid, and nothing was due.
    NothingDue,
    /// A subscription's row was updated to the provider's state.
    SubscriptionSynced,
    /// The row had the provider's state already.
    Unchanged,
    /// Credits were taken back or given back, now.
    Returned,
    /// A subscription beside the one that counts: it was ended, and its money goes back.
    SecondSubscription,
    /// A subscription of nobody that we know.
    UnknownAccount,
    /// A payment whose credits are not granted yet; whoever grants them looks for refunds then.
    NotGrantedYet,
    /// The provider has no such object.
    NoSuchObject,
    /// It is about test money where real money counts, or the other way round.
    OtherMode,
    /// A type of event that is not handled.
    Ignored,
}

impl Outcome {
    /// The word for logs and for the row of the event.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::AlreadyGranted => "already_granted",
            Self::Unclaimed(UnclaimedReason::UnknownAccount) => "unclaimed_unknown_account",
            Self::Unclaimed(UnclaimedReason::UnknownProduct) => "unclaimed_unknown_product",
            Self::Unclaimed(UnclaimedReason::AmountMismatch) => "unclaimed_amount_mismatch",
            Self::Unclaimed(UnclaimedReason::CurrencyMismatch) => "unclaimed_currency_mismatch",
            Self::Unclaimed(UnclaimedReason::WalletFull) => "unclaimed_wallet_full",
            Self::Waiting => "waiting",
            Self::Ended => "ended",
            Self::NothingDue => "nothing_due",
            Self::SubscriptionSynced => "change",
            Self::Unchanged => "unchanged",
            Self::Returned => "returned",
            Self::SecondSubscription => "second_subscription",
            Self::UnknownAccount => "unknown_account",
            Self::NotGrantedYet => "not_granted_yet",
            Self::NoSuchObject => "no_such_object",
            Self::OtherMode => "other_mode",
            Self::Ignored => "ignored",
        }
    }

    /// Whether an operator has to act.
    pub const fn needs_a_person(self) -> bool {
        matches!(self, Self::Unclaimed(_) | Self::UnknownAccount)
    }

    /// Whether the ledger or a row changed.
    pub const fn changed_something(self) -> bool {
        matches!(
            self,
            Self::Granted
                | Self::SubscriptionSynced
                | Self::Returned
                | Self::SecondSubscription
                | Self::Unclaimed(_)
        )
    }
}
