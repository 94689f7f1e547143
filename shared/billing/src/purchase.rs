//! Grants a purchase once, or stores it as unclaimed for an operator.

use domain::billing::PaymentProvider;
use domain::{AccountId, Credits, Failure, Timestamp};
use ledger::{Grant, Origin, Product, ProductId, ProductKind, product};
use payments::Money;
use store::{Payment, StoreError, Unclaimed, UnclaimedOutcome, UnclaimedReason};

use crate::{Billing, Outcome};

/// Shortest life of a subscription's credits, in days, when its payment was found late.
pub const LATE_DAYS_MIN: i64 = 3;

/// A paid checkout or invoice.
#[derive(Debug)]
pub(crate) struct Purchase {
    /// Key of its grant.
    pub(crate) key: String,
    pub(crate) provider: PaymentProvider,
    pub(crate) account: Option<AccountId>,
    pub(crate) kind: ProductKind,
    pub(crate) product: Option<ProductId>,
    /// The plan before, when only the sum tells of a change.
    pub(crate) replaced: Option<ProductId>,
    /// Before discounts and taxes.
    pub(crate) subtotal: Money,
    pub(crate) paid: Money,
    /// The provider's id of the money.
    pub(crate) reference: Option<String>,
    /// When the credits expire; `None` when the product decides.
    pub(crate) until: Option<Timestamp>,
}

impl Billing {
    /// Grants a purchase once, or stores it as unclaimed for an operator.
    pub(crate) async fn grant(&self, purchase: Purchase) -> Result<Outcome, Failure> {
        let product = match checked(&purchase) {
            Ok(product) => product,
            Err(reason) => return self.keep(&purchase, reason).await,
        };
        let Some(account) = purchase.account else {
            return self.keep(&purchase, UnclaimedReason::UnknownAccount).await;
        };
        let credits = product.credits;
        Ok(self.grant_to(account, &product, credits, &purchase).await?.0)
    }

    /// Grants so many credits of a subscription's invoice, whose amount was checked.
    pub(crate) async fn grant_credits(
        &self,
        purchase: Purchase,
        credits: Credits,
    ) -> Result<Outcome, Failure> {
        let product = match in_its_currency(&purchase) {
            Ok(product) => product,
            Err(reason) => return self.keep(&purchase, reason).await,
        };
        let Some(account) = purchase.account else {
            return self.keep(&purchase, UnclaimedReason::UnknownAccount).await;
        };
        Ok(self.grant_to(account, &product, credits, &purchase).await?.0)
    }

    /// Grants credits of a product for a purchase, whatever the purchase's amount; then looks for what was given back
    /// since.
    ///
    /// Answers also with the account that has the payment: another one, if an operator gave it away before.
    pub(crate) async fn grant_to(
        &self,
        account: AccountId,
        product: &Product,
        credits: Credits,
        purchase: &Purchase,
    ) -> Result<(Outcome, Option<AccountId>), Failure> {
        let now = self.now();
        let grant = Grant {
            key: purchase.key.clone(),
            lot_id: self.lot_id(),
            transaction_id: self.transaction_id(),
            origin: match product.kind {
                ProductKind::Pack => Origin::Purchase,
                ProductKind::Subscription => Origin::Subscription,
            },
            credits,
            expires_at: expiry(product, purchase.until, now),
            note: Some(product.name.to_owned()),
        };
        let payment = Payment {
            key: purchase.key.clone(),
            account_id: account,
            provider: purchase.provider,
            product: product.id,
            replaced: purchase.replaced,
            credits,
            paid_minor: u64::try_from(purchase.paid.minor).unwrap_or(0),
            currency: purchase.paid.currency.as_str().to_ascii_lowercase(),
            references: purchase.reference.iter().cloned().collect(),
            returns: Vec::new(),
            at: now,
        };
        let granted = match self.store.grant_payment(&payment, &grant, now).await {
            Ok(granted) => granted,
            Err(StoreError::NotFound { .. }) => {
                return Ok((self.keep(purchase, UnclaimedReason::UnknownAccount).await?, None));
            }
            Err(StoreError::Full { .. }) => {
                return Ok((self.keep(purchase, UnclaimedReason::WalletFull).await?, None));
            }
            Err(error) => return Err(error.into()),
        };
        let owner = granted.account_id;
        if let Some(reference) = &purchase.reference {
            self.store
                .note_reference(purchase.provider, reference, owner, &purchase.key)
                .await?;
            // A refund that came before this grant found no credits to take back.
            self.take_back(purchase.provider, reference).await?;
        }
        let outcome = if granted.is_new {
            Outcome::Granted
        } else {
            Outcome::AlreadyGranted
        };
        Ok((outcome, Some(owner)))
    }

    pub(crate) async fn keep(
        &self,
        purchase: &Purchase,
        reason: UnclaimedReason,
    ) -> Result<Outcome, Failure> {
        let unclaimed = Unclaimed {
            key: purchase.key.clone(),
            provider: purchase.provider,
            reason,
            account_id: purchase.account,
            product: purchase.product,
            paid_minor: purchase.paid.minor,
            currency: purchase.paid.currency.as_str().to_ascii_lowercase(),
            at: self.now(),
            claimed_by: None,
        };
        match self.store.store_unclaimed(&unclaimed).await? {
            UnclaimedOutcome::Stored => {
                tracing::error!(payment.key = %purchase.key, reason = Outcome::Unclaimed(reason).as_str(), "a payment brought no credits");
                Ok(Outcome::Unclaimed(reason))
            }
            UnclaimedOutcome::Known => Ok(Outcome::Unclaimed(reason)),
            UnclaimedOutcome::Granted(_) => Ok(Outcome::AlreadyGranted),
        }
    }
}

/// The product that a purchase is for, when its price is the catalogue's.
fn checked(purchase: &Purchase) -> Result<Product, UnclaimedReason> {
    let product = in_its_currency(purchase)?;
    if u64::try_from(purchase.subtotal.minor) != Ok(product.price.amount_minor) {
        return Err(UnclaimedReason::AmountMismatch);
    }
    Ok(product)
}

/// The product that a purchase is for, when it was paid in the catalogue's currency.
fn in_its_currency(purchase: &Purchase) -> Result<Product, UnclaimedReason> {
    let product = purchase
        .product
        .map(product)
        .ok_or(UnclaimedReason::UnknownProduct)?;
    if product.kind != purchase.kind {
        return Err(UnclaimedReason::UnknownProduct);
    }
    if !purchase
        .subtotal
        .currency
        .as_str()
        .eq_ignore_ascii_case(product.price.currency)
    {
        return Err(UnclaimedReason::CurrencyMismatch);
    }
    if purchase.paid.minor < 0 {
        return Err(UnclaimedReason::AmountMismatch);
    }
    Ok(product)
}

/// When bought credits expire. A pack's time begins now; a subscription's credits last until the paid period ends, but
/// at least [`LATE_DAYS_MIN`] from now: a payment that was found late must not bring expired credits.
fn expiry(product: &Product, until: Option<Timestamp>, now: Timestamp) -> Timestamp {
    match product.expires_days {
        Some(days) => now.plus_days(days),
        None => until
            .unwrap_or_else(|| now.plus_days(Origin::Subscription.days()))
            .max(now.plus_days(LATE_DAYS_MIN)),
    }
}
