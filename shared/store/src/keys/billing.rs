//! Keys of what payments leave behind.

use domain::AccountId;
use domain::billing::PaymentVendor;

use super::Key;

/// Subscriptions of an account.
pub(crate) const SUBSCRIPTION: &str = "SUB#";
/// Payments of an account.
pub(crate) const PAYMENT: &str = "PAY#";
/// Corrections of an account's subscriptions.
pub(crate) const CORRECTION: &str = "FIX#";

/// Partition of the payments that nobody could be given credits for.
pub(crate) const UNCLAIMED: &str = "UNCLAIMED";
/// Checkouts by the time at which they were opened.
pub(crate) const OPENED: &str = "AT#";
/// Partition of the checkouts that have not ended.
pub(crate) const OPEN_CHECKOUTS: &str = "CHECKOUTS";

/// Partition that lists every subscription of a vendor.
pub(crate) fn directory(vendor: PaymentVendor) -> String {
    format!("SUBS#{vendor}")
}

impl Key {
    pub(crate) fn subscription(account: AccountId, vendor: PaymentVendor, id: &str) -> Self {
        Self::owned(account, format!("{SUBSCRIPTION}{vendor}#{id}"))
    }

    /// From a vendor's subscription to its account.
    pub(crate) fn subscription_owner(vendor: PaymentVendor, id: &str) -> Self {
        Self {
            pk: directory(vendor),
            sk: format!("{SUBSCRIPTION}{id}"),
        }
    }

    /// The vendor's customer that an account pays as.
    pub(crate) fn customer(account: AccountId, vendor: PaymentVendor) -> Self {
        Self::owned(account, format!("CUST#{vendor}"))
    }

    /// From a vendor's customer to its account.
    pub(crate) fn customer_owner(vendor: PaymentVendor, id: &str) -> Self {
        Self::alone(format!("CUST#{vendor}#{id}"))
    }

    pub(crate) fn payment(account: AccountId, key: &str) -> Self {
        Self::owned(account, format!("{PAYMENT}{key}"))
    }

    /// From the vendor's id of the money's way to the payment.
    pub(crate) fn payment_reference(vendor: PaymentVendor, reference: &str) -> Self {
        Self::alone(format!("PAYREF#{vendor}#{reference}"))
    }

    /// Who has a payment's credits, whoever asks.
    pub(crate) fn payment_owner(key: &str) -> Self {
        Self::alone(format!("PAID#{key}"))
    }

    pub(crate) fn unclaimed(key: &str) -> Self {
        Self {
            pk: UNCLAIMED.to_owned(),
            sk: format!("{PAYMENT}{key}"),
        }
    }

    /// Fifteen digits, so that the order of the text is the order of the times.
    pub(crate) fn open_checkout(opened_ms: i64, vendor: PaymentVendor, id: &str) -> Self {
        Self {
            pk: OPEN_CHECKOUTS.to_owned(),
            sk: format!("{OPENED}{opened_ms:015}#{vendor}#{id}"),
        }
    }

    pub(crate) fn correction(account: AccountId, id: &str) -> Self {
        Self::owned(account, format!("{CORRECTION}{id}"))
    }

    /// How far the look for lost payments has come.
    pub(crate) fn sync_mark(vendor: PaymentVendor) -> Self {
        Self::alone(format!("SYNC#{vendor}"))
    }

    pub(crate) fn vendor_event(vendor: PaymentVendor, id: &str) -> Self {
        Self::alone(format!("EVENT#{vendor}#{id}"))
    }
}
