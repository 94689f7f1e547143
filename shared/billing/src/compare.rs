//! The third side of the nightly audit: compares what a provider says was paid and returned with our rows and the
//! ledger.
//!
//! | code | what differs |
//! |---|---|
//! | `payment_without_grant` | money came in, and there is neither a grant nor an unclaimed payment for it |
//! | `payment_unclaimed` | a payment brought no credits and waits for an operator |
//! | `grant_without_payment` | credits were granted, and the provider has no paid object for them |
//! | `credits_differ` | a grant has another number of credits than its payment bought |
//! | `amount_differs` | our row has another sum than was paid |
//! | `refund_differs` | the provider returned another part than the ledger took back |
//! | `second_subscription` | a subscription was paid beside the one that counts: for a day after it was ended and its money went back, and for as long as either has not happened |
//! | `subscription_differs` | our row of a subscription differs from the provider's state |
//! | `not_compared` | the provider did not answer |
//!
//! It only reads. A difference may still be settling, so one comparison proves nothing: the caller compares again some
//! hours later, and [`Finding::about`] is the same then.

use std::collections::BTreeSet;

use domain::billing::PaymentProvider;
use domain::ports::Work;
use domain::report::{Finding, NOT_COMPARED};
use domain::{AccountId, Failure};
use payments::PaymentError;

use crate::{Billing, ProviderSetup};
use ledger_side::LedgerSide;
use provider_side::ProviderSide;

mod grants;
mod ledger_side;
mod provider_side;
mod refunds;
mod subscriptions;

/// Money came in for which nothing was granted.
pub const PAYMENT_WITHOUT_GRANT: &str = "payment_without_grant";
/// Credits that no provider was paid for.
pub const GRANT_WITHOUT_PAYMENT: &str = "grant_without_payment";
/// A grant of other credits than were bought.
pub const CREDITS_DIFFER: &str = "credits_differ";
/// Another sum than was paid.
pub const AMOUNT_DIFFERS: &str = "amount_differs";
/// What went back is not what was taken back.
pub const REFUND_DIFFERS: &str = "refund_differs";
/// A subscription that was paid beside the one that counts.
pub const SECOND_SUBSCRIPTION: &str = "second_subscription";
/// A subscription that is not as its provider says.
pub const SUBSCRIPTION_DIFFERS: &str = "subscription_differs";

/// Why a comparison with one provider ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompareError {
    /// The provider: the others are compared all the same.
    #[error("{0}")]
    Provider(#[from] PaymentError),
    /// Our own store: nothing can be said.
    #[error("{0:?}")]
    Ours(Failure),
}

impl From<Failure> for CompareError {
    fn from(failure: Failure) -> Self {
        Self::Ours(failure)
    }
}

impl From<store::StoreError> for CompareError {
    fn from(error: store::StoreError) -> Self {
        Self::Ours(error.into())
    }
}

impl Billing {
    /// Compares everything of an account that was paid for with every provider that is set up here.
    ///
    /// # Promises
    /// Reads only. A provider that does not answer is one finding `not_compared`, whatever else was found with it.
    ///
    /// # Limits
    /// An account without customer and payments costs no call of a provider. Otherwise a hundred objects cost four
    /// calls at Stripe and three at Creem, and each refunded payment up to five more. Credits that an operator granted
    /// by hand are compared when their key is that of a payment.
    ///
    /// # Errors
    /// The store's; never the provider's.
    pub fn compare(&self, account: AccountId) -> Work<'_, Result<Vec<Finding>, Failure>> {
        Box::pin(self.compare_everywhere(account))
    }

    async fn compare_everywhere(&self, account: AccountId) -> Result<Vec<Finding>, Failure> {
        let mut ledger_side = LedgerSide::load(self, account).await?;
        let mut findings = Vec::new();
        let mut compared: BTreeSet<PaymentProvider> = BTreeSet::new();
        for (provider, setup) in &self.providers {
            match self.compare_with(setup, &mut ledger_side).await {
                Ok(found) => {
                    findings.extend(found);
                    compared.insert(*provider);
                }
                Err(CompareError::Provider(error)) => findings.push(finding(
                    NOT_COMPARED,
                    provider.as_str(),
                    format!("{provider} did not answer: {error}"),
                )),
                Err(CompareError::Ours(failure)) => return Err(failure),
            }
        }
        findings.extend(ledger_side.grants_without_row());
        if ledger_side
            .providers()
            .all(|provider| compared.contains(&provider))
        {
            findings.extend(ledger_side.unexplained_refunds());
        }
        Ok(findings)
    }

    async fn compare_with(
        &self,
        setup: &ProviderSetup,
        ledger_side: &mut LedgerSide,
    ) -> Result<Vec<Finding>, CompareError> {
        let provider = setup.payments.provider();
        let customers = ledger_side.customers(provider);
        if customers.is_empty() && !ledger_side.providers().any(|known| known == provider) {
            return Ok(Vec::new());
        }
        let provider_side = ProviderSide::read(self, setup, ledger_side, &customers).await?;
        let mut findings = self.compare_payments(setup, ledger_side, &provider_side).await?;
        findings.extend(self.compare_refunds(setup, ledger_side, &provider_side).await?);
        findings.extend(
            self.compare_subscriptions(setup, ledger_side, &provider_side)
                .await?,
        );
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
