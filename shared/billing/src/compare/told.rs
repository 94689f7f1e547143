//! The vendor's side of a comparison, read customer by customer.

use std::collections::{BTreeMap, BTreeSet};

use domain::AccountId;
use domain::billing::PaymentVendor;
use ledger::ProductId;
use payments::{
    Charge, CheckoutState, Invoice, InvoiceReason, Listed, Money, PAGE_MAX, PageRequest, PaymentError,
    ProviderFuture, SubscriptionState,
};

use super::Broken;
use super::books::Books;
use crate::fulfil::{checkout_is_paid, checkout_key, invoice_is_due, invoice_key};
use crate::{Desk, Till};

/// Something that was paid for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sold {
    /// What was bought, when the vendor says.
    pub(super) product: Option<ProductId>,
    pub(super) paid: Money,
    /// The vendor's id of the money.
    pub(super) payment: Option<String>,
}

impl Sold {
    fn of_checkout(till: &Till, checkout: &CheckoutState) -> Self {
        Self {
            product: till.shelf.only_product(&checkout.price_ids),
            paid: checkout.total.unwrap_or(Money::usd(0)),
            payment: checkout.payment.clone(),
        }
    }

    fn of_invoice(till: &Till, invoice: &Invoice) -> Self {
        let is_period = matches!(
            invoice.reason,
            InvoiceReason::SubscriptionCreate | InvoiceReason::SubscriptionCycle
        );
        Self {
            product: till.shelf.only_product(&invoice.price_ids).filter(|_| is_period),
            paid: invoice.amount_paid,
            payment: invoice.payment.clone(),
        }
    }
}

/// Everything that a vendor says of an account's money.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// By the key that its grant has.
    pub(super) sold: BTreeMap<String, Sold>,
    /// Money that came in, by the id of its payment.
    pub(super) charges: BTreeMap<String, Charge>,
    /// By id.
    pub(super) subscriptions: BTreeMap<String, SubscriptionState>,
}

impl Told {
    pub(super) async fn read(
        desk: &Desk,
        till: &Till,
        books: &Books,
        customers: &BTreeSet<String>,
    ) -> Result<Self, Broken> {
        let mut told = Self::default();
        for customer in customers {
            told.read_subscriptions(desk, till, books.account, customer)
                .await?;
            told.read_invoices(desk, till, books.account, customer).await?;
            if till.payments.lists_everything() {
                told.read_checkouts(till, books.account, customer).await?;
            }
            told.read_charges(till, customer).await?;
        }
        told.read_the_rest(till, books).await?;
        Ok(told)
    }

