//! Shows, changes and ends a customer's subscription.
//!
//! A change of plan begins with the next period: prices are not prorated, so credits that were used cannot be given
//! back for money. Whoever needs credits sooner buys a pack.

use domain::billing::PaymentProvider;
use domain::{AccountId, ErrorCode, Failure, Invalid};
use ledger::{ProductId, ProductKind, product};
use payments::{Cancellation, Invoice, Listed, PageRequest, PlanChange, Proration};
use store::Subscription;

use crate::{Billing, ProviderSetup};

/// What a customer wants to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanRequest {
    /// Another plan from the next period on.
    Product(ProductId),
    /// The planned end is cancelled.
    KeepOn,
    /// It ends with its period.
    End,
}

impl Billing {
    /// The account's subscription: one that is not over, else the one that changed last.
    ///
    /// # Errors
    /// The store's.
    pub async fn current_subscription(&self, account: AccountId) -> Result<Option<Subscription>, Failure> {
        let all = self.store.subscriptions(account).await?;
        Ok(all
            .into_iter()
            .max_by_key(|row| (!row.status.is_over(), row.updated_at)))
    }

    /// Changes the account's subscription at its provider, then the row.
    ///
    /// # Errors
    /// `not_found` when there is none that is not over, `validation_failed` for a pack or a plan that this provider
    /// does not sell, and the provider's.
    pub async fn change_subscription(
        &self,
        account: AccountId,
        request: PlanRequest,
        idempotency_key: &str,
    ) -> Result<Subscription, Failure> {
        let row = self
            .current_subscription(account)
            .await?
            .filter(|row| !row.status.is_over())
            .ok_or_else(|| Failure::new(ErrorCode::NotFound))?;
        let setup = self.setup(row.provider)?;
        let cancel = |how| setup.payments.cancel(&row.id, how, idempotency_key);
        match request {
            PlanRequest::Product(id) => {
                let change = plan_change(setup, &row, id, idempotency_key)?;
                setup.payments.change_plan(&change).await?;
            }
            PlanRequest::KeepOn => drop(cancel(Cancellation::Withdrawn).await?),
            PlanRequest::End => drop(cancel(Cancellation::AtPeriodEnd).await?),
        }
        self.sync_subscription(row.provider, &row.id).await?;
        let changed = self.store.subscription(account, row.provider, &row.id).await?;
        changed.ok_or_else(|| Failure::new(ErrorCode::NotFound))
    }

    /// A page of the account's invoices at one provider; none when it never paid there.
    ///
    /// # Errors
    /// The provider's and the store's.
    pub async fn invoices(
        &self,
        account: AccountId,
        provider: PaymentProvider,
        page: &PageRequest,
    ) -> Result<Listed<Invoice>, Failure> {
        let setup = self.chosen(provider)?;
        let Some(customer) = self.store.customer(account, provider).await? else {
            return Ok(Listed {
                items: Vec::new(),
                next: None,
            });
        };
        Ok(setup.payments.invoices(Some(&customer), None, page).await?)
    }
}

fn plan_change(
    setup: &ProviderSetup,
    row: &Subscription,
    id: ProductId,
    idempotency_key: &str,
) -> Result<PlanChange, Failure> {
    if product(id).kind != ProductKind::Subscription {
        return Err(Invalid::new("product", "unknown_value", "must be a subscription").into());
    }
    let price_id = setup
        .price_ids
        .id_of(id)
        .ok_or_else(|| Invalid::new("product", "unavailable", "is not sold by this provider"))?;
    Ok(PlanChange {
        subscription: row.id.clone(),
        product: id.as_str().to_owned(),
        price_id: price_id.to_owned(),
        proration: Proration::None,
        idempotency_key: idempotency_key.to_owned(),
    })
}
