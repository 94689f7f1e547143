//! Shows, changes and ends a customer's subscription.
//!
//! A change of plan begins with the next period: prices are not prorated, so credits that were used cannot be given
//! back for money. Whoever needs credits sooner buys a pack.

use domain::{AccountId, ErrorCode, Failure, Invalid};
use ledger::{ProductId, ProductKind, product};
use payments::{Cancellation, PAGE_MAX, PageRequest, PlanChange, Proration};
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
    /// The account's subscription: of those that are not over the one that counts, else the one that changed last.
    ///
    /// # Errors
    /// The store's.
    pub async fn current_subscription(&self, account: AccountId) -> Result<Option<Subscription>, Failure> {
        Ok(self.subscriptions(account).await?.0)
    }

    /// The account's subscription as [`Self::current_subscription`], and every other one that is not over.
    ///
    /// # Errors
    /// The store's.
    pub async fn subscriptions(
        &self,
        account: AccountId,
    ) -> Result<(Option<Subscription>, Vec<Subscription>), Failure> {
        let mut all = self.store.subscriptions(account).await?;
        let counting = self.store.counting_subscription(account).await?;
        let counts = |row: &Subscription| {
            counting
                .as_ref()
                .is_some_and(|one| one.provider == row.provider && one.id == row.id)
        };
        all.sort_by_key(|row| (!row.status.is_over(), counts(row), row.updated_at));
        let current = all.pop();
        all.retain(|row| !row.status.is_over());
        all.reverse();
        Ok((current, all))
    }

    /// Lets every subscription of the account end with its period, and closes the page on which it may subscribe.
    ///
    /// # Promises
    /// Asks the providers too, so that one whose webhook has not come ends as well. None of them renews afterwards.
    ///
    /// # Errors
    /// `not_found` when there is none that is not over, and the provider's: then a repeat ends the rest.
    pub async fn end_subscriptions(
        &self,
        account: AccountId,
        idempotency_key: &str,
    ) -> Result<Subscription, Failure> {
        self.look_for_subscriptions(account).await?;
        let open: Vec<Subscription> = self.store.subscriptions(account).await?;
        let open = open.into_iter().filter(|row| !row.status.is_over());
        let mut failed = None;
        for row in open {
            let key = format!("{idempotency_key}-{}", row.id);
            match self.change_row(&row, PlanRequest::End, &key).await {
                Ok(()) => {}
                Err(failure) => failed = Some(failure),
            }
        }
        if let Some(failure) = failed {
            return Err(failure);
        }
        self.close_subscription_page(account).await?;
        let current = self.current_subscription(account).await?;
        current
            .filter(|row| !row.status.is_over())
            .ok_or_else(|| Failure::new(ErrorCode::NotFound))
    }

    /// Brings our rows to what the providers say of the account's customers.
    async fn look_for_subscriptions(&self, account: AccountId) -> Result<(), Failure> {
        for (provider, setup) in &self.providers {
            let Some(customer) = self.store.customer(account, *provider).await? else {
                continue;
            };
            let page = PageRequest::first(PAGE_MAX);
            let listed = setup.payments.subscriptions(Some(&customer), &page).await?;
            for state in listed.items.iter().filter(|state| !state.status.ended()) {
                self.write_row(*provider, &state.id).await?;
            }
        }
        Ok(())
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
        self.change_row(&row, request, idempotency_key).await?;
        let changed = self.store.subscription(account, row.provider, &row.id).await?;
        changed.ok_or_else(|| Failure::new(ErrorCode::NotFound))
    }

    async fn change_row(
        &self,
        row: &Subscription,
        request: PlanRequest,
        idempotency_key: &str,
    ) -> Result<(), Failure> {
        let setup = self.setup(row.provider)?;
        let cancel = |how| setup.payments.cancel(&row.id, how, idempotency_key);
        match request {
            PlanRequest::Product(id) => {
                let change = plan_change(setup, row, id, idempotency_key)?;
                setup.payments.change_plan(&change).await?;
            }
            PlanRequest::KeepOn => drop(cancel(Cancellation::Withdrawn).await?),
            PlanRequest::End => drop(cancel(Cancellation::AtPeriodEnd).await?),
        }
        self.write_row(row.provider, &row.id).await?;
        Ok(())
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
