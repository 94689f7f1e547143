//! Keys of what payments leave behind.

use domain::AccountId;
use domain::billing::PaymentProvider;

use super::Key;

/// Subscriptions of an account.
pub(crate) const SUBSCRIPTION: &str = "SUB#";
/// Payments of an account.
pub(crate) const PAYMENT: &str = "PAY#";
/// Corrections of an account's subscriptions.
pub(crate) const CORRECTION: &str = "FIX#";

/// Partition of payments for which nobody could be given credits.
pub(crate) const UNCLAIMED: &str = "UNCLAIMED";
/// Checkouts by the time at which they were opened.
pub(crate) const OPENED: &str = "AT#";
/// Partition of the checkouts that have not ended.
pub(crate) const OPEN_CHECKOUTS: &str = "CHECKOUTS";

/// Partition that lists every subscription of a provider.
pub(crate) fn directory(provider: PaymentProvider) -> String {
    format!("SUBS#{provider}")
}

impl Key {
    pub(crate) fn subscription(account: AccountId, provider: PaymentProvider, id: &str) -> Self {
        Self::owned(account, format!("{SUBSCRIPTION}{provider}#{id}"))
    }

    /// The one subscription that counts for an account.
    pub(crate) fn counting_subscription(account: AccountId) -> Self {
        Self::owned(account, "COUNTS#SUB".to_owned())
    }

    /// The page on which an account may subscribe.
    pub(crate) fn subscription_page(account: AccountId) -> Self {
        Self::owned(account, "PAGE#SUB".to_owned())
    }

    /// From a provider's subscription to its account.
    pub(crate) fn subscription_owner(provider: PaymentProvider, id: &str) -> Self {
        Self {
            pk: directory(provider),
            sk: format!("{SUBSCRIPTION}{id}"),
        }
    }

    /// The provider's customer that an account pays as.
    pub(crate) fn customer(account: AccountId, provider: PaymentProvider) -> Self {
        Self::owned(account, format!("CUST#{provider}"))
    }

    /// From a provider's customer to its account.
    pub(crate) fn customer_owner(provider: PaymentProvider, id: &str) -> Self {
        Self::alone(format!("CUST#{provider}#{id}"))
    }

    pub(crate) fn payment(account: AccountId, key: &str) -> Self {
        Self::owned(account, format!("{PAYMENT}{key}"))
    }

    /// From the provider's own id of a payment to our row of it.
    pub(crate) fn payment_reference(provider: PaymentProvider, reference: &str) -> Self {
        Self::alone(format!("PAYREF#{provider}#{reference}"))
    }

    /// Who has a payment's credits; one row per payment, not per account.
    pub(crate) fn payment_holder(key: &str) -> Self {
        Self::alone(format!("PAID#{key}"))
    }

    pub(crate) fn unclaimed(key: &str) -> Self {
        Self {
            pk: UNCLAIMED.to_owned(),
            sk: format!("{PAYMENT}{key}"),
        }
    }

    /// Fifteen digits, so that the order of the text is the order of the times.
    pub(crate) fn open_checkout(opened_ms: i64, provider: PaymentProvider, id: &str) -> Self {
        Self {
            pk: OPEN_CHECKOUTS.to_owned(),
            sk: format!("{OPENED}{opened_ms:015}#{provider}#{id}"),
        }
    }

    pub(crate) fn correction(account: AccountId, id: &str) -> Self {
        Self::owned(account, format!("{CORRECTION}{id}"))
    }

    /// How far `sync-payments` has looked for lost payments.
    pub(crate) fn sync_mark(provider: PaymentProvider) -> Self {
        Self::alone(format!("SYNC#{provider}"))
    }

    pub(crate) fn provider_event(provider: PaymentProvider, id: &str) -> Self {
        Self::alone(format!("EVENT#{provider}#{id}"))
    }
}