    async fn read_subscriptions(
        &mut self,
        desk: &Desk,
        till: &Till,
        account: AccountId,
        customer: &str,
    ) -> Result<(), Broken> {
        let payments = &till.payments;
        let states =
            all(|page| Box::pin(async move { payments.subscriptions(Some(customer), &page).await })).await?;
        for state in states.into_iter().filter(|state| state.livemode == till.livemode) {
            let whose = desk
                .account_of(
                    payments.vendor(),
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
        desk: &Desk,
        till: &Till,
        account: AccountId,
        customer: &str,
    ) -> Result<(), Broken> {
        let payments = &till.payments;
        let written =
            all(|page| Box::pin(async move { payments.invoices(Some(customer), None, &page).await })).await?;
        let due = |invoice: &Invoice| invoice.livemode == till.livemode && invoice_is_due(invoice);
        for invoice in written.into_iter().filter(due) {
            let (subscription, customer) = (invoice.subscription.as_deref(), invoice.customer.as_deref());
            let whose = desk
                .account_of(payments.vendor(), invoice.account, subscription, customer)
                .await?;
            if whose == Some(account) {
                let sold = Sold::of_invoice(till, &invoice);
                self.sold.insert(invoice_key(&invoice.id), sold);
            }
        }
        Ok(())
    }

    async fn read_checkouts(
        &mut self,
        till: &Till,
        account: AccountId,
        customer: &str,
    ) -> Result<(), Broken> {
        let payments = &till.payments;
        let opened =
            all(|page| Box::pin(async move { payments.checkouts(Some(customer), None, &page).await }))
                .await?;
        let ours = opened.iter().filter(|checkout| {
            let is_ours = checkout.account.is_none_or(|named| named == account);
            is_ours && checkout.livemode == till.livemode && checkout_is_paid(checkout)
        });
        self.sold
            .extend(ours.map(|checkout| (checkout_key(&checkout.id), Sold::of_checkout(till, checkout))));
        Ok(())
    }

    async fn read_charges(&mut self, till: &Till, customer: &str) -> Result<(), Broken> {
        let payments = &till.payments;
        let came_in = all(|page| Box::pin(async move { payments.charges(customer, &page).await })).await?;
        let ours = came_in
            .into_iter()
            .filter(|charge| charge.livemode == till.livemode);
        self.charges
            .extend(ours.map(|charge| (charge.payment.clone(), charge)));
        Ok(())
    }

    /// Objects of payments that we know and no list has shown: of another customer, or of a vendor without a list.
    async fn read_the_rest(&mut self, till: &Till, books: &Books) -> Result<(), Broken> {
        let vendor = till.payments.vendor();
        for row in books.payments.values().filter(|row| row.vendor == vendor) {
            if self.sold.contains_key(&row.key) {
                continue;
            }
            let sold = match (charge_of(self, &row.references), row.key.split_once(':')) {
                (Some(charge), _) if !till.payments.lists_everything() => Some(Sold {
                    product: None,
                    paid: charge.amount,
                    payment: Some(charge.payment.clone()),
                }),
                (_, Some(("checkout", id))) => checkout(till, id).await?,
                (_, Some(("invoice", id))) => invoice(till, id).await?,
                _ => None,
            };
            if let Some(sold) = sold {
                self.sold.insert(row.key.clone(), sold);
            }
        }
        Ok(())
    }

    /// Money that came in for nothing that was told: of a vendor that lists no checkouts, its packs.
    pub(super) fn charges_alone(&self) -> impl Iterator<Item = &Charge> {
        let of_sold: BTreeSet<&str> = self
            .sold
            .values()
            .filter_map(|sold| sold.payment.as_deref())
            .collect();
        self.charges
            .values()
            .filter(move |charge| !of_sold.contains(charge.payment.as_str()))
    }
}

/// Every object of a list, page by page.
async fn all<'a, T>(
    read: impl Fn(PageRequest) -> ProviderFuture<'a, Listed<T>>,
) -> Result<Vec<T>, PaymentError> {
    let mut items = Vec::new();
    let mut page = PageRequest::first(PAGE_MAX);
    loop {
        let listed = read(page).await?;
        items.extend(listed.items);
        match listed.next {
            Some(cursor) => page = PageRequest::after(cursor, PAGE_MAX),
            None => return Ok(items),
        }
    }
}

fn charge_of<'a>(told: &'a Told, references: &[String]) -> Option<&'a Charge> {
    references
        .iter()
        .find_map(|reference| told.charges.get(reference))
}

async fn checkout(till: &Till, id: &str) -> Result<Option<Sold>, Broken> {
    let found = till.payments.checkout(id).await?;
    let paid = found.filter(|checkout| checkout.livemode == till.livemode && checkout_is_paid(checkout));
    Ok(paid.map(|checkout| Sold::of_checkout(till, &checkout)))
}

async fn invoice(till: &Till, id: &str) -> Result<Option<Sold>, Broken> {
    let found = till.payments.invoice(id).await?;
    let due = found.filter(|invoice| invoice.livemode == till.livemode && invoice_is_due(invoice));
    Ok(due.map(|invoice| Sold::of_invoice(till, &invoice)))
}

/// Names a vendor's object in a finding.
pub(super) fn name(vendor: PaymentVendor, id: &str) -> String {
    format!("{vendor} {id}")
}
