//! From a paid checkout or invoice to credits, once.
//!
//! Packs are granted by their checkout and subscriptions by their invoices, never both: a subscription's checkout
//! grants nothing, so its first month is not paid twice.

use domain::billing::PaymentProvider;
use domain::{AccountId, Failure, Timestamp};
use ledger::{Grant, Origin, Product, ProductId, ProductKind, product};
use payments::{CheckoutState, CheckoutStatus, Invoice, InvoiceReason, InvoiceStatus, Money, Paid, Sale};
use store::{PaidPeriod, Payment, StoreError, Unclaimed, UnclaimedOutcome, UnclaimedReason};

use crate::{Billing, Outcome, ProviderSetup};

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
    /// Before discounts and taxes.
    pub(crate) subtotal: Money,
    pub(crate) paid: Money,
    /// The provider's id of the money.
    pub(crate) reference: Option<String>,
    /// When the credits expire; `None` when the product decides.
    pub(crate) until: Option<Timestamp>,
}

/// Key of a checkout's grant.
pub(crate) fn checkout_key(id: &str) -> String {
    format!("checkout:{id}")
}

/// Key of an invoice's grant.
pub(crate) fn invoice_key(id: &str) -> String {
    format!("invoice:{id}")
}

/// Whether a checkout grants: it is complete, sells a pack, and is paid or free.
pub(crate) fn checkout_is_paid(checkout: &CheckoutState) -> bool {
    checkout.status == CheckoutStatus::Complete
        && checkout.sale == Sale::Once
        && checkout.paid != Paid::Unpaid
}

/// Whether an invoice grants: it is paid, belongs to a subscription, and is not a trial's.
pub(crate) fn invoice_is_due(invoice: &Invoice) -> bool {
    let is_trial = invoice.subtotal.minor == 0 && invoice.amount_paid.minor == 0;
    invoice.status == InvoiceStatus::Paid && invoice.subscription.is_some() && !is_trial
}

impl Billing {
    /// Reads a checkout from its provider and grants what it paid for.
    ///
    /// # Promises
    /// Any number of concurrent calls grant once.
    ///
    /// # Errors
    /// The provider's and the store's; a repeat is safe.
    pub async fn fulfil_checkout(&self, provider: PaymentProvider, id: &str) -> Result<Outcome, Failure> {
        match self.setup(provider)?.payments.checkout(id).await? {
            Some(checkout) => self.fulfil_checkout_state(provider, &checkout).await,
            None => Ok(Outcome::NoSuchObject),
        }
    }

    /// Reads an invoice from its provider and grants what it paid for.
    ///
    /// # Promises
    /// As [`Self::fulfil_checkout`].
    ///
    /// # Errors
    /// As [`Self::fulfil_checkout`].
    pub async fn fulfil_invoice(&self, provider: PaymentProvider, id: &str) -> Result<Outcome, Failure> {
        match self.setup(provider)?.payments.invoice(id).await? {
            Some(invoice) => self.fulfil_invoice_state(provider, &invoice).await,
            None => Ok(Outcome::NoSuchObject),
        }
    }

    pub(crate) async fn fulfil_checkout_state(
        &self,
        provider: PaymentProvider,
        checkout: &CheckoutState,
    ) -> Result<Outcome, Failure> {
        let setup = self.setup(provider)?;
        if checkout.livemode != setup.livemode {
            return Ok(Outcome::OtherMode);
        }
        if let (Some(account), Some(customer)) = (checkout.account, &checkout.customer)
            && self.exists(account).await?
        {
            self.store.link_customer(account, provider, customer).await?;
        }
        match (checkout.status, checkout.paid) {
            (CheckoutStatus::Expired, _) => return Ok(Outcome::Ended),
            (CheckoutStatus::Open, _) => return Ok(Outcome::Waiting),
            (CheckoutStatus::Complete, _) => {}
        }
        if checkout.sale == Sale::Recurring {
            return self.fulfil_first_period(provider, checkout).await;
        }
        if checkout.paid == Paid::Unpaid {
            return Ok(Outcome::Waiting);
        }
        let purchase = Purchase {
            key: checkout_key(&checkout.id),
            provider,
            account: checkout.account,
            kind: ProductKind::Pack,
            product: setup.price_ids.only_product(&checkout.price_ids),
            subtotal: checkout.subtotal.or(checkout.total).unwrap_or(Money::usd(0)),
            paid: checkout.total.unwrap_or(Money::usd(0)),
            reference: checkout.payment.clone(),
            until: None,
        };
        self.grant(purchase).await
    }

    /// Handles a subscription's checkout: the credits come with its invoice.
    async fn fulfil_first_period(
        &self,
        provider: PaymentProvider,
        checkout: &CheckoutState,
    ) -> Result<Outcome, Failure> {
        let outcome = match &checkout.subscription {
            Some(id) => self.sync_subscription(provider, id).await?.0,
            None => Outcome::Waiting,
        };
        match &checkout.invoice {
            Some(id) => Box::pin(self.fulfil_invoice(provider, id)).await,
            None => Ok(outcome),
        }
    }

