//! From a paid checkout or invoice to credits, once.
//!
//! Packs are granted by their checkout and subscriptions by their invoices, never both: a subscription's checkout
//! grants nothing, so its first month is not paid twice.

use domain::billing::PaymentVendor;
use domain::{AccountId, Failure, Timestamp};
use ledger::{Grant, Origin, Product, ProductId, ProductKind, product};
use payments::{CheckoutState, CheckoutStatus, Invoice, InvoiceReason, InvoiceStatus, Money, Paid, Sale};
use store::{Kept, PaidPeriod, Payment, StoreError, Unclaimed, UnclaimedReason};

use crate::{Desk, Outcome, Till};

/// Days for which a subscription's credits can be used at least, when its payment was found late.
pub const LATE_DAYS_MIN: i64 = 3;

/// Something that was paid for.
#[derive(Debug)]
pub(crate) struct Bill {
    /// Key of its grant.
    pub(crate) key: String,
    pub(crate) vendor: PaymentVendor,
    pub(crate) account: Option<AccountId>,
    pub(crate) kind: ProductKind,
    pub(crate) product: Option<ProductId>,
    /// Before discounts and taxes.
    pub(crate) subtotal: Money,
    pub(crate) paid: Money,
    /// The vendor's id of the money.
    pub(crate) reference: Option<String>,
    /// When the credits expire, when the bill says so.
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

/// Whether a checkout's money is there, or was never needed, for something that it grants itself: a pack.
pub(crate) fn checkout_is_paid(checkout: &CheckoutState) -> bool {
    checkout.status == CheckoutStatus::Complete
        && checkout.sale == Sale::Once
        && checkout.paid != Paid::Unpaid
}

/// Whether an invoice is paid and grants: of a subscription, and no trial's.
pub(crate) fn invoice_is_due(invoice: &Invoice) -> bool {
    let is_trial = invoice.subtotal.minor == 0 && invoice.amount_paid.minor == 0;
    invoice.status == InvoiceStatus::Paid && invoice.subscription.is_some() && !is_trial
}

impl Desk {
    /// Reads a checkout from its vendor and grants what it paid for.
    ///
    /// # Promises
    /// Any number of calls at once grant once.
    ///
    /// # Errors
    /// The vendor's and the store's; a repeat is safe.
    pub async fn fulfil_checkout(&self, vendor: PaymentVendor, id: &str) -> Result<Outcome, Failure> {
        match self.till(vendor)?.payments.checkout(id).await? {
            Some(checkout) => self.fulfil_checkout_state(vendor, &checkout).await,
            None => Ok(Outcome::NoSuchObject),
        }
    }

    /// Reads an invoice from its vendor and grants what it paid for.
    ///
    /// # Promises
    /// As [`Self::fulfil_checkout`].
    ///
    /// # Errors
    /// As [`Self::fulfil_checkout`].
    pub async fn fulfil_invoice(&self, vendor: PaymentVendor, id: &str) -> Result<Outcome, Failure> {
        match self.till(vendor)?.payments.invoice(id).await? {
            Some(invoice) => self.fulfil_invoice_state(vendor, &invoice).await,
            None => Ok(Outcome::NoSuchObject),
        }
    }

    pub(crate) async fn fulfil_checkout_state(
        &self,
        vendor: PaymentVendor,
        checkout: &CheckoutState,
    ) -> Result<Outcome, Failure> {
        let till = self.till(vendor)?;
        if checkout.livemode != till.livemode {
            return Ok(Outcome::OtherMode);
        }
        if let (Some(account), Some(customer)) = (checkout.account, &checkout.customer)
            && self.exists(account).await?
        {
            self.store.link_customer(account, vendor, customer).await?;
        }
        match (checkout.status, checkout.paid) {
            (CheckoutStatus::Expired, _) => return Ok(Outcome::Ended),
            (CheckoutStatus::Open, _) => return Ok(Outcome::Waiting),
            (CheckoutStatus::Complete, _) => {}
        }
        if checkout.sale == Sale::Recurring {
            return self.fulfil_first_period(vendor, checkout).await;
        }
        if checkout.paid == Paid::Unpaid {
            return Ok(Outcome::Waiting);
        }
        let bill = Bill {
            key: checkout_key(&checkout.id),
            vendor,
            account: checkout.account,
            kind: ProductKind::Pack,
            product: till.shelf.only_product(&checkout.price_ids),
            subtotal: checkout.subtotal.or(checkout.total).unwrap_or(Money::usd(0)),
            paid: checkout.total.unwrap_or(Money::usd(0)),
            reference: checkout.payment.clone(),
            until: None,
        };
        self.grant(bill).await
    }

