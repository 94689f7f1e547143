//! From a vendor's subscription to our row of it, and to the plan of its account.

use domain::account::PlanId;
use domain::billing::{PaymentVendor, SubscriptionStatus};
use domain::{AccountId, ErrorCode, Failure};
use ledger::product;
use payments::SubscriptionState;
use store::{PaidPeriod, StoreError, Subscription};

use crate::statuses::ours;
use crate::{Desk, Outcome, Till};

/// Times a subscription is read again because somebody else wrote its row meanwhile.
const LOOKS_MAX: u32 = 8;

/// A row before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirrored {
    /// Before; none when it was not known.
    pub before: Option<Subscription>,
    /// After.
    pub after: Subscription,
}

impl Desk {
    /// Reads a subscription from its vendor and brings its row and its account's plan to it.
    ///
    /// # Promises
    /// Whoever writes last has asked the vendor after the one before wrote: the row never goes back in time.
    ///
    /// # Errors
    /// The vendor's and the store's; a repeat is safe.
    pub async fn mirror(
        &self,
        vendor: PaymentVendor,
        id: &str,
    ) -> Result<(Outcome, Option<Mirrored>), Failure> {
        self.mirror_with(vendor, id, None).await
    }

    /// The same after an invoice was paid.
    pub(crate) async fn mirror_paid(
        &self,
        vendor: PaymentVendor,
        id: &str,
        paid: PaidPeriod,
    ) -> Result<(Outcome, Option<Mirrored>), Failure> {
        self.mirror_with(vendor, id, Some(paid)).await
    }

    async fn mirror_with(
        &self,
        vendor: PaymentVendor,
        id: &str,
        paid: Option<PaidPeriod>,
    ) -> Result<(Outcome, Option<Mirrored>), Failure> {
        let till = self.till(vendor)?;
        for _look in 0..LOOKS_MAX {
            let Some(state) = till.payments.subscription(id).await? else {
                return self.vanished(vendor, id).await;
            };
            if state.livemode != till.livemode {
                return Ok((Outcome::OtherMode, None));
            }
            if let Some(done) = self.mirror_state(till, &state, paid.as_ref()).await? {
                return Ok(done);
            }
        }
        Err(Failure::new(ErrorCode::Unavailable).because("the subscription changes faster than it is read"))
    }

    /// Writes what was read; none when somebody else wrote the row meanwhile.
    async fn mirror_state(
        &self,
        till: &Till,
        state: &SubscriptionState,
        paid: Option<&PaidPeriod>,
    ) -> Result<Option<(Outcome, Option<Mirrored>)>, Failure> {
        let vendor = till.payments.vendor();
        let id = state.id.as_str();
        let account = self
            .account_of(vendor, state.account, Some(id), Some(&state.customer))
            .await?;
        let Some(account) = account else {
            return Ok(Some(of_nobody(id, "a subscription of nobody that we know")));
        };
        let before = self.store.subscription(account, vendor, id).await?;
        let after = Subscription {
            paid: later(before.as_ref(), paid),
            ..self.row_of(till, account, state, before.as_ref())
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

    /// A subscription that we know and its vendor does not: it is over.
    async fn vanished(
        &self,
        vendor: PaymentVendor,
        id: &str,
    ) -> Result<(Outcome, Option<Mirrored>), Failure> {
        let nothing = Ok((Outcome::NoSuchObject, None));
        let Some(account) = self.store.subscription_owner(vendor, id).await? else {
            return nothing;
        };
        let Some(before) = self.store.subscription(account, vendor, id).await? else {
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
        till: &Till,
        account: AccountId,
        state: &SubscriptionState,
        before: Option<&Subscription>,
    ) -> Subscription {
        let now = self.now();
        Subscription {
            account_id: account,
            vendor: till.payments.vendor(),
            id: state.id.clone(),
            customer_id: state.customer.clone(),
            product: state
                .price_id
                .as_deref()
                .and_then(|price| till.shelf.product_of(price)),
            status: ours(state.status),
            period_end: state.period.map(|period| period.end),
            cancel_at_period_end: state.cancel_at.is_some(),
            paid: None,
            version: before.map_or(0, |row| row.version),
            created_at: before.map_or(now, |row| row.created_at),
            updated_at: now,
        }
    }

    async fn write(
        &self,
        before: Option<Subscription>,
        after: Subscription,
    ) -> Result<(Outcome, Option<Mirrored>), StoreError> {
        if before.as_ref().is_some_and(|before| same(before, &after)) {
            return Ok((Outcome::Unchanged, None));
        }
        let mut all = self.store.subscriptions(after.account_id).await?;
        all.retain(|row| (row.vendor, &row.id) != (after.vendor, &after.id));
        all.push(after.clone());
        let after = self.store.put_subscription(&after, Some(plan_of(&all))).await?;
        if before.is_none() {
            self.store
                .link_customer(after.account_id, after.vendor, &after.customer_id)
                .await?;
        }
        Ok((Outcome::Mirrored, Some(Mirrored { before, after })))
    }
}

/// Says that nobody can be found for a subscription.
fn of_nobody(id: &str, finding: &'static str) -> (Outcome, Option<Mirrored>) {
    tracing::error!(subscription.id = id, "{finding}");
    (Outcome::UnknownAccount, None)
}

/// What was paid for last: an older invoice may be told of later.
fn later(before: Option<&Subscription>, told: Option<&PaidPeriod>) -> Option<PaidPeriod> {
    let known = before.and_then(|row| row.paid.as_ref());
    match (known, told) {
        (Some(known), Some(told)) if known.until > told.until => Some(known.clone()),
        (known, told) => told.or(known).cloned(),
    }
}

/// The plan of an account with these subscriptions: the best that is paid for, or on trial, and lives.
///
/// What was paid for counts and not what the next invoice will be for: a change of plan begins with the next period.
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

/// Whether two rows say the same, whenever they were written.
pub(crate) fn same(before: &Subscription, after: &Subscription) -> bool {
    let undated = Subscription {
        updated_at: before.updated_at,
        ..after.clone()
    };
    *before == undated
}
