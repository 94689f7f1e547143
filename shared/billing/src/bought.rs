//! What a subscription's invoice bought: a month of a plan, or a change of plan that was made at the provider.
//!
//! We sell no change inside a period, and the portal that we open offers none. One that is made all the same, at the
//! provider's dashboard or by a link of its own, was paid for and is delivered: the new plan, and the credits that its
//! lines bring ([`ledger::proration`]).

use domain::{Credits, Failure};
use ledger::proration::{PlanLine, credits_of_lines, lines_of_change, lines_of_reduced_renewal};
use ledger::{ProductId, ProductKind, product};
use payments::{Invoice, InvoiceReason, PAGE_MAX, PageRequest};
use store::{PaidPeriod, UnclaimedReason};

use crate::{Billing, PriceIds, ProviderSetup};

/// What an invoice bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bought {
    /// The plan from then on.
    pub(crate) product: ProductId,
    /// Credits that it brings: of a change to a cheaper plan none.
    pub(crate) credits: Credits,
    /// The plan before, when it was a change that only the sum tells of.
    pub(crate) replaced: Option<ProductId>,
    /// Whether it was a change of plan that was made at the provider.
    pub(crate) is_change: bool,
}

/// What an invoice bought, with what was paid for before it, where the provider tells no lines.
///
/// # Errors
/// Why nobody can say.
pub(crate) fn bought(
    price_ids: &PriceIds,
    invoice: &Invoice,
    before: Option<&PaidPeriod>,
) -> Result<Bought, UnclaimedReason> {
    if invoice.reason == InvoiceReason::Other {
        return Err(UnclaimedReason::UnknownProduct);
    }
    let newest = newest_product(price_ids, invoice).ok_or(UnclaimedReason::UnknownProduct)?;
    if product(newest).kind != ProductKind::Subscription {
        return Err(UnclaimedReason::UnknownProduct);
    }
    if invoice.subtotal.minor == price_of(newest) && invoice.reason != InvoiceReason::SubscriptionUpdate {
        return Ok(month_of(newest));
    }
    if !invoice.lines.is_empty() {
        return by_lines(price_ids, invoice, newest);
    }
    by_sum(price_ids, invoice, newest, before)
}

/// The plan that the invoice leads to: of its charged lines the one that is charged last.
fn newest_product(price_ids: &PriceIds, invoice: &Invoice) -> Option<ProductId> {
    let mut charged = invoice.lines.iter().filter(|line| line.minor >= 0);
    if let Some(only) = price_ids.only_product(&invoice.price_ids) {
        return Some(only);
    }
    // Several plans were charged for: the one for the longest time from now.
    charged
        .by_ref()
        .max_by_key(|line| line.period_end)
        .and_then(|line| price_ids.product_of(&line.price_id))
}

fn by_lines(price_ids: &PriceIds, invoice: &Invoice, newest: ProductId) -> Result<Bought, UnclaimedReason> {
    let mut lines = Vec::new();
    for line in &invoice.lines {
        let product = price_ids
            .product_of(&line.price_id)
            .ok_or(UnclaimedReason::UnknownProduct)?;
        lines.push(PlanLine {
            product,
            minor: line.minor,
        });
    }
    let sum = lines
        .iter()
        .fold(0_i64, |sum, line| sum.saturating_add(line.minor));
    if sum != invoice.subtotal.minor {
        return Err(UnclaimedReason::AmountMismatch);
    }
    let is_change = lines.iter().any(|line| line.product != newest);
    let credits = credits_of_lines(&lines).ok_or(UnclaimedReason::AmountMismatch)?;
    if !is_change {
        // A part of a month that nobody changed is not for sale.
        return Err(UnclaimedReason::AmountMismatch);
    }
    Ok(Bought {
        product: newest,
        credits,
        replaced: None,
        is_change,
    })
}

/// By the sum alone: the invoice was written for the plan before, or for the change to the plan of now.
fn by_sum(
    price_ids: &PriceIds,
    invoice: &Invoice,
    newest: ProductId,
    before: Option<&PaidPeriod>,
) -> Result<Bought, UnclaimedReason> {
    let minor = invoice.subtotal.minor;
    let is_after = |before: &&PaidPeriod| before.written_at.is_none_or(|at| at < invoice.created);
    let before = before.filter(is_after).filter(|before| before.product != newest);
    let begins = invoice.period.map(|period| period.start);
    let lines = match before {
        Some(before) if begins.is_some_and(|begins| begins >= before.until) => {
            lines_of_reduced_renewal(before.product, newest, minor)
        }
        Some(before) => lines_of_change(before.product, newest, minor),
        None => None,
    };
    if let (Some(lines), Some(before)) = (lines, before) {
        let credits = credits_of_lines(&lines).ok_or(UnclaimedReason::AmountMismatch)?;
        return Ok(Bought {
            product: newest,
            credits,
            replaced: Some(before.product),
            is_change: true,
        });
    }
    // An older invoice, heard of after the plan was changed.
    let mut sold = price_ids
        .products()
        .filter(|id| product(*id).kind == ProductKind::Subscription);
    let same_price = sold.find(|id| price_of(*id) == minor);
    same_price.map(month_of).ok_or(UnclaimedReason::AmountMismatch)
}

fn month_of(id: ProductId) -> Bought {
    Bought {
        product: id,
        credits: product(id).credits,
        replaced: None,
        is_change: false,
    }
}

fn price_of(id: ProductId) -> i64 {
    i64::try_from(product(id).price.amount_minor).unwrap_or(i64::MAX)
}

impl Billing {
    /// What was paid for before an invoice whose provider tells no lines. If it is not known, the older invoices of the
    /// subscription are handled first: their webhooks come late.
    pub(crate) async fn paid_before(
        &self,
        setup: &ProviderSetup,
        invoice: &Invoice,
    ) -> Result<Option<PaidPeriod>, Failure> {
        let (Some(subscription), true) = (&invoice.subscription, invoice.lines.is_empty()) else {
            return Ok(None);
        };
        let known = self.paid_period(setup, subscription).await?;
        if known.is_some() || bought(&setup.price_ids, invoice, None).is_ok() {
            return Ok(known);
        }
        let Some(customer) = &invoice.customer else {
            return Ok(None);
        };
        let page = PageRequest::first(PAGE_MAX);
        let listed = setup.payments.invoices(Some(customer), None, &page).await?;
        let older = listed
            .items
            .iter()
            .rev()
            .filter(|one| one.subscription == invoice.subscription && one.created < invoice.created);
        for one in older {
            Box::pin(self.fulfil_invoice(setup.payments.provider(), &one.id)).await?;
        }
        self.paid_period(setup, subscription).await
    }

    async fn paid_period(
        &self,
        setup: &ProviderSetup,
        subscription: &str,
    ) -> Result<Option<PaidPeriod>, Failure> {
        let provider = setup.payments.provider();
        let Some(account) = self.store.subscription_owner(provider, subscription).await? else {
            return Ok(None);
        };
        let row = self.store.subscription(account, provider, subscription).await?;
        Ok(row.and_then(|row| row.paid))
    }
}