    /// A subscription's checkout: its invoice brings the credits.
    async fn fulfil_first_period(
        &self,
        vendor: PaymentVendor,
        checkout: &CheckoutState,
    ) -> Result<Outcome, Failure> {
        let mirrored = match &checkout.subscription {
            Some(id) => self.mirror(vendor, id).await?.0,
            None => Outcome::Waiting,
        };
        match &checkout.invoice {
            Some(id) => Box::pin(self.fulfil_invoice(vendor, id)).await,
            None => Ok(mirrored),
        }
    }

    pub(crate) async fn fulfil_invoice_state(
        &self,
        vendor: PaymentVendor,
        invoice: &Invoice,
    ) -> Result<Outcome, Failure> {
        let till = self.till(vendor)?;
        if invoice.livemode != till.livemode {
            return Ok(Outcome::OtherMode);
        }
        match invoice.status {
            InvoiceStatus::Paid => {}
            InvoiceStatus::Draft | InvoiceStatus::Open => return Ok(Outcome::Waiting),
            InvoiceStatus::Uncollectible | InvoiceStatus::Void => return Ok(Outcome::Ended),
        }
        let Some(subscription) = &invoice.subscription else {
            // The invoice of a pack: its checkout grants.
            return Ok(Outcome::NothingDue);
        };
        if invoice.subtotal.minor == 0 && invoice.amount_paid.minor == 0 {
            // A trial.
            return Ok(Outcome::NothingDue);
        }
        let account = self
            .account_of(
                vendor,
                invoice.account,
                Some(subscription),
                invoice.customer.as_deref(),
            )
            .await?;
        let bill = Bill {
            key: invoice_key(&invoice.id),
            vendor,
            account,
            kind: ProductKind::Subscription,
            product: self.product_of_invoice(till, invoice).await?,
            subtotal: invoice.subtotal,
            paid: invoice.amount_paid,
            reference: invoice.payment.clone(),
            until: invoice.period.map(|period| period.end),
        };
        let (product, until) = (bill.product, bill.until);
        let outcome = self.grant(bill).await?;
        if let (Outcome::Granted | Outcome::AlreadyGranted, Some(product), Some(until)) =
            (outcome, product, until)
            && !self.knows_paid(vendor, subscription, until).await?
        {
            let paid = PaidPeriod { product, until };
            self.mirror_paid(vendor, subscription, paid).await?;
        }
        Ok(outcome)
    }

    /// Whether a subscription's row tells of this period, or of a later one: then its invoice has nothing to add,
    /// and whatever else differs is left to a look that records it.
    async fn knows_paid(&self, vendor: PaymentVendor, id: &str, until: Timestamp) -> Result<bool, Failure> {
        let Some(account) = self.store.subscription_owner(vendor, id).await? else {
            return Ok(false);
        };
        let row = self.store.subscription(account, vendor, id).await?;
        Ok(row
            .and_then(|row| row.paid)
            .is_some_and(|paid| paid.until >= until))
    }

    /// What an invoice is for: its lines' price, or that of its subscription where the vendor names none.
    ///
    /// A change of plan inside a period is not for sale: whoever paid for one has to be looked after by a person.
    async fn product_of_invoice(&self, till: &Till, invoice: &Invoice) -> Result<Option<ProductId>, Failure> {
        if !matches!(
            invoice.reason,
            InvoiceReason::SubscriptionCreate | InvoiceReason::SubscriptionCycle
        ) {
            return Ok(None);
        }
        if !invoice.price_ids.is_empty() {
            return Ok(till.shelf.only_product(&invoice.price_ids));
        }
        let Some(id) = &invoice.subscription else {
            return Ok(None);
        };
        let state = till.payments.subscription(id).await?;
        Ok(state
            .and_then(|state| state.price_id)
            .and_then(|price| till.shelf.product_of(&price)))
    }

    /// Grants a bill once, or keeps it for a person.
    pub(crate) async fn grant(&self, bill: Bill) -> Result<Outcome, Failure> {
        let product = match checked(&bill) {
            Ok(product) => product,
            Err(reason) => return self.keep(&bill, reason).await,
        };
        let Some(account) = bill.account else {
            return self.keep(&bill, UnclaimedReason::UnknownAccount).await;
        };
        Ok(self.grant_to(account, &product, &bill).await?.0)
    }

