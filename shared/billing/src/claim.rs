//! An operator gives an unclaimed payment to an account.

use domain::{AccountId, Failure, Invalid};
use ledger::{ProductId, ProductKind, product};
use payments::{Currency, Money};
use store::{StoreError, Unclaimed};

use crate::purchase::Purchase;
use crate::{Billing, Outcome};

/// What an operator decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Key of the payment: `checkout:<id>` or `invoice:<id>`.
    pub key: String,
    /// Who gets its credits.
    pub account_id: AccountId,
    /// What it was for, when the payment itself does not say, or says it wrongly.
    pub product: Option<ProductId>,
}

impl Billing {
    /// Grants an unclaimed payment's product to an account, under the payment's own key.
    ///
    /// # Promises
    /// The payment goes to one account only, once; a repeat of the same claim changes nothing.
    ///
    /// # Errors
    /// `not_found` for a payment that is not unclaimed, or an unknown account; `conflict` when the payment went to
    /// another account, also by a webhook that came late; `validation_failed` of `product` when neither the payment nor
    /// the operator says what was bought.
    pub async fn claim(&self, claim: &Claim) -> Result<Outcome, Failure> {
        let kept = self.store.unclaimed(&claim.key).await?;
        let kept = kept.ok_or(StoreError::NotFound {
            what: "unclaimed payment",
        })?;
        self.store.account(claim.account_id).await?;
        let id = claim
            .product
            .or(kept.product)
            .ok_or_else(|| Invalid::new("product", "required", "is required: the payment does not say"))?;
        let sold = product(id);
        let purchase = self.purchase_of(&kept, sold.kind).await?;
        let (outcome, owner) = self
            .grant_to(claim.account_id, &sold, sold.credits, &purchase)
            .await?;
        if owner.is_some_and(|owner| owner != claim.account_id) {
            let what = "unclaimed payment";
            return Err(StoreError::Conflict { what }.into());
        }
        tracing::info!(account.id = %claim.account_id, payment.key = %claim.key, outcome = outcome.as_str(), "an operator gave a payment to an account");
        Ok(outcome)
    }

    /// The purchase with the provider's id of its money, so that a later refund finds it.
    async fn purchase_of(&self, kept: &Unclaimed, kind: ProductKind) -> Result<Purchase, Failure> {
        let payments = &self.setup(kept.provider)?.payments;
        let (mut reference, mut until) = (None, None);
        if let Some(id) = kept.key.strip_prefix("checkout:") {
            reference = payments.checkout(id).await?.and_then(|read| read.payment);
        } else if let Some(id) = kept.key.strip_prefix("invoice:")
            && let Some(invoice) = payments.invoice(id).await?
        {
            reference = invoice.payment;
            until = invoice.period.map(|period| period.end);
        }
        let currency = kept.currency.parse().unwrap_or(Currency::USD);
        let paid = Money::new(kept.paid_minor, currency);
        Ok(Purchase {
            key: kept.key.clone(),
            provider: kept.provider,
            account: kept.account_id,
            kind,
            product: kept.product,
            replaced: None,
            subtotal: paid,
            paid,
            reference,
            until,
        })
    }
}
