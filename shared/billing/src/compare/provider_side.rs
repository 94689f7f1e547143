//! The provider's side of a comparison, read customer by customer.

use std::collections::{BTreeMap, BTreeSet};

use domain::billing::PaymentProvider;
use domain::{AccountId, Credits};
use ledger::{ProductId, product};
use payments::{Charge, CheckoutState, Invoice, Money, SubscriptionState};

use super::CompareError;
use super::ledger_side::LedgerSide;
use crate::bought::bought;
use crate::fulfil::{checkout_is_paid, checkout_key, invoice_is_due, invoice_key};
use crate::invoices::all;
use crate::{Billing, ProviderSetup};

/// A paid object, and so a grant that the ledger must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ExpectedGrant {
    /// What was bought, when the provider says.
    pub(super) product: Option<ProductId>,
    /// Credits that it must have brought, when the provider tells enough to say.
    pub(super) credits: Option<Credits>,
    pub(super) paid: Money,
    /// The provider's id of the money.
    pub(super) payment: Option<String>,
}

impl ExpectedGrant {
    fn of_checkout(setup: &ProviderSetup, checkout: &CheckoutState) -> Self {
        let sold = setup.price_ids.only_product(&checkout.price_ids);
        Self {
            product: sold,
            credits: sold.map(|id| product(id).credits),
            paid: checkout.total.unwrap_or(Money::usd(0)),
            payment: checkout.payment.clone(),
        }
    }

    /// `None` for an invoice that brings nothing: of a change to a cheaper plan.
    fn of_invoice(setup: &ProviderSetup, invoice: &Invoice) -> Option<Self> {
        // Creem names neither product nor lines in its list, so there the row says what was bought.
        let bought = bought(&setup.price_ids, invoice, None).ok();
        if bought.is_some_and(|bought| bought.credits.is_zero()) {
            return None;
        }
        Some(Self {
            product: bought.map(|bought| bought.product),
            credits: bought.map(|bought| bought.credits),
            paid: invoice.amount_paid,
            payment: invoice.payment.clone(),
        })
    }
}

/// Everything that a provider says of an account's money.
#[derive(Debug, Default)]
pub(super) struct ProviderSide {
    /// By the key that its grant has.
    pub(super) expected: BTreeMap<String, ExpectedGrant>,
    /// Money that came in, by the id of its payment.
    pub(super) charges: BTreeMap<String, Charge>,
    /// Subscriptions by the provider's id.
    pub(super) subscriptions: BTreeMap<String, SubscriptionState>,
}

impl ProviderSide {
    pub(super) async fn read(
        billing: &Billing,
        setup: &ProviderSetup,
        ledger_side: &LedgerSide,
        customers: &BTreeSet<String>,
    ) -> Result<Self, CompareError> {
        let mut provider_side = Self::default();
        for customer in customers {
            provider_side
                .read_subscriptions(billing, setup, ledger_side.account, customer)
                .await?;
            provider_side
                .read_invoices(billing, setup, ledger_side.account, customer)
                .await?;
            if setup.payments.lists_everything() {
                provider_side
                    .read_checkouts(setup, ledger_side.account, customer)
                    .await?;
            }
            provider_side.read_charges(setup, customer).await?;
        }
        provider_side.read_the_rest(setup, ledger_side).await?;
        Ok(provider_side)
    }

    async fn read_subscriptions(
        &mut self,
        billing: &Billing,
        setup: &ProviderSetup,
        account: AccountId,
        customer: &str,
    ) -> Result<(), CompareError> {
        let payments = &setup.payments;
        let states =
            all(|page| Box::pin(async move { payments.subscriptions(Some(customer), &page).await })).await?;
        for state in states
            .into_iter()
            .filter(|state| state.livemode == setup.livemode)
        {
            let whose = billing
                .account_of(
                    payments.provider(),
                    state.account,
                    Some(&state.id),
                    Some(&state.customer),
                )
                .await?;
            if whose == Some(account) {
                self.subscriptions.insert(state.id.clone(), state);
            }
        }
        Ok(())
    }

