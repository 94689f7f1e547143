//! From a paid checkout or invoice to credits, once.
//!
//! Packs are granted by their checkout and subscriptions by their invoices, never both: a subscription's checkout
//! grants nothing, so its first month is not paid twice.

use domain::billing::PaymentProvider;
use domain::notice::{Notice, NoticeSubject};
use domain::{AccountId, Failure};
use ledger::{ProductKind, product};
use payments::{CheckoutState, CheckoutStatus, Invoice, InvoiceStatus, Money, Paid, Sale};
use store::{PaidPeriod, StoreError};

use crate::bought::{Bought, bought};
use crate::purchase::Purchase;
use crate::{Billing, Outcome, ProviderSetup};

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
            replaced: None,
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
        if invoice.price_ids.is_empty() && invoice_is_due(invoice) {
            // Creem's list does not say what was sold; one alone does.
            return match setup.payments.invoice(&invoice.id).await? {
                Some(whole) => self.fulfil_whole_invoice(setup, &whole).await,
                None => Ok(Outcome::NoSuchObject),
            };
        }
        self.fulfil_whole_invoice(setup, invoice).await
    }

    /// The same for an invoice that says what was sold, as far as its provider does.
    async fn fulfil_whole_invoice(
        &self,
        setup: &ProviderSetup,
        invoice: &Invoice,
    ) -> Result<Outcome, Failure> {
        let provider = setup.payments.provider();
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
        if let Some(account) = account
            && self.exists(account).await?
            && let Some(surplus) = self.keep_one_paid(account, provider, invoice).await?
        {
            return Ok(surplus);
        }
        let before = self.paid_before(setup, invoice).await?;
        let bought = bought(&setup.price_ids, invoice, before.as_ref());
        let purchase = Purchase {
            key: invoice_key(&invoice.id),
            provider,
            account,
            kind: ProductKind::Subscription,
            product: bought.as_ref().ok().map(|bought| bought.product),
            replaced: bought.as_ref().ok().and_then(|bought| bought.replaced),
            subtotal: invoice.subtotal,
            paid: invoice.amount_paid,
            reference: invoice.payment.clone(),
            until: invoice.period.map(|period| period.end),
        };
        let bought = match bought {
            Ok(bought) if bought.credits.is_zero() => return Ok(Outcome::NothingDue),
            Ok(bought) => bought,
            Err(reason) => return self.keep(&purchase, reason).await,
        };
        let until = purchase.until;
        let outcome = self.grant_credits(purchase, bought.credits).await?;
        if let (Outcome::Granted | Outcome::AlreadyGranted, Some(until)) = (outcome, until) {
            let paid = PaidPeriod {
                product: bought.product,
                until,
                written_at: Some(invoice.created),
            };
            self.note_paid(provider, subscription, paid).await?;
        }
        if let (Outcome::Granted, true, Some(account)) = (outcome, bought.is_change, account) {
            self.tell_of_change(account, &invoice.id, &bought).await?;
        }
        Ok(outcome)
    }

    /// Writes what was paid for last to a subscription's row, if it does not say so already.
    async fn note_paid(
        &self,
        provider: PaymentProvider,
        subscription: &str,
        paid: PaidPeriod,
    ) -> Result<(), Failure> {
        if !self.knows_paid(provider, subscription, &paid).await? {
            self.sync_paid_subscription(provider, subscription, paid).await?;
        }
        Ok(())
    }

    /// Tells the customer of a change of plan that was made at the provider.
    async fn tell_of_change(
        &self,
        account: AccountId,
        invoice: &str,
        bought: &Bought,
    ) -> Result<(), Failure> {
        let notice = Notice {
            key: format!("plan_changed:{}", invoice_key(invoice)),
            subject: NoticeSubject::PlanChanged {
                plan: product(bought.product).plan.unwrap_or_default(),
                credits: bought.credits,
            },
            created_at: self.now(),
            mailed_at: None,
        };
        self.store.notify(account, &notice).await?;
        Ok(())
    }

    /// Whether a subscription's row has this paid period or a later one, so that its invoice adds nothing.
    /// Other differences are left to [`crate::sync`], which records them.
    async fn knows_paid(
        &self,
        provider: PaymentProvider,
        id: &str,
        told: &PaidPeriod,
    ) -> Result<bool, Failure> {
        let Some(account) = self.store.subscription_owner(provider, id).await? else {
            return Ok(false);
        };
        let row = self.store.subscription(account, provider, id).await?;
        Ok(row
            .and_then(|row| row.paid)
            .is_some_and(|paid| paid.is_later_or_same(told)))
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
