//! The third side of the nightly audit: what a vendor says was paid and given back, beside our rows and the ledger.
//!
//! | code | what differs |
//! |---|---|
//! | `payment_without_grant` | money came in, and neither a grant nor a kept payment says so |
//! | `payment_unclaimed` | it brought no credits and waits for a person |
//! | `grant_without_payment` | credits were granted, and the vendor has no paid object for them |
//! | `credits_differ` | a grant is of other credits than its payment bought |
//! | `amount_differs` | we noted another sum than was paid |
//! | `refund_differs` | what went back at the vendor is not what was taken back |
//! | `subscription_differs` | a subscription is not as its vendor says |
//! | `not_compared` | the vendor did not answer |
//!
//! It only reads. What it finds may be on its way, so one look proves nothing: whoever asks looks again some hours
//! later, and [`Finding::about`] is the same then.

use std::collections::BTreeSet;

use domain::billing::PaymentVendor;
use domain::ports::Work;
use domain::report::{Finding, NOT_COMPARED};
use domain::{AccountId, Failure};
use payments::PaymentError;

use crate::{Desk, Till};
use books::Books;
use told::Told;

mod books;
mod grants;
mod returns;
mod subscriptions;
mod told;

/// Money came in for which nothing was granted.
pub const PAYMENT_WITHOUT_GRANT: &str = "payment_without_grant";
/// Credits that no vendor was paid for.
pub const GRANT_WITHOUT_PAYMENT: &str = "grant_without_payment";
/// A grant of other credits than were bought.
pub const CREDITS_DIFFER: &str = "credits_differ";
/// Another sum than was paid.
pub const AMOUNT_DIFFERS: &str = "amount_differs";
/// What went back is not what was taken back.
pub const REFUND_DIFFERS: &str = "refund_differs";
/// A subscription that is not as its vendor says.
pub const SUBSCRIPTION_DIFFERS: &str = "subscription_differs";

/// Why a comparison with one vendor ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// The vendor: the others are compared all the same.
    #[error("{0}")]
    Vendor(#[from] PaymentError),
    /// Our own store: nothing can be said.
    #[error("{0:?}")]
    Ours(Failure),
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self::Ours(failure)
    }
}

impl From<store::StoreError> for Broken {
    fn from(error: store::StoreError) -> Self {
        Self::Ours(error.into())
    }
}

impl Desk {
    /// Compares everything of an account that was paid for with every vendor that is set up here.
    ///
    /// # Promises
    /// Reads only. A vendor that does not answer is one finding `not_compared`, whatever else was found with it.
    ///
    /// # Limits
    /// An account without customer and without payments costs no call of a vendor. Else Stripe is asked four times for
    /// each hundred objects, Creem three times, and up to five times more for each payment of which something is away.
    /// Credits that an operator granted by hand are compared when their key is that of a payment.
    ///
    /// # Errors
    /// The store's; never the vendor's.
    pub fn compare(&self, account: AccountId) -> Work<'_, Result<Vec<Finding>, Failure>> {
        Box::pin(self.compare_everywhere(account))
    }

    async fn compare_everywhere(&self, account: AccountId) -> Result<Vec<Finding>, Failure> {
        let mut books = Books::load(self, account).await?;
        let mut findings = Vec::new();
        let mut compared: BTreeSet<PaymentVendor> = BTreeSet::new();
        for (vendor, till) in &self.tills {
            match self.compare_with(till, &mut books).await {
                Ok(found) => {
                    findings.extend(found);
                    compared.insert(*vendor);
                }
                Err(Broken::Vendor(error)) => findings.push(finding(
                    NOT_COMPARED,
                    vendor.as_str(),
                    format!("{vendor} did not answer: {error}"),
                )),
                Err(Broken::Ours(failure)) => return Err(failure),
            }
        }
        findings.extend(books.grants_without_row());
        if books.vendors().all(|vendor| compared.contains(&vendor)) {
            findings.extend(books.unexplained_returns());
        }
        Ok(findings)
    }

    async fn compare_with(&self, till: &Till, books: &mut Books) -> Result<Vec<Finding>, Broken> {
        let vendor = till.payments.vendor();
        let customers = books.customers(vendor);
        if customers.is_empty() && !books.vendors().any(|known| known == vendor) {
            return Ok(Vec::new());
        }
        let told = Told::read(self, till, books, &customers).await?;
        let mut findings = self.compare_payments(till, books, &told).await?;
        findings.extend(self.compare_returns(till, books, &told).await?);
        findings.extend(self.compare_subscriptions(till, books, &told).await?);
        Ok(findings)
    }
}

/// A finding about one object.
fn finding(code: &str, about: &str, text: String) -> Finding {
    Finding {
        code: code.to_owned(),
        about: Some(about.to_owned()),
        text,
    }
}