    /// Grants a product's credits for a bill, whatever the bill's amount; then looks for what was given back since.
    ///
    /// Answers also with whose the payment is: not this account's, when a person gave it to another one before.
    pub(crate) async fn grant_to(
        &self,
        account: AccountId,
        product: &Product,
        bill: &Bill,
    ) -> Result<(Outcome, Option<AccountId>), Failure> {
        let now = self.now();
        let grant = Grant {
            key: bill.key.clone(),
            lot_id: self.lot_id(),
            transaction_id: self.transaction_id(),
            origin: match product.kind {
                ProductKind::Pack => Origin::Purchase,
                ProductKind::Subscription => Origin::Subscription,
            },
            credits: product.credits,
            expires_at: expiry(product, bill.until, now),
            note: Some(product.name.to_owned()),
        };
        let payment = Payment {
            key: bill.key.clone(),
            account_id: account,
            vendor: bill.vendor,
            product: product.id,
            credits: product.credits,
            paid_minor: u64::try_from(bill.paid.minor).unwrap_or(0),
            currency: bill.paid.currency.as_str().to_ascii_lowercase(),
            references: bill.reference.iter().cloned().collect(),
            returned_sums: Vec::new(),
            at: now,
        };
        let granted = match self.store.grant_payment(&payment, &grant, now).await {
            Ok(granted) => granted,
            Err(StoreError::NotFound { .. }) => {
                return Ok((self.keep(bill, UnclaimedReason::UnknownAccount).await?, None));
            }
            Err(StoreError::Full { .. }) => {
                return Ok((self.keep(bill, UnclaimedReason::WalletFull).await?, None));
            }
            Err(error) => return Err(error.into()),
        };
        let owner = granted.account_id;
        if let Some(reference) = &bill.reference {
            self.store
                .note_reference(bill.vendor, reference, owner, &bill.key)
                .await?;
            // A refund that came before this grant found no payment to take it from.
            self.take_back(bill.vendor, reference).await?;
        }
        let outcome = if granted.is_new {
            Outcome::Granted
        } else {
            Outcome::AlreadyGranted
        };
        Ok((outcome, Some(owner)))
    }

    async fn keep(&self, bill: &Bill, reason: UnclaimedReason) -> Result<Outcome, Failure> {
        let unclaimed = Unclaimed {
            key: bill.key.clone(),
            vendor: bill.vendor,
            reason,
            account_id: bill.account,
            product: bill.product,
            paid_minor: bill.paid.minor,
            currency: bill.paid.currency.as_str().to_ascii_lowercase(),
            at: self.now(),
            claimed_by: None,
        };
        match self.store.keep_unclaimed(&unclaimed).await? {
            Kept::New => {
                tracing::error!(payment.key = %bill.key, reason = Outcome::Unclaimed(reason).as_str(), "a payment brought no credits");
                Ok(Outcome::Unclaimed(reason))
            }
            Kept::Known => Ok(Outcome::Unclaimed(reason)),
            Kept::Granted(_) => Ok(Outcome::AlreadyGranted),
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

/// The product that a bill is for, when the bill is what the catalogue says.
fn checked(bill: &Bill) -> Result<Product, UnclaimedReason> {
    let product = bill.product.map(product).ok_or(UnclaimedReason::UnknownProduct)?;
    if product.kind != bill.kind {
        return Err(UnclaimedReason::UnknownProduct);
    }
    if !bill
        .subtotal
        .currency
        .as_str()
        .eq_ignore_ascii_case(product.price.currency)
    {
        return Err(UnclaimedReason::CurrencyMismatch);
    }
    if u64::try_from(bill.subtotal.minor) != Ok(product.price.amount_minor) || bill.paid.minor < 0 {
        return Err(UnclaimedReason::AmountMismatch);
    }
    Ok(product)
}

/// A pack's credits last from now on; a subscription's until its paid period ends, yet never less than
/// [`LATE_DAYS_MIN`] from now: a payment that was found late must not bring credits that are over.
fn expiry(product: &Product, until: Option<Timestamp>, now: Timestamp) -> Timestamp {
    match product.expires_days {
        Some(days) => now.plus_days(days),
        None => until
            .unwrap_or_else(|| now.plus_days(Origin::Subscription.days()))
            .max(now.plus_days(LATE_DAYS_MIN)),
    }
}
