//! Brings our row of a subscription, and its account's plan, to what the provider says.

use domain::account::PlanId;
use domain::billing::{PaymentProvider, SubscriptionStatus};
use domain::{AccountId, ErrorCode, Failure};
use ledger::product;
use payments::SubscriptionState;
use store::{PaidPeriod, StoreError, Subscription};

use crate::statuses::ours;
use crate::{Billing, Outcome, ProviderSetup};

/// Times a subscription is read again because another caller wrote its row meanwhile.
const ATTEMPTS_MAX: u32 = 8;

/// A subscription's row before and after a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionChange {
    /// Before; none when it was not known.
    pub before: Option<Subscription>,
    /// The subscription after the call.
    pub after: Subscription,
}

impl Billing {
    /// Reads a subscription from its provider and brings its row and its account's plan to it; ends it when another one
    /// counts.
    ///
    /// # Promises
    /// Each write follows a provider read made after the previous write, so the row never goes back in time.
    ///
    /// # Errors
    /// The provider's and the store's; a repeat is safe.
    pub async fn sync_subscription(
        &self,
        provider: PaymentProvider,
        id: &str,
    ) -> Result<(Outcome, Option<SubscriptionChange>), Failure> {
        let (outcome, change) = self.write_row(provider, id).await?;
        match self.keep_one(provider, id).await? {
            Some(surplus) => Ok((surplus, change)),
            None => Ok((outcome, change)),
        }
    }

    /// The row and the plan alone: nothing is ended and no money goes back.
    pub(crate) async fn write_row(
        &self,
        provider: PaymentProvider,
        id: &str,
    ) -> Result<(Outcome, Option<SubscriptionChange>), Failure> {
        self.write_row_with(provider, id, None).await
    }

    /// The same after an invoice was paid.
    pub(crate) async fn sync_paid_subscription(
        &self,
        provider: PaymentProvider,
        id: &str,
        paid: PaidPeriod,
    ) -> Result<(Outcome, Option<SubscriptionChange>), Failure> {
        self.write_row_with(provider, id, Some(paid)).await
    }

    async fn write_row_with(
        &self,
        provider: PaymentProvider,
        id: &str,
        paid: Option<PaidPeriod>,
    ) -> Result<(Outcome, Option<SubscriptionChange>), Failure> {
        let setup = self.setup(provider)?;
        for _attempt in 0..ATTEMPTS_MAX {
            let Some(state) = setup.payments.subscription(id).await? else {
                return self.vanished(provider, id).await;
            };
            if state.livemode != setup.livemode {
                return Ok((Outcome::OtherMode, None));
            }
            if let Some(done) = self.write_state(setup, &state, paid.as_ref()).await? {
                return Ok(done);
            }
        }
        Err(Failure::new(ErrorCode::Unavailable).because("the subscription changes faster than it is read"))
    }

    /// Writes what was read; none when somebody else wrote the row meanwhile.
    async fn write_state(
        &self,
        setup: &ProviderSetup,
        state: &SubscriptionState,
        paid: Option<&PaidPeriod>,
    ) -> Result<Option<(Outcome, Option<SubscriptionChange>)>, Failure> {
        let provider = setup.payments.provider();
        let id = state.id.as_str();
        let account = self
            .account_of(provider, state.account, Some(id), Some(&state.customer))
            .await?;
        let Some(account) = account else {
            return Ok(Some(of_nobody(id, "a subscription of nobody that we know")));
        };
        let before = self.store.subscription(account, provider, id).await?;
        let after = Subscription {
            paid: later(before.as_ref(), paid),
            ..self.row_of(setup, account, state, before.as_ref())
        };
        match self.write(before, after).await {
            Ok(done) => Ok(Some(done)),
            Err(StoreError::Conflict { .. }) => Ok(None),
            Err(StoreError::NotFound { .. }) => Ok(Some(of_nobody(
                id,
                "a subscription of an account that is not there",
            ))),
            Err(error) => Err(error.into()),
        }
    }