    pub(crate) async fn fulfil_invoice_state(
        &self,
        provider: PaymentProvider,
        invoice: &Invoice,
    ) -> Result<Outcome, Failure> {
        let setup = self.setup(provider)?;
        if invoice.livemode != setup.livemode {
            return Ok(Outcome::OtherMode);
        }
        let subscription = match &invoice.subscription {
            Some(subscription) if invoice_is_due(invoice) => subscription,
            _ => return Ok(not_due(invoice.status)),
        };
        let account = self
            .account_of(
                provider,
                invoice.account,
                Some(subscription),
                invoice.customer.as_deref(),
            )
            .await?;
        let purchase = Purchase {
            key: invoice_key(&invoice.id),
            provider,
            account,
            kind: ProductKind::Subscription,
            product: self.product_of_invoice(setup, invoice).await?,
            subtotal: invoice.subtotal,
            paid: invoice.amount_paid,
            reference: invoice.payment.clone(),
            until: invoice.period.map(|period| period.end),
        };
        let (product, until) = (purchase.product, purchase.until);
        let outcome = self.grant(purchase).await?;
        if let (Outcome::Granted | Outcome::AlreadyGranted, Some(product), Some(until)) =
            (outcome, product, until)
            && !self.knows_paid(provider, subscription, until).await?
        {
            let paid = PaidPeriod { product, until };
            self.sync_paid_subscription(provider, subscription, paid).await?;
        }
        Ok(outcome)
    }

    /// Whether a subscription's row has this paid period or a later one, so that its invoice adds nothing.
    /// Other differences are left to [`crate::sync`], which records them.
    async fn knows_paid(
        &self,
        provider: PaymentProvider,
        id: &str,
        until: Timestamp,
    ) -> Result<bool, Failure> {
        let Some(account) = self.store.subscription_owner(provider, id).await? else {
            return Ok(false);
        };
        let row = self.store.subscription(account, provider, id).await?;
        Ok(row
            .and_then(|row| row.paid)
            .is_some_and(|paid| paid.until >= until))
    }

    /// The product of an invoice: by the price of its lines, or of its subscription where the provider names none.
    ///
    /// We do not sell a change of plan inside a period: a payment for one is left to an operator.
    async fn product_of_invoice(
        &self,
        setup: &ProviderSetup,
        invoice: &Invoice,
    ) -> Result<Option<ProductId>, Failure> {
        if !matches!(
            invoice.reason,
            InvoiceReason::SubscriptionCreate | InvoiceReason::SubscriptionCycle
        ) {
            return Ok(None);
        }
        if !invoice.price_ids.is_empty() {
            return Ok(setup.price_ids.only_product(&invoice.price_ids));
        }
        let Some(id) = &invoice.subscription else {
            return Ok(None);
        };
        let state = setup.payments.subscription(id).await?;
        Ok(state
            .and_then(|state| state.price_id)
            .and_then(|price| setup.price_ids.product_of(&price)))
    }

    /// Grants a purchase once, or stores it as unclaimed for an operator.
    pub(crate) async fn grant(&self, purchase: Purchase) -> Result<Outcome, Failure> {
        let product = match checked(&purchase) {
            Ok(product) => product,
            Err(reason) => return self.keep(&purchase, reason).await,
        };
        let Some(account) = purchase.account else {
            return self.keep(&purchase, UnclaimedReason::UnknownAccount).await;
        };
        Ok(self.grant_to(account, &product, &purchase).await?.0)
    }

    /// Grants a product's credits for a purchase, whatever the purchase's amount; then looks for what was given back
    /// since.
    ///
    /// Answers also with the account that has the payment: another one, if an operator gave it away before.
    pub(crate) async fn grant_to(
        &self,
        account: AccountId,
        product: &Product,
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
            credits: product.credits,
            expires_at: expiry(product, purchase.until, now),
            note: Some(product.name.to_owned()),
        };
        let payment = Payment {
            key: purchase.key.clone(),
            account_id: account,
            provider: purchase.provider,
            product: product.id,
            credits: product.credits,
            paid_minor: u64::try_from(purchase.paid.minor).unwrap_or(0),
            currency: purchase.paid.currency.as_str().to_ascii_lowercase(),
            references: purchase.reference.iter().cloned().collect(),
            returned_sums: Vec::new(),
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

    async fn keep(&self, purchase: &Purchase, reason: UnclaimedReason) -> Result<Outcome, Failure> {
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

    pub(crate) async fn exists(&self, account: AccountId) -> Result<bool, Failure> {
        match self.store.account(account).await {
            Ok(_) => Ok(true),
            Err(StoreError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// The outcome of an invoice that grants nothing: not paid yet, never paid, a trial's, or a pack's, whose credits come
/// with the checkout.
const fn not_due(status: InvoiceStatus) -> Outcome {
    match status {
        InvoiceStatus::Draft | InvoiceStatus::Open => Outcome::Waiting,
        InvoiceStatus::Uncollectible | InvoiceStatus::Void => Outcome::Ended,
        InvoiceStatus::Paid => Outcome::NothingDue,
    }
}

/// The product that a purchase is for, when its price is the catalogue's.
fn checked(purchase: &Purchase) -> Result<Product, UnclaimedReason> {
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
    if u64::try_from(purchase.subtotal.minor) != Ok(product.price.amount_minor) || purchase.paid.minor < 0 {
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
