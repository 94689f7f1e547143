//! A provider's word for a subscription's state, as ours.

use domain::billing::SubscriptionStatus as Ours;
use payments::SubscriptionStatus as Theirs;

/// Our word.
///
/// # Source
/// The product's own table: `active` ACTIVE, `canceled` CANCELED, `past_due` `PAST_DUE`, `unpaid` UNPAID, `trialing`
/// TRIALING, `incomplete` UNPAID, `incomplete_expired` CANCELED. `paused` came later and is not in it: nothing is
/// paid while it stands still, so it is UNPAID.
pub(crate) const fn ours(theirs: Theirs) -> Ours {
    match theirs {
        Theirs::Active => Ours::Active,
        Theirs::Trialing => Ours::Trialing,
        Theirs::PastDue => Ours::PastDue,
        Theirs::Incomplete | Theirs::Unpaid | Theirs::Paused => Ours::Unpaid,
        Theirs::Canceled | Theirs::IncompleteExpired => Ours::Canceled,
    }
}

#[cfg(test)]
mod tests;