    /// A subscription that we know and its provider does not: it is over.
    async fn vanished(
        &self,
        provider: PaymentProvider,
        id: &str,
    ) -> Result<(Outcome, Option<SubscriptionChange>), Failure> {
        let nothing = Ok((Outcome::NoSuchObject, None));
        let Some(account) = self.store.subscription_owner(provider, id).await? else {
            return nothing;
        };
        let Some(before) = self.store.subscription(account, provider, id).await? else {
            return nothing;
        };
        let after = Subscription {
            status: SubscriptionStatus::Canceled,
            updated_at: self.now(),
            ..before.clone()
        };
        Ok(self.write(Some(before), after).await?)
    }

    pub(crate) fn row_of(
        &self,
        setup: &ProviderSetup,
        account: AccountId,
        state: &SubscriptionState,
        before: Option<&Subscription>,
    ) -> Subscription {
        let now = self.now();
        Subscription {
            account_id: account,
            provider: setup.payments.provider(),
            id: state.id.clone(),
            customer_id: state.customer.clone(),
            product: state
                .price_id
                .as_deref()
                .and_then(|price| setup.price_ids.product_of(price)),
            status: ours(state.status),
            period_end: state.period.map(|period| period.end),
            cancel_at_period_end: state.cancel_at.is_some(),
            paid: None,
            is_surplus: before.is_some_and(|row| row.is_surplus),
            version: before.map_or(0, |row| row.version),
            created_at: before.map_or(now, |row| row.created_at),
            updated_at: now,
        }
    }

    async fn write(
        &self,
        before: Option<Subscription>,
        after: Subscription,
    ) -> Result<(Outcome, Option<SubscriptionChange>), StoreError> {
        if before.as_ref().is_some_and(|before| same(before, &after)) {
            return Ok((Outcome::Unchanged, None));
        }
        let mut all = self.store.subscriptions(after.account_id).await?;
        all.retain(|row| (row.provider, &row.id) != (after.provider, &after.id));
        all.push(after.clone());
        let after = self.store.put_subscription(&after, Some(plan_of(&all))).await?;
        if before.is_none() {
            self.store
                .link_customer(after.account_id, after.provider, &after.customer_id)
                .await?;
        }
        Ok((
            Outcome::SubscriptionSynced,
            Some(SubscriptionChange { before, after }),
        ))
    }
}

/// Logs that no account can be found for a subscription.
fn of_nobody(id: &str, finding: &'static str) -> (Outcome, Option<SubscriptionChange>) {
    tracing::error!(subscription.id = id, "{finding}");
    (Outcome::UnknownAccount, None)
}

/// The later of the two paid periods: the event of an older invoice may come after that of a newer one.
fn later(before: Option<&Subscription>, told: Option<&PaidPeriod>) -> Option<PaidPeriod> {
    let known = before.and_then(|row| row.paid.as_ref());
    match (known, told) {
        (Some(known), Some(told)) if known.is_later_or_same(told) => Some(known.clone()),
        (known, told) => told.or(known).cloned(),
    }
}

/// The plan of an account with these subscriptions: the best one that is paid for or on trial and has not ended.
///
/// The paid product counts, not the product of the next invoice: a change of plan begins with the next period.
pub fn plan_of(subscriptions: &[Subscription]) -> PlanId {
    subscriptions
        .iter()
        .filter(|row| row.status.is_live())
        .filter_map(|row| match (&row.paid, row.status) {
            (Some(paid), _) => Some(paid.product),
            (None, SubscriptionStatus::Trialing) => row.product,
            (None, _) => None,
        })
        .filter_map(|id| product(id).plan)
        .max()
        .unwrap_or_default()
}

/// Whether two rows are equal, whenever they were written.
pub(crate) fn same(before: &Subscription, after: &Subscription) -> bool {
    let undated = Subscription {
        updated_at: before.updated_at,
        ..after.clone()
    };
    *before == undated
}
