//! What an account was charged: the invoices of its subscriptions and the receipts of its packs, of every provider.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use domain::billing::PaymentProvider;
use domain::{AccountId, Failure, Timestamp};
use ledger::ProductKind;
use payments::{
    Charge, Invoice, InvoiceStatus, Listed, Money, PAGE_MAX, PageRequest, PaymentError, ProviderFuture,
};

use crate::{Billing, ProviderSetup};

/// An invoice, or the receipt of a payment that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Who took the money.
    pub provider: PaymentProvider,
    /// What it is for.
    pub kind: ProductKind,
    /// The provider's id: of the invoice, else of the payment.
    pub id: String,
    /// The number that the customer reads.
    pub number: Option<String>,
    /// How it stands.
    pub status: InvoiceStatus,
    /// What is due.
    pub total: Money,
    /// What was paid.
    pub paid: Money,
    /// What of it went back; none while nothing was paid.
    pub returned: Option<Money>,
    /// When it was written.
    pub created: Timestamp,
    /// The provider's page of it.
    pub url: Option<String>,
    /// The provider's PDF of it.
    pub pdf_url: Option<String>,
}

impl Paper {
    /// Its place in the list: newest first, and the same in every call.
    pub fn place(&self) -> (Reverse<Timestamp>, PaymentProvider, String) {
        (Reverse(self.created), self.provider, self.id.clone())
    }
}

impl Billing {
    /// Every invoice and receipt of an account at one provider, or at all that are set up; newest first.
    ///
    /// # Limits
    /// Reads two lists of a provider, a hundred entries a call; an account that never paid there costs none.
    ///
    /// # Errors
    /// `validation_failed` for a provider that is not set up, the provider's and the store's.
    pub async fn papers(
        &self,
        account: AccountId,
        provider: Option<PaymentProvider>,
    ) -> Result<Vec<Paper>, Failure> {
        let mut papers = Vec::new();
        let setups: Vec<&ProviderSetup> = match provider {
            Some(provider) => vec![self.chosen(provider)?],
            None => self.providers.values().collect(),
        };
        for setup in setups {
            if let Some(customer) = self.store.customer(account, setup.payments.provider()).await? {
                papers.extend(papers_of(setup, &customer).await?);
            }
        }
        papers.sort_by_key(Paper::place);
        Ok(papers)
    }
}

async fn papers_of(setup: &ProviderSetup, customer: &str) -> Result<Vec<Paper>, PaymentError> {
    let (payments, provider) = (&setup.payments, setup.payments.provider());
    let invoices =
        all(|page| Box::pin(async move { payments.invoices(Some(customer), None, &page).await })).await?;
    let charges = all(|page| Box::pin(async move { payments.charges(customer, &page).await })).await?;
    let paid_by_invoice: BTreeSet<&str> = invoices.iter().filter_map(|one| one.payment.as_deref()).collect();
    let alone: Vec<Paper> = charges
        .iter()
        .filter(|charge| !paid_by_invoice.contains(charge.payment.as_str()))
        .map(|charge| receipt_of(provider, charge))
        .collect();
    let by_payment: BTreeMap<&str, &Charge> = charges
        .iter()
        .map(|charge| (charge.payment.as_str(), charge))
        .collect();
    let mut papers: Vec<Paper> = invoices
        .iter()
        .map(|invoice| {
            let charge = invoice.payment.as_deref().and_then(|id| by_payment.get(id));
            paper_of(provider, invoice, charge.copied())
        })
        .collect();
    papers.extend(alone);
    Ok(papers)
}

fn paper_of(provider: PaymentProvider, invoice: &Invoice, charge: Option<&Charge>) -> Paper {
    Paper {
        provider,
        kind: match invoice.subscription {
            Some(_) => ProductKind::Subscription,
            None => ProductKind::Pack,
        },
        id: invoice.id.clone(),
        number: invoice.number.clone(),
        status: invoice.status,
        total: invoice.total,
        paid: invoice.amount_paid,
        returned: charge.map(|charge| charge.refunded),
        created: invoice.created,
        url: invoice.url.clone(),
        pdf_url: invoice.pdf_url.clone(),
    }
}

/// A payment without an invoice: a pack.
fn receipt_of(provider: PaymentProvider, charge: &Charge) -> Paper {
    Paper {
        provider,
        kind: ProductKind::Pack,
        id: charge.payment.clone(),
        number: None,
        status: InvoiceStatus::Paid,
        total: charge.amount,
        paid: charge.amount,
        returned: Some(charge.refunded),
        created: charge.created,
        url: charge.url.clone(),
        pdf_url: None,
    }
}

/// Every object of a list, page by page.
pub(crate) async fn all<'a, T>(
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