    async fn read_invoices(
        &mut self,
        billing: &Billing,
        setup: &ProviderSetup,
        account: AccountId,
        customer: &str,
    ) -> Result<(), CompareError> {
        let payments = &setup.payments;
        let written =
            all(|page| Box::pin(async move { payments.invoices(Some(customer), None, &page).await })).await?;
        let due = |invoice: &Invoice| invoice.livemode == setup.livemode && invoice_is_due(invoice);
        for invoice in written.into_iter().filter(due) {
            let (subscription, customer) = (invoice.subscription.as_deref(), invoice.customer.as_deref());
            let whose = billing
                .account_of(payments.provider(), invoice.account, subscription, customer)
                .await?;
            if whose == Some(account) {
                let expected = ExpectedGrant::of_invoice(setup, &invoice);
                self.expected
                    .extend(expected.map(|expected| (invoice_key(&invoice.id), expected)));
            }
        }
        Ok(())
    }

    async fn read_checkouts(
        &mut self,
        setup: &ProviderSetup,
        account: AccountId,
        customer: &str,
    ) -> Result<(), CompareError> {
        let payments = &setup.payments;
        let opened =
            all(|page| Box::pin(async move { payments.checkouts(Some(customer), None, &page).await }))
                .await?;
        let ours = opened.iter().filter(|checkout| {
            let is_ours = checkout.account.is_none_or(|named| named == account);
            is_ours && checkout.livemode == setup.livemode && checkout_is_paid(checkout)
        });
        self.expected.extend(ours.map(|checkout| {
            (
                checkout_key(&checkout.id),
                ExpectedGrant::of_checkout(setup, checkout),
            )
        }));
        Ok(())
    }

    async fn read_charges(&mut self, setup: &ProviderSetup, customer: &str) -> Result<(), CompareError> {
        let payments = &setup.payments;
        let came_in = all(|page| Box::pin(async move { payments.charges(customer, &page).await })).await?;
        let ours = came_in
            .into_iter()
            .filter(|charge| charge.livemode == setup.livemode);
        self.charges
            .extend(ours.map(|charge| (charge.payment.clone(), charge)));
        Ok(())
    }

    /// Objects of payments that we know and no list has shown: of another customer, or of a provider without a list.
    async fn read_the_rest(
        &mut self,
        setup: &ProviderSetup,
        ledger_side: &LedgerSide,
    ) -> Result<(), CompareError> {
        let provider = setup.payments.provider();
        for row in ledger_side
            .payments
            .values()
            .filter(|row| row.provider == provider)
        {
            if self.expected.contains_key(&row.key) {
                continue;
            }
            let expected = match (charge_of(self, &row.references), row.key.split_once(':')) {
                (Some(charge), _) if !setup.payments.lists_everything() => Some(ExpectedGrant {
                    product: None,
                    credits: None,
                    paid: charge.amount,
                    payment: Some(charge.payment.clone()),
                }),
                (_, Some(("checkout", id))) => checkout(setup, id).await?,
                (_, Some(("invoice", id))) => invoice(setup, id).await?,
                _ => None,
            };
            if let Some(expected) = expected {
                self.expected.insert(row.key.clone(), expected);
            }
        }
        Ok(())
    }

    /// Money that came in and belongs to no object read: packs, at a provider that lists no checkouts.
    pub(super) fn charges_alone(&self) -> impl Iterator<Item = &Charge> {
        let of_sold: BTreeSet<&str> = self
            .expected
            .values()
            .filter_map(|expected| expected.payment.as_deref())
            .collect();
        self.charges
            .values()
            .filter(move |charge| !of_sold.contains(charge.payment.as_str()))
    }
}

fn charge_of<'a>(provider_side: &'a ProviderSide, references: &[String]) -> Option<&'a Charge> {
    references
        .iter()
        .find_map(|reference| provider_side.charges.get(reference))
}

async fn checkout(setup: &ProviderSetup, id: &str) -> Result<Option<ExpectedGrant>, CompareError> {
    let found = setup.payments.checkout(id).await?;
    let paid = found.filter(|checkout| checkout.livemode == setup.livemode && checkout_is_paid(checkout));
    Ok(paid.map(|checkout| ExpectedGrant::of_checkout(setup, &checkout)))
}

async fn invoice(setup: &ProviderSetup, id: &str) -> Result<Option<ExpectedGrant>, CompareError> {
    let found = setup.payments.invoice(id).await?;
    let due = found.filter(|invoice| invoice.livemode == setup.livemode && invoice_is_due(invoice));
    Ok(due.and_then(|invoice| ExpectedGrant::of_invoice(setup, &invoice)))
}

/// Names a provider's object in a finding.
pub(super) fn name(provider: PaymentProvider, id: &str) -> String {
    format!("{provider} {id}")
}
